package ntt

// A row is a block of 2^s words, s even and at least 4, that is transformed
// while it stays in the cache.

// leaf is the size of the blocks that the last two passes of a row transform,
// and the first two of its inverse, take together.
const leaf = 16

// cached is the size, in words, of the largest block that is transformed pass
// by pass; a larger one is transformed quarter by quarter. 32 KiB are within
// the first-level caches of the last decade.
const cached = 4096

// forward transforms a, block j of its size, down to blocks of one word. Words
// in and out are below 8p.
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

// backward undoes forward but for the factor len(a). Words in and out are
// below 2p.
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

// split4 splits a, block j of its size, into four blocks: two levels at once.
func (t roots) split4(m *prime, a []uint64, j int) {
	p, p2, p4 := m.p, 2*m.p, 4*m.p
	z, y0, y1 := t[j], t[2*j], t[2*j+1]
	n := len(a) / 4
	a0, a1, a2, a3 := a[:n], a[n:2*n], a[2*n:3*n], a[3*n:4*n]
	for i := range a0 {
		b0, b1 := reduce(a0[i], p4), reduce(a1[i], p4)
		t2, t3 := times(a2[i], z, p), times(a3[i], z, p)
		u1, u3 := times(b1+t3, y0, p), times(b1+p2-t3, y1, p)
		b0, b2 := b0+t2, b0+p2-t2
		a0[i], a1[i] = b0+u1, b0+p2-u1
		a2[i], a3[i] = b2+u3, b2+p2-u3
	}
}

// join4 undoes split4 but for the factor 4.
func (t roots) join4(m *prime, a []uint64, j int) {
	p, p2, p4 := m.p, 2*m.p, 4*m.p
	z, y0, y1 := t.negInverse(m, j), t.negInverse(m, 2*j), t.negInverse(m, 2*j+1)
	n := len(a) / 4
	a0, a1, a2, a3 := a[:n], a[n:2*n], a[2*n:3*n], a[3*n:4*n]
	for i := range a0 {
		c0, c1, c2, c3 := a0[i], a1[i], a2[i], a3[i]
		b0, b1 := c0+c1, times(c1+p2-c0, y0, p)
		b2, b3 := c2+c3, times(c3+p2-c2, y1, p)
		a0[i], a1[i] = reduce(reduce(b0+b2, p4), p2), reduce(b1+b3, p2)
		a2[i], a3[i] = times(b2+p4-b0, z, p), times(b3+p2-b1, z, p)
	}
}

// splitLeaves splits each leaf of a into single words; the first is number j.
func (t roots) splitLeaves(m *prime, a []uint64, j int) {
	p, p2, p4 := m.p, 2*m.p, 4*m.p
	for ; len(a) >= leaf; j++ {
		b := (*[leaf]uint64)(a)
		a = a[leaf:]
		z, y0, y1 := t[j], t[2*j], t[2*j+1]
		for i := range 4 {
			b0, b1 := reduce(b[i], p4), reduce(b[4+i], p4)
			t2, t3 := times(b[8+i], z, p), times(b[12+i], z, p)
			u1, u3 := times(b1+t3, y0, p), times(b1+p2-t3, y1, p)
			b0, b2 := b0+t2, b0+p2-t2
			b[i], b[4+i] = b0+u1, b0+p2-u1
			b[8+i], b[12+i] = b2+u3, b2+p2-u3
		}
		zs, ys := (*[4]factor)(t[4*j:]), (*[8]factor)(t[8*j:])
		for i := range 4 {
			c := (*[4]uint64)(b[4*i:])
			b0, b1 := reduce(c[0], p4), reduce(c[1], p4)
			t2, t3 := times(c[2], zs[i], p), times(c[3], zs[i], p)
			u1, u3 := times(b1+t3, ys[2*i], p), times(b1+p2-t3, ys[2*i+1], p)
			b0, b2 := b0+t2, b0+p2-t2
			c[0], c[1] = b0+u1, b0+p2-u1
			c[2], c[3] = b2+u3, b2+p2-u3
		}
	}
}

// joinLeaves undoes splitLeaves but for the factor 16.
func (t roots) joinLeaves(m *prime, a []uint64, j int) {
	if j == 0 {
		for i := range 4 {
			t.join4(m, a[4*i:4*i+4], i)
		}
		t.join4(m, a[:leaf], 0)
		a, j = a[leaf:], 1
	}
	p, p2, p4 := m.p, 2*m.p, 4*m.p
	for ; len(a) >= leaf; j++ {
		b := (*[leaf]uint64)(a)
		a = a[leaf:]
		// The inverse roots of the blocks within a block run backwards.
		f := flip(j)
		zs, ys := (*[4]factor)(t[4*f:]), (*[8]factor)(t[8*f:])
		for i := range 4 {
			c := (*[4]uint64)(b[4*i:])
			b0, b1 := c[0]+c[1], times(c[1]+p2-c[0], ys[7-2*i], p)
			b2, b3 := c[2]+c[3], times(c[3]+p2-c[2], ys[6-2*i], p)
			c[0], c[1] = reduce(reduce(b0+b2, p4), p2), reduce(b1+b3, p2)
			c[2], c[3] = times(b2+p4-b0, zs[3-i], p), times(b3+p2-b1, zs[3-i], p)
		}
		z, y0, y1 := t[f], t[2*f+1], t[2*f]
		for i := range 4 {
			c0, c1, c2, c3 := b[i], b[4+i], b[8+i], b[12+i]
			b0, b1 := c0+c1, times(c1+p2-c0, y0, p)
			b2, b3 := c2+c3, times(c3+p2-c2, y1, p)
			b[i], b[4+i] = reduce(reduce(b0+b2, p4), p2), reduce(b1+b3, p2)
			b[8+i], b[12+i] = times(b2+p4-b0, z, p), times(b3+p2-b1, z, p)
		}
	}
}
