package simulation

import "time"

// dice make the choices of a seed. Each choice has dice of its own, thrown from
// the seed and from what the choice is about, so that it does not depend on
// which goroutine came first to choose.
type dice struct{ state uint64 }

const golden = 0x9E3779B97F4A7C15

// throw returns the dice for a choice with the given key.
func throw(key ...uint64) dice {
	var d dice
	for _, k := range key {
		d.state = scramble(d.state + k + golden)
	}
	return d
}

// word returns text as a part of a key.
func word(text string) uint64 {
	var w uint64
	for _, b := range []byte(text) {
		w = scramble(w + uint64(b) + golden)
	}
	return w
}

// scramble is the finalizer of SplitMix64.
func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (d *dice) next() uint64 {
	d.state += golden
	return scramble(d.state)
}

// fraction returns a number from 0 up to 1.
func (d *dice) fraction() float64 { return float64(d.next()>>11) / (1 << 53) }

// chance is true with the given probability.
func (d *dice) chance(p float64) bool { return d.fraction() < p }

// below returns a number from 0 up to n.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// from returns one of the choices.
func from[T any](d *dice, choices ...T) T { return choices[d.below(len(choices))] }

// between returns a time from low up to high, to the nanosecond.
func (d *dice) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.next()%uint64(high-low))
}
