package fibonacci

import (
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/decimal/ntt"
)

// wordIndex is the largest n for which F(n) fits a word of binary digits.
const wordIndex = 93

// transformIndex is about the index of the numbers that are the first to be
// doubled by transforms: docs/engine.md has the measurement.
const transformIndex = 8000

// small returns F(n) without a transform of its own.
func small(n uint64) decimal.Natural {
	if n == 0 {
		return decimal.Natural{}
	}
	if n <= wordIndex {
		_, f := pairOfWords(n)
		return f
	}
	a, b := pair(n / 2)
	if n%2 == 0 {
		return b.Mul(a.Add(a).Add(b)) // F(2k) = F(k)(2F(k−1) + F(k))
	}
	return b.Square().Add(a.Add(b).Square()) // F(2k+1) = F(k)² + F(k+1)²
}

// pair returns F(k−1) and F(k), for k ≥ 1, with two squares a doubling:
// F(2k+1) = 4F(k)² − F(k−1)² + 2(−1)^k, F(2k−1) = F(k)² + F(k−1)². See the
// manual of GMP, "Fibonacci Numbers Algorithm".
func pair(k uint64) (a, b decimal.Natural) {
	shift := 0
	for k>>shift > wordIndex {
		shift++
	}
	a, b = pairOfWords(k >> shift)
	two := decimal.FromUint64(2)
	for shift--; shift >= 0; shift-- {
		a2, b2 := a.Square(), b.Square()
		down, up := a2.Add(b2), b2.Add(b2)
		up = up.Add(up)
		if k>>(shift+1)%2 == 0 {
			up = up.Add(two).Sub(a2)
		} else {
			up = up.Sub(two).Sub(a2)
		}
		if k>>shift%2 == 0 {
			a, b = down, up.Sub(down)
		} else {
			a, b = up.Sub(down), up
		}
	}
	return a, b
}

// pairOfWords is pair for k within 1 and wordIndex.
func pairOfWords(k uint64) (a, b decimal.Natural) {
	x, y := uint64(0), uint64(1)
	for range k - 1 {
		x, y = y, x+y
	}
	return decimal.FromUint64(x), decimal.FromUint64(y)
}

// doubling is the way to F(n) from an index small enough: k = n>>steps, doubled
// as often, by transforms.
type doubling struct {
	n      uint64
	steps  int
	digits int // in a point
}

func newDoubling(n uint64) doubling {
	d := doubling{n: n, digits: ntt.PointDigits(digitCount(n/2 + 1))}
	for n>>d.steps > transformIndex {
		d.steps++
	}
	return d
}

// points returns the count of points of F(k).
func (d doubling) points(k uint64) int {
	return int((digitCount(k)-1)/int64(d.digits)) + 1
}

// form returns what is made of F(k−1) and F(k) for k = n>>step in the step
// before.
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

// cost returns what run costs, in ntt's units.
func (d doubling) cost() int64 {
	cost := ntt.ConvertCost(d.points(d.n))
	for step := range d.steps {
		cost += ntt.Cost(d.form(step), d.points(d.n>>step))
	}
	return cost
}

// bytes returns how much memory run takes at its peak: the transforms', the
// last pair and the one before, the result in points and in words.
func (d doubling) bytes() int64 {
	points := int64(d.points(d.n))
	return ntt.Bytes(int(points)) + 8*(points+points/2+points) + 8*points*int64(d.digits)/decimal.WordDigits
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
	f, g := pair(k)
	a, b := f.Points(d.digits, d.points(k)), g.Points(d.digits, d.points(k))
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
	words := make([]uint64, (digitCount(d.n)-1)/decimal.WordDigits+1)
	if !m.Convert(words, decimal.WordDigits, result, d.digits) {
		return decimal.Natural{}, false
	}
	return decimal.FromWords(words), true
}
