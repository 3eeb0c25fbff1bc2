//go:build amd64 && !purego

package vector

import (
	"math"
	"math/big"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// The kernels of AVX2 in plain Go, operation by operation on one lane, with the
// bounds that docs/engine.md proves. Tests compare all bits of the words of a
// kernel with those of the model. A conversion to float64 prevents that the compiler
// makes one operation of two.

// doubleModel is the arithmetic of the kernels modulo a prime. It tests that results
// are exact, and their bounds.
type doubleModel struct {
	testing.TB
	encoder
	p, inverse float64
}

func newDoubleModel(t testing.TB, k int) doubleModel {
	c := &doubleModuli[k]
	return doubleModel{t, encoder{&primes[k], true}, c.p[0], c.inverse[0]}
}

// below tests that |x| is an integer below a multiple of p, in hundredths.
func (m doubleModel) below(hundredths int64, x float64) float64 {
	m.Helper()
	if x != math.Trunc(x) || math.Abs(x) >= float64(hundredths)*m.p/100 {
		m.Fatalf("%v is %.3fp, not an integer below %d.%02dp", x, x/m.p, hundredths/100, hundredths%100)
	}
	return x
}

// modulo returns x modulo p.
func (m doubleModel) modulo(x float64) uint64 { return AVX2.residue(math.Float64bits(x), m.P) }

// congruent tests that x is y·z modulo p.
func (m doubleModel) congruent(x, y, z float64) float64 {
	m.Helper()
	if m.modulo(x) != m.Mul(m.modulo(y), m.modulo(z)) {
		m.Fatalf("%v times %v is not %v modulo %v", y, z, x, m.p)
	}
	return x
}

// quotient returns the integer next to x·y.
func (m doubleModel) quotient(x, y float64) float64 {
	const rounder = 3 << 51
	if math.Abs(float64(x*y)) >= 1<<51 {
		m.Fatalf("the quotient %v does not fit", x*y)
	}
	return math.FMA(x, y, rounder) - rounder
}

func (m doubleModel) times(x float64, f factor) float64 {
	w, q := math.Float64frombits(f.w), math.Float64frombits(f.quotient)
	h := float64(x * w)
	r := math.FMA(-m.quotient(x, q), m.p, h) + math.FMA(x, w, -h)
	// (1/2 + |x|/48p)·p
	if math.Abs(r) > m.p/2+math.Abs(x)/48+1 {
		m.Fatalf("%v times %v is %v", x, w, r)
	}
	return m.congruent(r, x, w)
}

func (m doubleModel) reduce(x float64) float64 {
	return m.congruent(m.below(51, math.FMA(-m.quotient(x, m.inverse), m.p, x)), x, 1)
}

func (m doubleModel) product(x, y float64) float64 {
	h := float64(x * y)
	r := math.FMA(-m.quotient(h, m.inverse), m.p, h) + math.FMA(x, y, -h)
	return m.congruent(m.below(57, r), x, y)
}

func (m doubleModel) split2(x, y *float64, f factor) {
	u := m.times(*y, f)
	*x, *y = *x+u, *x-u
}

func (m doubleModel) split4(x [4]float64, z, y0, y1 factor) [4]float64 {
	m.split2(&x[0], &x[2], z)
	m.split2(&x[1], &x[3], z)
	return m.split4Again(x, y0, y1)
}

// split4Again is the second level of split4.
func (m doubleModel) split4Again(x [4]float64, y0, y1 factor) [4]float64 {
	m.split2(&x[0], &x[1], y0)
	m.split2(&x[2], &x[3], y1)
	for _, o := range x {
		m.below(180, o)
	}
	return x
}

func (m doubleModel) join2(x, y *float64, f factor) {
	*x, *y = *x+*y, m.times(*y-*x, f)
}

// join4 does not reduce the first sum.
func (m doubleModel) join4(x [4]float64, z, z1, y0, y1 factor) [4]float64 {
	m.join2(&x[0], &x[1], y1)
	m.join2(&x[2], &x[3], y0)
	m.join2(&x[0], &x[2], z)
	m.join2(&x[1], &x[3], z1)
	m.below(800, x[0])
	for _, o := range x[1:] {
		m.below(120, o)
	}
	return x
}

// doubleLeaf is a leaf in the order of its values.
type doubleLeaf [64]float64

// places returns the leaf as it is in memory after the transposition.
func (v doubleLeaf) places() (words [64]uint64) {
	for i, x := range v {
		words[AVX2.leafPlace(i)] = math.Float64bits(x)
	}
	return words
}

// splitLeaf splits leaf v, block j with the roots t.
func (m doubleModel) splitLeaf(l *laneRoots, v doubleLeaf, j int, t []factor, leaf *leafRecord) doubleLeaf {
	for level := range 3 {
		size := 32 >> level
		for block := range 1 << level {
			for i := range size {
				at := 2*size*block + i
				m.split2(&v[at], &v[at+size], t[j<<level+block])
			}
		}
	}
	for lane := range 8 {
		x := v[8*lane : 8*lane+8]
		for i := range 8 {
			m.below(400, x[i])
		}
		for i := 1; i < 4; i++ {
			x[i] = m.times(x[i], leaf.f[i-1])
		}
		for i := range 4 {
			m.split2(&x[i], &x[i+4], leaf.y[i].factor(lane))
		}
		for block := range 2 {
			for i := range 2 {
				m.split2(&x[4*block+i], &x[4*block+i+2], l.forward[block].factor(lane))
			}
		}
		for block := range 4 {
			m.split2(&x[2*block], &x[2*block+1], l.forward[2+block].factor(lane))
		}
		for i := range 8 {
			m.below(580, x[i])
		}
	}
	return v
}

// joinLeaf is the inverse of splitLeaf times 64. z, y and x are the negative
// inverse roots of its first three levels, in descending order of blocks.
func (m doubleModel) joinLeaf(l *laneRoots, v doubleLeaf, z, y, x []factor, leaf *leafRecord) doubleLeaf {
	for lane := range 8 {
		w := v[8*lane : 8*lane+8]
		for b := range 2 {
			f := func(k int) factor { return l.back[b][k].factor(lane) }
			o := m.join4([4]float64(w[4*b:]), f(0), f(0), f(1), f(2))
			copy(w[4*b:], o[:])
		}
		for i := range 4 {
			m.join2(&w[i], &w[4+i], leaf.y[i].factor(lane))
		}
		w[0] = m.reduce(m.below(1000, w[0]))
		for i := 1; i < 4; i++ {
			w[i] = m.times(w[i], leaf.f[i-1])
		}
		for i := range 8 {
			m.below(71, w[i])
		}
	}
	for level := range 3 {
		size, roots := 8<<level, [][]factor{x, y, z}[level]
		blocks := 4 >> level
		for block := range blocks {
			for i := range size {
				at := 2*size*block + i
				m.join2(&v[at], &v[at+size], roots[modular.FlipBlock(blocks+block)-blocks])
			}
		}
	}
	for i := range 16 {
		v[i] = m.reduce(m.below(600, v[i]))
	}
	for _, w := range v {
		m.below(120, w)
	}
	return v
}

func (m doubleModel) residue(point uint64) float64 {
	high := float64(point>>32) * (1 << 32)
	return m.below(51, math.FMA(-m.quotient(high, m.inverse), m.p, high)+float64(point&(1<<32-1)))
}

func (m doubleModel) first4(x, y uint64) [4]float64 {
	a0, a1 := m.residue(x), m.residue(y)
	o := [4]float64{a0 + a1, a0 - a1, a0, a1}
	m.split2(&o[2], &o[3], m.encoded(m.BlockRoot(1)))
	for _, w := range o {
		m.below(103, w)
	}
	return o
}

func (m doubleModel) first8(points [4]uint64, r record) [8]float64 {
	var x [4]float64
	for i := range x {
		x[i] = m.residue(points[i])
	}
	s0, s1 := x[0]+x[2], x[1]+x[3]
	o := [8]float64{m.below(205, s0+s1), m.below(205, s0-s1), x[0] - x[2], x[1] - x[3]}
	m.split2(&o[2], &o[3], m.encoded(m.BlockRoot(1)))
	z := m.split4(x, r.z, r.y0, r.y1)
	copy(o[4:], z[:])
	for _, w := range o {
		m.below(205, w)
	}
	return o
}

// digit returns x modulo p, from 0 to below p.
func (m doubleModel) digit(x float64) float64 {
	if x < 0 {
		x += m.p
	}
	if x < 0 || x >= m.p {
		m.Fatalf("%v is no digit in base %v", x, m.p)
	}
	return x
}

// toMixedRadix returns the digits in mixed radix of the coefficient with the residues
// x, where m has the models modulo all primes.
func (doubleModel) toMixedRadix(m [primeCount]doubleModel, r *mixedRadix, x [3]float64) [3]float64 {
	at := func(f doubleFactor) factor {
		return factor{math.Float64bits(f.w[0]), math.Float64bits(f.quotient[0])}
	}
	x[0] = m[0].digit(m[0].times(x[0], at(r.scale[0])))
	x[1] = m[1].times(x[1], at(r.scale[1])) - m[1].times(x[0], at(r.by0))
	x[1] = m[1].digit(m[1].reduce(m[1].below(120, x[1])))
	x[2] = m[2].times(x[2], at(r.scale[2])) - m[2].times(x[0], at(r.by01)) - m[2].times(x[1], at(r.by1))
	x[2] = m[2].digit(m[2].reduce(m[2].below(180, x[2])))
	return x
}

// quotients tests that the quotients of the kernel by the base and its square are
// exact or one too small.
func (m doubleModel) quotients(r *mixedRadix, x [3]float64) {
	m.Helper()
	integer := func(x float64) uint64 { return uint64(math.RoundToEven(max(0, x))) }
	b := new(big.Int).SetUint64(r.radix())
	product := func(f wordFactor, x float64) *big.Int {
		return new(big.Int).Mul(new(big.Int).SetUint64(f.word[0]), new(big.Int).SetUint64(uint64(x)))
	}
	test := func(sum *big.Int, quotient uint64) {
		m.Helper()
		if exact := new(big.Int).Div(sum, b).Uint64(); exact-quotient > 1 {
			m.Fatalf("%v/%v is %d, not %d or one less", sum, b, exact, quotient)
		}
	}
	sum := product(r.first, x[1])
	sum.Add(sum, product(r.low, x[2])).Add(sum, new(big.Int).SetUint64(uint64(x[0])))
	test(sum, integer(math.FMA(x[2], r.lowShare[0], math.FMA(x[1], r.firstShare[0], r.lessSum[0]))))
	sum = new(big.Int).Div(sum, b)
	test(sum.Add(sum, product(r.high, x[2])), integer(math.FMA(x[2], r.highShare[0], r.lessTop[0])))
}
