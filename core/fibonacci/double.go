package fibonacci

import (
	"math"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/engine"
	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// doubling is the calculation of F(n) from a small index k = n>>steps, by doubling
// with transforms of the engine.
type doubling struct {
	engine     engine.Engine
	n          uint64
	steps      int
	digits     int // in a point
	processors int // that run uses at most; 0 for all
}

// transformIndex returns the index from which transforms of the engine calculate
// F(n) faster: docs/engine.md has the measurement.
func transformIndex(e engine.Engine) uint64 { return indexOfHalf(e.ShortWords()) }

// indexOfHalf returns the index n for which F(n/2) has the given number of words.
func indexOfHalf(count int) uint64 {
	const digitsPerIndex = 0.209 // log₁₀ φ
	return uint64(2 * words.Digits / digitsPerIndex * float64(count))
}

// newDoubling returns the calculation of F(n) by the engine, or by plain Go if the
// number is too long for it.
func newDoubling(e engine.Engine, n uint64) doubling {
	operand := digitCount(n/2 + 1)
	e = engine.For(e, operand)
	d := doubling{engine: e, n: n, steps: 1, digits: e.PointDigits(operand)}
	for first := indexOfHalf(e.PairWords()); n>>d.steps >= first; {
		d.steps++
	}
	return d
}

// length returns the number of points of F(k).
func (d doubling) length(k uint64) int64 { return (digitCount(k)-1)/int64(d.digits) + 1 }

// points is length for numbers that the engine can multiply.
func (d doubling) points(k uint64) int { return int(d.length(k)) }

// estimated returns the number of points of F(k) for an estimate, and a factor to
// multiply it by: a layout of as many points must fit an int, also on 32 bits, and
// memory and cost grow in proportion from there on.
func (d doubling) estimated(k uint64) (points int, factor int64) {
	n := d.length(k)
	for factor = 1; n > mostPoints; factor *= 2 {
		n = (n + 1) / 2
	}
	return int(n), factor
}

// mostPoints is few enough points for the layout not to overflow.
const mostPoints = math.MaxInt / 32

// form returns the form that doubles the pair of index n>>(step+1): it results in
// the pair of index n>>step, or in F(n) alone.
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

// cost returns the cost of run.
func (d doubling) cost() cost {
	c := cost{serial: smallCost(d.n >> d.steps)}
	if d.digits != words.Digits {
		points, factor := d.estimated(d.n)
		d.add(&c, points, factor*d.engine.ConvertCost(points))
	}
	for step := range d.steps {
		points, factor := d.estimated(d.n >> step)
		d.add(&c, points, factor*d.engine.Cost(d.form(step), points))
	}
	return c
}

// add adds the cost of an operation on the given number of points to c.
func (d doubling) add(c *cost, points int, units int64) {
	if largest, _ := d.estimated(d.n); d.engine.Parallel(points, largest) {
		c.shared += units
	} else {
		c.serial += units
	}
}

// bytes returns the peak memory of run: of the transforms, the points, and the words
// unless those are the points.
func (d doubling) bytes() int64 {
	points, factor := d.estimated(d.n)
	result := 8 * d.length(d.n)
	if d.digits != words.Digits {
		result += result * int64(d.digits) / words.Digits
	}
	return factor*d.engine.Bytes(points) + result
}

// The buffers of a workspace.
const (
	pointsBuffer = iota // a pair, or the result
	firstBuffer         // the calculation of the first pair
	wordsBuffer         // the result, unless its words are the points
)

// begin returns a workspace for run. step is that of ntt.Multiplier.Begin.
func (d doubling) begin(step func(work int64) bool) *engine.Workspace {
	return engine.Begin(d.engine, d.digits, d.points(d.n), d.processors, step)
}

// number returns F(n).
func (d doubling) number() decimal.Natural {
	w := d.begin(nil)
	defer w.End()
	f, _ := d.run(w, true)
	return f
}

// run returns F(n), and false if the step of w did. If kept is false, the number is
// in the memory of w, and valid until w ends.
func (d doubling) run(w *engine.Workspace, kept bool) (decimal.Natural, bool) {
	last := d.points(d.n)
	buffer := w.Buffer(pointsBuffer, max(last, 2*d.points(d.n>>1)))

	k := d.n >> d.steps
	points := d.points(k)
	a, b := buffer[:points], buffer[points:2*points]
	f, g := pair(w.Buffer(firstBuffer, pairBuffers*(int(k)/90+4)), k)
	ntt.Convert(a, d.digits, f, words.Digits, 0)
	ntt.Convert(b, d.digits, g, words.Digits, 0)
	for i := d.steps - 1; i > 0; i-- {
		points := d.points(d.n >> i)
		a1, b1 := buffer[:points], buffer[points:2*points]
		if !w.Multiply(d.form(i), a1, b1, a, b) {
			return decimal.Natural{}, false
		}
		a, b = a1, b1
	}
	product := buffer[:last]
	result, convert := product, d.digits != words.Digits
	switch size := int((digitCount(d.n)-1)/words.Digits + 1); {
	case kept:
		result = make([]uint64, size)
	case convert:
		result = w.Buffer(wordsBuffer, size)
	}
	if !convert {
		product = result
	}
	if !w.Multiply(d.form(0), product, nil, a, b) || convert && !w.Convert(result, words.Digits, product, d.digits) {
		return decimal.Natural{}, false
	}
	return checked(result)
}

// checked is decimal.FromWords, but returns false instead of panicking if a word is
// not below Base: after a hardware fault Calculate returns an error.
func checked(w []uint64) (f decimal.Natural, ok bool) {
	defer func() { ok = recover() == nil }()
	return decimal.FromWords(w), true
}
