package simulation

import "time"

// prng make the choices of a seed. Each choice has prng of its own, made from
// the seed and from what the choice is about, so that it does not depend on
// which goroutine came first to choose.
type prng struct{ state uint64 }

const golden = 0x9E3779B97F4A7C15

// newPRNG returns the prng for a choice with the given key.
func newPRNG(key ...uint64) prng {
	var d prng
	for _, k := range key {
		d.state = mix(d.state + k + golden)
	}
	return d
}

// hash returns text as a part of a key.
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

// fraction returns a number from 0 up to 1.
func (d *prng) fraction() float64 { return float64(d.next()>>11) / (1 << 53) }

// chance is true with the given probability.
func (d *prng) chance(p float64) bool { return d.fraction() < p }

// below returns a number from 0 up to n.
func (d *prng) below(n int) int { return int(d.next() % uint64(n)) }

// from returns one of the choices.
func from[T any](d *prng, choices ...T) T { return choices[d.below(len(choices))] }

// between returns a time from low up to high, to the nanosecond.
func (d *prng) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.next()%uint64(high-low))
}
