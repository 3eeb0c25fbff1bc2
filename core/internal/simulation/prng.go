package simulation

import "time"

// prng is a pseudo-random number generator, SplitMix64. Each choice has one of
// its own, made from the seed and from what the choice is about, so that it does
// not depend on the order in which goroutines choose.
type prng struct{ state uint64 }

const golden = 0x9E3779B97F4A7C15

// newPRNG returns the generator for the choice with the given key.
func newPRNG(key ...uint64) prng {
	var rng prng
	for _, k := range key {
		rng.state = mix(rng.state + k + golden)
	}
	return rng
}

// hash makes text a part of a key.
func hash(text string) uint64 {
	var h uint64
	for _, b := range []byte(text) {
		h = mix(h + uint64(b) + golden)
	}
	return h
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (rng *prng) next() uint64 {
	rng.state += golden
	return mix(rng.state)
}

// fraction returns a number in [0, 1).
func (rng *prng) fraction() float64 { return float64(rng.next()>>11) / (1 << 53) }

// chance reports true with the given probability.
func (rng *prng) chance(p float64) bool { return rng.fraction() < p }

// below returns a number in [0, n).
func (rng *prng) below(n int) int { return int(rng.next() % uint64(n)) }

// from returns one of the choices.
func from[T any](rng *prng, choices ...T) T { return choices[rng.below(len(choices))] }

// between returns a duration in [low, high), to the nanosecond.
func (rng *prng) between(low, high time.Duration) time.Duration {
	return low + time.Duration(rng.next()%uint64(high-low))
}
