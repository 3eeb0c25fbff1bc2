package simulation

import "time"

// prng is a pseudo-random number generator, SplitMix64. Each choice has one of
// its own, made from the seed and from what the choice is about, so that it does
// not depend on the order in which goroutines choose.
type prng struct{ state uint64 }

const golden = 0x9E3779B97F4A7C15

// newPRNG returns the generator for the choice with the given key.
func newPRNG(key ...uint64) prng {
	var d prng
	for _, k := range key {
		d.state = mix(d.state + k + golden)
	}
	return d
}

// hash makes text a part of a key.
func hash(text string) uint64 {
	var w uint64
	for _, b := range []byte(text) {
		w = mix(w + uint64(b) + golden)
	}
	return w
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (d *prng) next() uint64 {
	d.state += golden
	return mix(d.state)
}

// fraction returns a number in [0, 1).
func (d *prng) fraction() float64 { return float64(d.next()>>11) / (1 << 53) }

// chance reports true with the given probability.
func (d *prng) chance(p float64) bool { return d.fraction() < p }

// below returns a number in [0, n).
func (d *prng) below(n int) int { return int(d.next() % uint64(n)) }

// from returns one of the choices.
func from[T any](d *prng, choices ...T) T { return choices[d.below(len(choices))] }

// between returns a duration in [low, high), to the nanosecond.
func (d *prng) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.next()%uint64(high-low))
}
