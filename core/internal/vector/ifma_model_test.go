//go:build amd64 && !purego

package vector

import (
	"math/bits"
	"testing"
)

// The kernels in plain Go, operation by operation on one lane, with the bounds
// that docs/engine.md proves. Tests compare all 64 bits of the words of a kernel
// with those of the model.

// model is the arithmetic of the kernels modulo a prime. It tests the bounds of
// words modulo 2^52.
type model struct {
	testing.TB
	c *constants
}

// lo and hi are the instructions: sum plus the lower or upper half of the
// product of the factors' lower 52 bits.
func lo(sum, x, y uint64) uint64 {
	return sum + (x&low52*(y&low52))&low52
}

func hi(sum, x, y uint64) uint64 {
	h, l := bits.Mul64(x&low52, y&low52)
	return sum + (h<<(64-wordBits) | l>>wordBits)
}

// below tests that the word is below a multiple of p, in hundredths.
func (m model) below(hundredths, x uint64) uint64 {
	m.Helper()
	// 100·x may have more than 64 bits.
	if high, low := bits.Mul64(x&low52, 100); high > 0 || low >= hundredths*m.c.p {
		m.Fatalf("%d is %.3fp, not below %d.%02dp", x&low52, float64(x&low52)/float64(m.c.p), hundredths/100, hundredths%100)
	}
	return x
}

func (m model) times(x uint64, f factor) uint64 { return m.timesAbove(0, x, f) }

func (m model) timesAbove(k, x uint64, f factor) uint64 {
	return lo(lo(k, x, f.w), hi(0, x, f.quotient), m.c.complement)
}

func (m model) times2(x uint64, f factor, y uint64, g factor) uint64 {
	return lo(lo(lo(0, x, f.w), y, g.w), hi(hi(0, x, f.quotient), y, g.quotient), m.c.complement)
}

func (m model) reduce(x uint64) uint64 { return m.reduceAbove(0, x) }

// reduceAbove returns x reduced to between kp and (k+2)p.
func (m model) reduceAbove(k, x uint64) uint64 {
	return m.from(k, m.below(100*(k+2), lo(x, hi(-k, x, m.c.one), m.c.complement)))
}

// from tests that the word is not below kp.
func (m model) from(k, x uint64) uint64 {
	m.Helper()
	if x&low52 < k*m.c.p {
		m.Fatalf("%d is %.3fp, below %dp", x&low52, float64(x&low52)/float64(m.c.p), k)
	}
	return x
}

// plusMinus returns x + t and x + kp − t.
func (m model) plusMinus(x, t, k uint64) (sum, difference uint64) {
	return x + t, m.atLeast(x+k*m.c.p, t) - t
}

// atLeast tests that the word x is not below y.
func (m model) atLeast(x, y uint64) uint64 {
	m.Helper()
	if x&low52 < y&low52 {
		m.Fatalf("%d is subtracted from %d, in p %.3f from %.3f", y&low52, x&low52,
			float64(y&low52)/float64(m.c.p), float64(x&low52)/float64(m.c.p))
	}
	return x
}

func (m model) split4(x [4]uint64, r record) (o [4]uint64) {
	t := m.below(167, m.times(x[2], r.z))
	u := m.below(334, m.times2(x[1], r.y0, x[3], r.a))
	v := m.below(334, m.times2(x[1], r.y1, x[3], r.b))
	b0, b2 := m.plusMinus(x[0], t, 2)
	o[0], o[1] = m.plusMinus(m.below(334, b0), u, 4)
	o[2], o[3] = m.plusMinus(m.below(367, b2), v, 4)
	for _, x := range o {
		m.below(767, x)
	}
	return o
}

// join4 does not reduce the first sum. The third result is kp more.
func (m model) join4(k uint64, x [4]uint64, r record) [4]uint64 {
	p := m.c.p
	s0, s1 := m.below(600, x[0]+x[1]), m.below(600, x[2]+x[3])
	d0, d1 := m.difference(x[1]+3*p, x[0], 600), m.difference(x[3]+3*p, x[2], 600)
	e := m.difference(s1+6*p, s0, 1200)
	return [4]uint64{
		m.below(1200, s0+s1),
		m.below(300, m.times2(d0, r.y1, d1, r.y0)),
		m.below(200+100*k, m.timesAbove(k*p, e, r.z)),
		m.below(300, m.times2(d0, r.b, d1, r.a)),
	}
}

// difference returns x − y, which is not below 0.
func (m model) difference(x, y, bound uint64) uint64 {
	m.Helper()
	return m.below(bound, m.atLeast(x, y)-y)
}

// split2 adds kp to the difference.
func (m model) split2(x, y *uint64, f factor, k uint64) {
	*x, *y = m.plusMinus(*x, m.below(200, m.times(*y, f)), k)
}

// join2 adds kp to the difference, and lp to its product.
func (m model) join2(l uint64, x, y *uint64, k uint64, f factor) {
	d := m.difference(*y+k*m.c.p, *x, 1200)
	*x, *y = m.below(1200, *x+*y), m.below(200+100*l, m.timesAbove(l*m.c.p, d, f))
}

func transposed(v [64]uint64) (t [64]uint64) {
	for i, x := range v {
		t[i%8*8+i/8] = x
	}
	return t
}

func (l lanes) factor(i int) factor { return factor{l.w[i], l.quotient[i]} }

// splitLeaf splits leaf v, block j with the roots t, in three levels of registers
// and three of lanes.
func (m model) splitLeaf(l *laneRoots, v [64]uint64, j int, t []factor, leaf *leafRecord) [64]uint64 {
	for i := range 8 {
		v[i] = m.below(567, m.reduceAbove(4, v[i]))
	}
	// What levels subtract from is at least 2p, or else 2p are added to it: where it
	// derives from a register that is not reduced, and in the last block of level 2.
	raised := func(level, block, register int) uint64 {
		if register%(4>>level) != 0 || level == 2 && block == 3 {
			return 2
		}
		return 0
	}
	for level := range 3 {
		size := 32 >> level
		for block := range 1 << level {
			for i := range size {
				at := 2*size*block + i
				m.split2(&v[at], &v[at+size], t[j<<level+block], raised(level, block, i/8))
			}
		}
		// All minuends of level 2 derive from register 0, which is reduced.
		for i, x := range v {
			bound := uint64(567 + 200*(level+1))
			if register := i / 8; register%(4>>level) != 0 {
				bound = uint64(767 + 200*(level+1))
			}
			m.below(min(bound, 1167), x)
		}
	}
	v = transposed(v)
	for lane := range 8 {
		at := func(i int) *uint64 { return &v[8*i+lane] }
		*at(0) = m.reduceAbove(4, *at(0))
		for i, k := range []uint64{4, 2, 2} {
			*at(1 + i) = m.below(200+100*k, m.timesAbove(k*m.c.p, *at(1 + i), leaf.f[i]))
		}
		for i := range 4 {
			m.split2(at(i), at(4+i), leaf.y[i].factor(lane), 0)
		}
		for block := range 2 {
			for i := range 2 {
				m.split2(at(4*block+i), at(4*block+i+2), l.forward[block].factor(lane), 0)
			}
		}
		for block := range 4 {
			m.split2(at(2*block), at(2*block+1), l.forward[2+block].factor(lane), raised(2, block, 2*block))
		}
	}
	for _, x := range v {
		m.below(1130, x)
	}
	return v
}

// joinLeaf is the inverse of splitLeaf times 64. z, y and x are the negative
// inverse roots of its three levels of registers, in descending order of blocks.
func (m model) joinLeaf(l *laneRoots, v [64]uint64, z, y, x []factor, leaf *leafRecord) [64]uint64 {
	for lane := range 8 {
		at := func(i int) *uint64 { return &v[8*i+lane] }
		for block := range 2 {
			b := &l.back[block]
			o := m.join4(uint64(2*block), [4]uint64{*at(4 * block), *at(4*block + 1), *at(4*block + 2), *at(4*block + 3)},
				record{b[0].factor(lane), b[1].factor(lane), b[2].factor(lane), b[3].factor(lane), b[4].factor(lane)})
			o[0] = m.reduceAbove(uint64(2*block), o[0])
			for i, x := range o {
				*at(4*block + i) = x
			}
		}
		for i, k := range []uint64{0, 3, 0, 3} {
			m.join2(0, at(i), at(4+i), k, leaf.y[i].factor(lane))
		}
		*at(0) = m.reduce(*at(0))
		for i := range 3 {
			*at(1 + i) = m.times(*at(1 + i), leaf.f[i])
		}
	}
	for _, x := range v {
		m.below(150, x)
	}
	v = transposed(v)
	for lane := range 8 {
		at := func(i int) *uint64 { return &v[8*i+lane] }
		for block, raise := range []uint64{0, 2, 0, 2} {
			m.join2(raise, at(2*block), at(2*block+1), 2, x[3-block])
		}
		for block := range 2 {
			for i, k := range []uint64{3, 0} {
				m.join2(0, at(4*block+i), at(4*block+i+2), k, y[1-block])
			}
		}
		for i, k := range []uint64{6, 6, 2, 2} {
			m.join2(0, at(i), at(4+i), k, z[0])
			if i < 2 {
				*at(i) = m.reduce(*at(i))
			}
			m.below(300, *at(i))
		}
	}
	return v
}

// residue folds a point, which is below 10^19.
func (m model) residue(x uint64) uint64 { return m.below(360, lo(x&(1<<50-1), x>>50, m.c.fold)) }

func (m model) first4(x, y uint64) [4]uint64 {
	a0, a1 := m.residue(x), m.residue(y)
	o2, o3 := m.plusMinus(a0, m.times(a1, m.c.i), 2)
	return [4]uint64{m.below(767, a0+a1), m.difference(a0+4*m.c.p, a1, 767), m.below(767, o2), m.below(767, o3)}
}

func (m model) first8(x [4]uint64, r record) [8]uint64 {
	for i := range x {
		x[i] = m.below(130, m.reduce(m.residue(x[i])))
	}
	s0, s1 := x[0]+x[2], x[1]+x[3]
	d0, d1 := m.difference(x[0]+2*m.c.p, x[2], 400), m.difference(x[1]+2*m.c.p, x[3], 400)
	o2, o3 := m.plusMinus(d0, m.times(d1, m.c.i), 2)
	z := m.split4(x, r)
	return [8]uint64{
		m.below(767, s0+s1), m.difference(s0+4*m.c.p, s1, 767), m.below(767, o2), m.below(767, o3),
		z[0], z[1], z[2], z[3],
	}
}

// montgomery returns (h·2^52 + l)/2^52 modulo p. 2^52 − 1 more in l stand for the carry of
// the lower half of q·p, which would make l a multiple of 2^52.
func (m model) montgomery(h, l uint64) uint64 {
	q := lo(m.c.negInverse, l+low52, m.c.negInverse)
	if lo(l, q, m.c.p)&low52 != 0 {
		m.Fatal("the lower half of Montgomery's sum is not 0")
	}
	return m.below(300, hi(h, q, m.c.p)+(l+low52)>>wordBits)
}

// form returns the sum of products of the pairs, reduced.
func (m model) form(pairs ...uint64) uint64 {
	var h, l uint64
	for i := 0; i < len(pairs); i += 2 {
		h, l = hi(h, pairs[i], pairs[i+1]), lo(l, pairs[i], pairs[i+1])
	}
	return m.montgomery(h, l)
}
