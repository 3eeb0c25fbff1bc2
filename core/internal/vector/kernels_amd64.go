//go:build amd64 && !purego

package vector

import "github.com/pisano-dev/pisano/core/internal/ntt"

// The kernels, in assembly that tools/asm generates. Each is called here, by either
// set of instructions. Numbers of words are positive multiples of 8.
//
// A kernel cannot be preempted, so that callers split the work into calls of some
// microseconds.

// split4 splits count blocks of 4·quarter words, one after the other, into four
// blocks each, by records in ascending order.
func (k kernels) split4(a *uint64, quarter, count int, records *record) {
	if k.doubles != nil {
		avx2Split4(k.doubles, a, quarter, count, records)
		return
	}
	ifmaSplit4(k.words, a, quarter, count, records)
}

// split4To splits n words of each quarter of one block at src into four rows at dst,
// stride words apart. It prefetches the n words that follow in each of them.
func (k kernels) split4To(dst *uint64, stride int, src *uint64, quarter, n int, r *record) {
	if k.doubles != nil {
		avx2Split4To(k.doubles, dst, stride, src, quarter, n, r)
		return
	}
	ifmaSplit4To(k.words, dst, stride, src, quarter, n, r)
}

// split4Lanes is the first pass of a row: split4 of one block, with the lanes' powers
// of the row's twist.
func (k kernels) split4Lanes(a *uint64, quarter int, r *rowRecord) {
	if k.doubles != nil {
		avx2Split4Lanes(k.doubles, a, quarter, r)
		return
	}
	ifmaSplit4Lanes(k.words, a, quarter, r)
}

// splitLeaves splits count leaves of 64 words into single words, transposed. z, y and
// x are the roots of the first block of the first leaf on each of its first three
// levels; the roots of the next leaves follow.
func (k kernels) splitLeaves(l *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord) {
	if k.doubles != nil {
		avx2SplitLeaves(k.doubles, l, a, count, z, y, x, leaf)
		return
	}
	ifmaSplitLeaves(k.words, l, a, count, z, y, x, leaf)
}

// joinLeaves is the inverse of splitLeaves times 64. z, y and x are negative inverse
// roots; those of the next leaves precede them.
func (k kernels) joinLeaves(l *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord) {
	if k.doubles != nil {
		avx2JoinLeaves(k.doubles, l, a, count, z, y, x, leaf)
		return
	}
	ifmaJoinLeaves(k.words, l, a, count, z, y, x, leaf)
}

// join4 is the inverse of split4 times 4, by records in descending order.
func (k kernels) join4(a *uint64, quarter, count int, records *record) {
	if k.doubles != nil {
		avx2Join4(k.doubles, a, quarter, count, records)
		return
	}
	ifmaJoin4(k.words, a, quarter, count, records)
}

// join4From joins n words of each of four rows at src, stride words apart, to one
// block at dst. It prefetches the n words that follow in each of the rows.
func (k kernels) join4From(dst *uint64, quarter int, src *uint64, stride, n int, r *record) {
	if k.doubles != nil {
		avx2Join4From(k.doubles, dst, quarter, src, stride, n, r)
		return
	}
	ifmaJoin4From(k.words, dst, quarter, src, stride, n, r)
}

// join4Lanes is the last pass of a row back: join4 of one block, with the lanes' powers
// of the row's twist.
func (k kernels) join4Lanes(a *uint64, quarter int, r *rowRecord) {
	if k.doubles != nil {
		avx2Join4Lanes(k.doubles, a, quarter, r)
		return
	}
	ifmaJoin4Lanes(k.words, a, quarter, r)
}

// split2 sets low, high to low + f·high and low − f·high.
func (k kernels) split2(low, high *uint64, n int, f *factor) {
	if k.doubles != nil {
		avx2Split2(k.doubles, low, high, n, f)
		return
	}
	ifmaSplit2(k.words, low, high, n, f)
}

// join2 sets low, high to low + high and (high − low)·f.
func (k kernels) join2(low, high *uint64, n int, f *factor) {
	if k.doubles != nil {
		avx2Join2(k.doubles, low, high, n, f)
		return
	}
	ifmaJoin2(k.words, low, high, n, f)
}

// linear2 sets dst to f[0]·x + f[1]·y.
func (k kernels) linear2(dst, x, y *uint64, n int, f *[2]factor) {
	if k.doubles != nil {
		avx2Linear2(k.doubles, dst, x, y, n, f)
		return
	}
	ifmaLinear2(k.words, dst, x, y, n, f)
}

// form applies a form of package ntt to n words of a and b, and sets a, and b if the
// form has two results.
func (k kernels) form(form ntt.Form, a, b *uint64, n int) {
	if k.doubles != nil {
		avx2Forms[form](k.doubles, a, b, n)
		return
	}
	ifmaForms[form](k.words, a, b, n)
}

// residues reduces n points below 10^19 to residues, for each of the primes, plane
// words apart.
func (s *Instructions) residues(dst *uint64, plane int, src *uint64, n int) {
	if s.doubles {
		avx2Residues(&doubleModuli, dst, plane, src, n)
		return
	}
	ifmaResidues(&moduli, dst, plane, src, n)
}

// first4 calculates the first two levels of columns whose upper half is 0, from n
// points of each of two rows: four rows, quarter words apart, for each of the
// primes, plane words apart.
func (s *Instructions) first4(dst *uint64, plane, quarter int, src0, src1 *uint64, n int) {
	if s.doubles {
		avx2First4(&doubleModuli, dst, plane, quarter, src0, src1, n)
		return
	}
	ifmaFirst4(&moduli, dst, plane, quarter, src0, src1, n)
}

// first8 is first4 for three levels: eight rows, an eighth apart, from four.
func (s *Instructions) first8(dst *uint64, plane, eighth int, src0, src1, src2, src3 *uint64, n int) {
	if s.doubles {
		avx2First8(&doubleModuli, &s.first, dst, plane, eighth, src0, src1, src2, src3, n)
		return
	}
	ifmaFirst8(&moduli, &s.first, dst, plane, eighth, src0, src1, src2, src3, n)
}

// text writes count words in ascending order of significance, as 19 digits each, of
// which the last is written to *last.
func (s *Instructions) text(last *byte, words *uint64, count int) {
	if s.doubles {
		avx2Text(doubleText, last, words, count)
		return
	}
	ifmaText(last, words, count)
}
