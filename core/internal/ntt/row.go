package ntt

import "github.com/pisano-dev/pisano/core/internal/modular"

// A row is a block of 2^s words, s even and at least 4, that is transformed
// within a cache.

// leaf is the size in words of the blocks for which the last two passes of a row,
// and the first two of its inverse, are combined.
const leaf = 16

// cached is the size in words of the largest block that is transformed pass by
// pass: it fits a first-level cache of 32 KiB. A larger block is transformed
// quarter by quarter.
const cached = 4096

// forward transforms a, block j of its level, down to blocks of one word. Words in
// and out are below 8P.
func (t roots) forward(m *prime, a []uint64, j int) {
	if len(a) > cached {
		t.split4(m, a, j)
		quarter := len(a) / 4
		for i := range 4 {
			t.forward(m, a[i*quarter:(i+1)*quarter], 4*j+i)
		}
		return
	}
	blocks, size := 1, len(a)
	for ; size > leaf; size /= 4 {
		for i := range blocks {
			t.split4(m, a[i*size:(i+1)*size], blocks*j+i)
		}
		blocks *= 4
	}
	t.splitLeaves(m, a, blocks*j)
}

// backward is the inverse of forward times len(a). Words in and out are below 2P.
func (t roots) backward(m *prime, a []uint64, j int) {
	if len(a) > cached {
		quarter := len(a) / 4
		for i := range 4 {
			t.backward(m, a[i*quarter:(i+1)*quarter], 4*j+i)
		}
		t.join4(m, a, j)
		return
	}
	blocks := len(a) / leaf
	t.joinLeaves(m, a, blocks*j)
	for size := 4 * leaf; size <= len(a); size *= 4 {
		blocks /= 4
		for i := range blocks {
			t.join4(m, a[i*size:(i+1)*size], blocks*j+i)
		}
	}
}

// split4 splits a, block j of its level, into four blocks: two levels at once.
func (t roots) split4(m *prime, a []uint64, j int) {
	p, z, y0, y1 := m.P, t[j], t[2*j], t[2*j+1]
	n := len(a) / 4
	a0, a1, a2, a3 := a[:n], a[n:2*n], a[2*n:3*n], a[3*n:4*n]
	for i := range a0 {
		x, u := reduce(a0[i], 4*p), z.Times(a2[i], p)
		b0, b2 := x+u, x+2*p-u
		x, u = reduce(a1[i], 4*p), z.Times(a3[i], p)
		b1, b3 := x+u, x+2*p-u
		u = y0.Times(b1, p)
		a0[i], a1[i] = b0+u, b0+2*p-u
		u = y1.Times(b3, p)
		a2[i], a3[i] = b2+u, b2+2*p-u
	}
}

// join4 is the inverse of split4 times 4.
func (t roots) join4(m *prime, a []uint64, j int) {
	p, z, y0, y1 := m.P, t.negInverse(m, j), t.negInverse(m, 2*j), t.negInverse(m, 2*j+1)
	n := len(a) / 4
	a0, a1, a2, a3 := a[:n], a[n:2*n], a[2*n:3*n], a[3*n:4*n]
	for i := range a0 {
		x, y := a0[i], a1[i]
		b0, b1 := x+y, y0.Times(y+2*p-x, p)
		x, y = a2[i], a3[i]
		b2, b3 := x+y, y1.Times(y+2*p-x, p)
		a0[i] = reduce(reduce(b0+b2, 4*p), 2*p)
		a2[i] = z.Times(b2+4*p-b0, p)
		a1[i] = reduce(b1+b3, 2*p)
		a3[i] = z.Times(b3+2*p-b1, p)
	}
}

// splitLeaves splits each leaf of a into single words. The first leaf is block j.
func (t roots) splitLeaves(m *prime, a []uint64, j int) {
	p := m.P
	for ; len(a) >= leaf; j++ {
		b := (*[leaf]uint64)(a)
		a = a[leaf:]
		z, y0, y1 := t[j], t[2*j], t[2*j+1]
		for i := range 4 {
			x, u := reduce(b[i], 4*p), z.Times(b[8+i], p)
			b0, b2 := x+u, x+2*p-u
			x, u = reduce(b[4+i], 4*p), z.Times(b[12+i], p)
			b1, b3 := x+u, x+2*p-u
			u = y0.Times(b1, p)
			b[i], b[4+i] = b0+u, b0+2*p-u
			u = y1.Times(b3, p)
			b[8+i], b[12+i] = b2+u, b2+2*p-u
		}
		zs, ys := (*[4]factor)(t[4*j:]), (*[8]factor)(t[8*j:])
		for i := range 4 {
			c := (*[4]uint64)(b[4*i:])
			x, u := reduce(c[0], 4*p), zs[i].Times(c[2], p)
			b0, b2 := x+u, x+2*p-u
			x, u = reduce(c[1], 4*p), zs[i].Times(c[3], p)
			b1, b3 := x+u, x+2*p-u
			u = ys[2*i].Times(b1, p)
			c[0], c[1] = b0+u, b0+2*p-u
			u = ys[2*i+1].Times(b3, p)
			c[2], c[3] = b2+u, b2+2*p-u
		}
	}
}

// joinLeaves is the inverse of splitLeaves times 16.
func (t roots) joinLeaves(m *prime, a []uint64, j int) {
	if j == 0 {
		for i := range 4 {
			t.join4(m, a[4*i:4*i+4], i)
		}
		t.join4(m, a[:leaf], 0)
		a, j = a[leaf:], 1
	}
	p := m.P
	for ; len(a) >= leaf; j++ {
		b := (*[leaf]uint64)(a)
		a = a[leaf:]
		// The inverse roots of the blocks within a block are in descending order.
		f := modular.FlipBlock(j)
		zs, ys := (*[4]factor)(t[4*f:]), (*[8]factor)(t[8*f:])
		for i := range 4 {
			c := (*[4]uint64)(b[4*i:])
			x, y := c[0], c[1]
			b0, b1 := x+y, ys[7-2*i].Times(y+2*p-x, p)
			x, y = c[2], c[3]
			b2, b3 := x+y, ys[6-2*i].Times(y+2*p-x, p)
			c[0] = reduce(reduce(b0+b2, 4*p), 2*p)
			c[2] = zs[3-i].Times(b2+4*p-b0, p)
			c[1] = reduce(b1+b3, 2*p)
			c[3] = zs[3-i].Times(b3+2*p-b1, p)
		}
		z, y0, y1 := t[f], t[2*f+1], t[2*f]
		for i := range 4 {
			x, y := b[i], b[4+i]
			b0, b1 := x+y, y0.Times(y+2*p-x, p)
			x, y = b[8+i], b[12+i]
			b2, b3 := x+y, y1.Times(y+2*p-x, p)
			b[i] = reduce(reduce(b0+b2, 4*p), 2*p)
			b[8+i] = z.Times(b2+4*p-b0, p)
			b[4+i] = reduce(b1+b3, 2*p)
			b[12+i] = z.Times(b3+2*p-b1, p)
		}
	}
}
