package vector

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// cached is the size in words of the largest block that is transformed pass by
// pass. A larger block is transformed quarter by quarter.
const cached = 4096

// forward transforms row r of 2^order words, or contiguous rows from row r on if rows
// are leaves. Words in and out are bounded as those of splitLeaves.
func (f field) forward(a []uint64, order, r int) {
	if order == leafOrder {
		f.splitLeaves(a, r, r)
		return
	}
	quarter := len(a) / 4
	f.kernels.split4Lanes(&a[0], quarter, &f.rows[order][r])
	if len(a) > cached {
		for i := range 4 {
			f.split(a[i*quarter:(i+1)*quarter], 1, 4*r+i, i*quarter/64)
		}
		return
	}
	f.split(a, 4, 4*r, 0)
}

// split transforms a, count blocks of which the first is block j, down to single
// words; leaf is the number of its first leaf in the row.
func (f field) split(a []uint64, count, j, leaf int) {
	for size := len(a) / count; size > 64; size /= 4 {
		f.kernels.split4(&a[0], size/4, count, &f.records[j])
		count, j = 4*count, 4*j
	}
	f.splitLeaves(a, j, leaf)
}

// splitLeaves transforms the leaves of a, of which the first is block j and has the
// number leaf in its row.
func (f field) splitLeaves(a []uint64, j, leaf int) {
	f.kernels.splitLeaves(f.lanes, &a[0], len(a)/64, &f.roots[j], &f.roots[2*j], &f.roots[4*j], &f.leaf[leaf])
}

// back is the inverse of forward times 2^order. Words in and out are below 3p.
func (f field) back(a []uint64, order, r int) {
	if order == leafOrder {
		f.joinLeaves(a, r, r)
		return
	}
	quarter := len(a) / 4
	if len(a) > cached {
		for i := range 4 {
			f.join(a[i*quarter:(i+1)*quarter], 1, 4*r+i, i*quarter/64)
		}
	} else {
		f.join(a, 4, 4*r, 0)
	}
	f.kernels.join4Lanes(&a[0], quarter, &f.rowsBack[order][r])
}

// join is the inverse of split.
func (f field) join(a []uint64, count, j, leaf int) {
	size := len(a) / count
	n := size / 64
	f.joinLeaves(a, n*j, leaf)
	for at := 256; at <= size; at *= 4 {
		n /= 4
		f.join4(a, at/4, n*j)
	}
}

// joinLeaves is the inverse of splitLeaves. The inverse roots are at the flipped
// numbers, which descend from one power of two to the next.
func (f field) joinLeaves(a []uint64, j, leaf int) {
	if j == 0 {
		b := f.zero
		f.kernels.joinLeaves(f.lanes, &a[0], 1, &b.z[0], &b.y[0], &b.x[0], &f.leafBack[leaf])
		a, j, leaf = a[64:], 1, leaf+1
	}
	for len(a) > 0 {
		n, r := run(j, len(a)/64), modular.FlipBlock(j)
		f.kernels.joinLeaves(f.lanes, &a[0], n, &f.roots[r], &f.roots[2*r], &f.roots[4*r], &f.leafBack[leaf])
		a, j, leaf = a[64*n:], j+n, leaf+n
	}
}

// join4 joins the four quarters of each block of a, of which the first is block j.
func (f field) join4(a []uint64, quarter, j int) {
	if j == 0 {
		f.kernels.join4(&a[0], quarter, 1, &f.zero.record)
		a, j = a[4*quarter:], 1
	}
	for len(a) > 0 {
		n := run(j, len(a)/(4*quarter))
		f.kernels.join4(&a[0], quarter, n, &f.records[modular.FlipBlock(j)])
		a, j = a[4*quarter*n:], j+n
	}
}

// run returns the number of blocks from j on whose flipped numbers descend one by
// one.
func run(j, blocks int) int { return min(blocks, modular.FlipBlock(j)-1<<(bits.Len(uint(j))-1)+1) }
