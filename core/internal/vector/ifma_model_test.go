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

func (m model) times(x uint64, f factor) uint64 { return m.addTimes(0, x, f) }

func (m model) addTimes(sum, x uint64, f factor) uint64 {
	return lo(lo(sum, x, f.w), hi(0, x, f.quotient), m.c.complement)
}

func (m model) addTimes2(sum, x uint64, f factor, y uint64, g factor) uint64 {
	return lo(lo(lo(sum, x, f.w), y, g.w), hi(hi(0, x, f.quotient), y, g.quotient), m.c.complement)
}

func (m model) reduce(x uint64) uint64 { return m.below(200, lo(x, hi(0, x, m.c.one), m.c.complement)) }

func (m model) twiceLess(k, x, s uint64) uint64 { return lo(k, x, 2) - s }

func (m model) split4(x [4]uint64, r record) [4]uint64 {
	b0 := m.below(334, m.addTimes(x[0], x[2], r.z))
	b2 := m.below(367, m.twiceLess(m.c.p2, x[0], b0))
	o0 := m.below(767, m.addTimes2(b0, x[1], r.y0, x[3], r.a))
	o1 := m.below(767, m.twiceLess(m.c.p4, b0, o0))
	o2 := m.below(767, m.addTimes2(b2, x[1], r.y1, x[3], r.b))
	o3 := m.below(767, m.twiceLess(m.c.p4, b2, o2))
	return [4]uint64{o0, o1, o2, o3}
}

// join4 does not reduce the first sum.
func (m model) join4(x [4]uint64, r record) [4]uint64 {
	s0, s1 := m.below(600, x[0]+x[1]), m.below(600, x[2]+x[3])
	d0 := m.below(600, m.twiceLess(m.c.p3, x[1], s0))
	d1 := m.below(600, m.twiceLess(m.c.p3, x[3], s1))
	e := m.below(1200, s1+m.c.p6-s0)
	return [4]uint64{
		m.below(1200, s0+s1),
		m.below(300, m.addTimes2(0, d0, r.y1, d1, r.y0)),
		m.below(200, m.times(e, r.z)),
		m.below(300, m.addTimes2(0, d0, r.b, d1, r.a)),
	}
}

func (m model) split2(x, y *uint64, f factor) {
	s := m.addTimes(*x, *y, f)
	*x, *y = s, m.twiceLess(m.c.p2, *x, s)
}

func (m model) join2(x, y *uint64, k uint64, f factor) {
	d := *y + k - *x
	*x, *y = *x+*y, m.below(200, m.times(d, f))
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
		v[i] = m.below(167, m.reduce(v[i]))
	}
	for level := range 3 {
		size := 32 >> level
		for block := range 1 << level {
			for i := range size {
				at := 2*size*block + i
				m.split2(&v[at], &v[at+size], t[j<<level+block])
			}
		}
		// A difference is less than 2p above its minuend. All minuends of level 3
		// derive from register 0, which is reduced.
		for i, x := range v {
			register, bound := i/8, uint64(367+200*level)
			if register%(4>>level) != 0 {
				bound += 600
			}
			m.below(bound, x)
		}
	}
	v = transposed(v)
	for lane := range 8 {
		v[lane] = m.reduce(v[lane])
		for i := 1; i < 4; i++ {
			v[8*i+lane] = m.below(200, m.times(v[8*i+lane], leaf.f[i-1]))
		}
		for i := range 4 {
			m.split2(&v[8*i+lane], &v[8*(i+4)+lane], leaf.y[i].factor(lane))
		}
		for block := range 2 {
			for i := range 2 {
				m.split2(&v[8*(4*block+i)+lane], &v[8*(4*block+i+2)+lane], l.forward[block].factor(lane))
			}
		}
		for block := range 4 {
			m.split2(&v[8*2*block+lane], &v[8*(2*block+1)+lane], l.forward[2+block].factor(lane))
		}
	}
	for _, x := range v {
		m.below(767, x)
	}
	return v
}

// joinLeaf is the inverse of splitLeaf times 64. z, y and x are the negative
// inverse roots of its three levels of registers, in descending order of blocks.
func (m model) joinLeaf(l *laneRoots, v [64]uint64, z, y, x []factor, leaf *leafRecord) [64]uint64 {
	for lane := range 8 {
		for i := range 2 {
			at := func(k int) *uint64 { return &v[8*(4*i+k)+lane] }
			b := &l.back[i]
			o := m.join4([4]uint64{*at(0), *at(1), *at(2), *at(3)},
				record{b[0].factor(lane), b[1].factor(lane), b[2].factor(lane), b[3].factor(lane), b[4].factor(lane)})
			*at(0), *at(1), *at(2), *at(3) = m.reduce(o[0]), o[1], o[2], o[3]
		}
		for i := range 4 {
			m.join2(&v[8*i+lane], &v[8*(i+4)+lane], m.c.p3, leaf.y[i].factor(lane))
		}
		v[lane] = m.reduce(v[lane])
		for i := 1; i < 4; i++ {
			v[8*i+lane] = m.below(200, m.times(v[8*i+lane], leaf.f[i-1]))
		}
	}
	v = transposed(v)
	for lane := range 8 {
		at := func(i int) *uint64 { return &v[8*i+lane] }
		for i := range 4 {
			m.join2(at(2*i), at(2*i+1), m.c.p2, x[3-i])
		}
		for i := range 2 {
			m.join2(at(4*i), at(4*i+2), m.c.p4, y[1-i])
			m.join2(at(4*i+1), at(4*i+3), m.c.p2, y[1-i])
		}
		*at(0), *at(4) = m.reduce(m.below(800, *at(0))), m.reduce(m.below(800, *at(4)))
		for i := range 4 {
			k := m.c.p2
			if i == 1 {
				k = m.c.p4
			}
			m.below(k/m.c.p*100, *at(i))
			m.join2(at(i), at(4+i), k, z[0])
			*at(i) = m.reduce(*at(i))
		}
	}
	return v
}

// residue folds a point, which is below 10^19.
func (m model) residue(x uint64) uint64 { return m.below(360, lo(x&(1<<50-1), x>>50, m.c.fold)) }

func (m model) first4(x, y uint64) [4]uint64 {
	a0, a1 := m.residue(x), m.residue(y)
	o := m.addTimes(a0, a1, m.c.i)
	return [4]uint64{
		m.below(767, a0+a1), m.below(767, a0+m.c.p4-a1),
		m.below(767, o), m.below(767, m.twiceLess(m.c.p2, a0, o)),
	}
}

func (m model) first8(x [4]uint64, r record) [8]uint64 {
	for i := range x {
		x[i] = m.below(126, m.reduce(m.residue(x[i])))
	}
	s0, s1 := x[0]+x[2], x[1]+x[3]
	d0, d1 := x[0]+m.c.p2-x[2], x[1]+m.c.p2-x[3]
	o := m.addTimes(d0, d1, m.c.i)
	z := m.split4(x, r)
	return [8]uint64{
		m.below(767, s0+s1), m.below(767, s0+m.c.p4-s1),
		m.below(767, o), m.below(767, m.twiceLess(m.c.p2, d0, o)),
		z[0], z[1], z[2], z[3],
	}
}

// montgomery returns (h·2^52 + l)/2^52.
func (m model) montgomery(h, l uint64) uint64 {
	q := lo(0, l, m.c.negInverse)
	l = lo(l, q, m.c.p)
	if l&low52 != 0 {
		m.Fatal("the lower half of Montgomery's sum is not 0")
	}
	return m.below(300, hi(h, q, m.c.p)+l>>wordBits)
}

// form returns the sum of products of the pairs, reduced.
func (m model) form(pairs ...uint64) uint64 {
	var h, l uint64
	for i := 0; i < len(pairs); i += 2 {
		h, l = hi(h, pairs[i], pairs[i+1]), lo(l, pairs[i], pairs[i+1])
	}
	return m.montgomery(h, l)
}
