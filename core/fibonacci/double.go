package fibonacci

import (
	"math"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/decimal/ntt"
	"github.com/pisano-dev/pisano/core/decimal/words"
)

// transformIndex is the index from which numbers are made by transforms, and
// made of numbers with half of it: docs/engine.md has the measurement.
const transformIndex = 40_000

// doubling is the way to F(n) from an index small enough: k = n>>steps, doubled
// as often, by transforms.
type doubling struct {
	n      uint64
	steps  int
	digits int // in a point
}

func newDoubling(n uint64) doubling {
	d := doubling{n: n, digits: ntt.PointDigits(digitCount(n/2 + 1))}
	for n>>d.steps >= transformIndex {
		d.steps++
	}
	return d
}

// points returns the count of points of F(k), or mostPoints if there are more.
func (d doubling) points(k uint64) int {
	return int(min((digitCount(k)-1)/int64(d.digits)+1, mostPoints))
}

// mostPoints is more than package ntt multiplies, and can still be estimated.
const mostPoints = math.MaxInt / 32

// form returns what is made of the pair of n>>(step+1): that of n>>step, or
// F(n) alone.
func (d doubling) form(step int) ntt.Form {
	odd := d.n>>step%2 == 1
	switch {
	case step > 0 && odd:
		return ntt.DoubleUp
	case step > 0:
		return ntt.DoubleDown
	case odd:
		return ntt.DoubleOdd
	}
	return ntt.DoubleEven
}

// cost returns what run costs.
func (d doubling) cost() cost {
	c := cost{serial: smallCost(d.n >> d.steps)}
	c.add(d.points(d.n), ntt.ConvertCost(d.points(d.n)))
	for step := range d.steps {
		points := d.points(d.n >> step)
		c.add(points, ntt.Cost(d.form(step), points))
	}
	return c
}

// bytes returns how much memory run takes at its peak: the transforms', the
// last pair and the one before, the result in points and in words.
func (d doubling) bytes() int64 {
	points := int64(d.points(d.n))
	if points == mostPoints {
		return math.MaxInt64 / 2
	}
	return ntt.Bytes(int(points)) + 8*(points+points/2+points) + 8*points*int64(d.digits)/words.Digits
}

// run returns F(n), or false as soon as step did, which is ntt.Multiplier's.
func (d doubling) run(step func(work int64) bool) (decimal.Natural, bool) {
	m := ntt.New(d.digits)
	m.Step = step
	m.Reserve(d.points(d.n))

	// The pairs on the way take turns in the room for two.
	var room [2][2][]uint64
	for i := range room[0] {
		room[1][i] = make([]uint64, d.points(d.n>>1))
		room[0][i] = make([]uint64, d.points(d.n>>2))
	}
	k := d.n >> d.steps
	first := func(w []uint64) []uint64 {
		points := make([]uint64, d.points(k))
		ntt.Convert(points, d.digits, w, words.Digits, 0)
		return points
	}
	f, g := pair(k)
	a, b := first(f), first(g)
	for i := d.steps - 1; i > 0; i-- {
		count := d.points(d.n >> i)
		a1, b1 := room[i%2][0][:count], room[i%2][1][:count]
		if !m.Multiply(d.form(i), a1, b1, a, b) {
			return decimal.Natural{}, false
		}
		a, b = a1, b1
	}
	result := make([]uint64, d.points(d.n))
	if !m.Multiply(d.form(0), result, nil, a, b) {
		return decimal.Natural{}, false
	}
	f = make([]uint64, (digitCount(d.n)-1)/words.Digits+1)
	if !m.Convert(f, words.Digits, result, d.digits) {
		return decimal.Natural{}, false
	}
	return decimal.FromWords(f), true
}
