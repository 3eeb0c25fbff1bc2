//go:build amd64 && !purego

package vector

// The kernels, in assembly that tools/asm generates. They work on words of which
// only the lower 52 bits count: bounds are those of the words modulo 2^52. Numbers
// of words are positive multiples of 8. docs/engine.md has the formulas and the
// bounds, and model_test.go has the kernels in Go.
//
// A kernel cannot be preempted, so that callers split the work into calls of some
// microseconds.

// split4 splits count blocks of 4·quarter words, one after the other, into four
// blocks each, by records in ascending order. Words in are below 8p, words out
// below 7.67p.
//
//go:noescape
func split4(c *constants, a *uint64, quarter, count int, records *record)

// split4To splits n words of each quarter of one block at src into four rows at
// dst, stride words apart. It prefetches the n words that follow in each of them.
//
//go:noescape
func split4To(c *constants, dst *uint64, stride int, src *uint64, quarter, n int, record *record)

// split4Lanes is the first pass of a row: split4 of one block, with the lanes'
// powers of the row's twist.
//
//go:noescape
func split4Lanes(c *constants, a *uint64, quarter int, record *rowRecord)

// splitLeaves splits count leaves of 64 words into single words, transposed. z,
// y and x are the roots of the first block of the first leaf on each of its first
// three levels; the roots of the next leaves follow. Words in and out are below
// 7.67p.
//
//go:noescape
func splitLeaves(c *constants, lanes *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord)

// joinLeaves is the inverse of splitLeaves times 64. z, y and x are negative
// inverse roots; those of the next leaves precede them. Words in are below 3p,
// words out below 2p.
//
//go:noescape
func joinLeaves(c *constants, lanes *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord)

// join4 is the inverse of split4 times 4, by records in descending order.
// Words in and out are below 3p.
//
//go:noescape
func join4(c *constants, a *uint64, quarter, count int, records *record)

// join4From joins n words of each of four rows at src, stride words apart, to one
// block at dst. It prefetches the n words that follow in each of the rows.
//
//go:noescape
func join4From(c *constants, dst *uint64, quarter int, src *uint64, stride, n int, record *record)

// join4Lanes is the last pass of a row back: join4 of one block, with the
// lanes' powers of the row's twist.
//
//go:noescape
func join4Lanes(c *constants, a *uint64, quarter int, record *rowRecord)

// residues reduces n points below 10^19 to residues below 3.6p, for each of the
// primes, plane words apart.
//
//go:noescape
func residues(cs *[primeCount]constants, dst *uint64, plane int, src *uint64, n int)

// first4 calculates the first two levels of columns whose upper half is 0, from n
// points of each of two rows: four rows, quarter words apart, for each of the
// primes, plane words apart. Words out are below 7.67p.
//
//go:noescape
func first4(cs *[primeCount]constants, dst *uint64, plane, quarter int, src0, src1 *uint64, n int)

// first8 is first4 for three levels: eight rows from four. The records are those of
// block 1.
//
//go:noescape
func first8(cs *[primeCount]constants, records *[primeCount]record, dst *uint64, plane, eighth int, src0, src1, src2, src3 *uint64, n int)

// split2 sets low, high to low + f·high and low − f·high. Words in are below 8p,
// words out below 4p.
//
//go:noescape
func split2(c *constants, low, high *uint64, n int, f *factor)

// join2 sets low, high to low + high and (high − low)·f. Words in and out are
// below 3p.
//
//go:noescape
func join2(c *constants, low, high *uint64, n int, f *factor)

// linear2 sets dst to f[0]·x + f[1]·y, below 3p where x and y are below 6p.
//
//go:noescape
func linear2(c *constants, dst, x, y *uint64, n int, f *[2]factor)

// The forms of package ntt, divided by 2^52. Words in may have any
// value, words out are below 3p.

//go:noescape
func product(c *constants, a, b *uint64, n int)

//go:noescape
func square(c *constants, a, b *uint64, n int)

//go:noescape
func doubleDown(c *constants, a, b *uint64, n int)

//go:noescape
func doubleUp(c *constants, a, b *uint64, n int)

//go:noescape
func doubleEven(c *constants, a, b *uint64, n int)

//go:noescape
func doubleOdd(c *constants, a, b *uint64, n int)

// recombine19 calculates the digits in base 10^19 of n coefficients, a multiple of
// 16, from their residues, below 3p, for each prime plane words apart. It carries
// out the digits of the next two points.
//
//go:noescape
func recombine19(r *recombination, dst *uint64, n int, residues *uint64, plane int, carried *[2]uint64)

// recombine18 is recombine19 in base 10^18 or 10^17. Its result is too large by
// 9·(base^n − 1): the caller adds 9 to the lowest point and ignores the carry out
// of the highest.
//
//go:noescape
func recombine18(r *recombination, dst *uint64, n int, residues *uint64, plane int, carried *[2]uint64)

// text writes count words, a multiple of 8, in ascending order of significance, as
// 19 digits each, of which the last is written to *last.
//
//go:noescape
func text(last *byte, words *uint64, count int)
