//go:build amd64 && !purego

package vector

import "github.com/pisano-dev/pisano/core/internal/ntt"

// The kernels of IFMA; kernels_amd64.go says what they do. They work on words of which
// only the lower 52 bits count: bounds are those of the words modulo 2^52. The bound
// of split4 holds for split4To and split4Lanes too, and that of join4 likewise.
// docs/engine.md proves them, and ifma_model_test.go has the kernels in Go.

// ifmaSplit4 takes words below 8p; words out are below 7.67p.
//
//go:noescape
func ifmaSplit4(c *constants, a *uint64, quarter, count int, records *record)

//go:noescape
func ifmaSplit4To(c *constants, dst *uint64, stride int, src *uint64, quarter, n int, record *record)

//go:noescape
func ifmaSplit4Lanes(c *constants, a *uint64, quarter int, record *rowRecord)

// ifmaSplitLeaves takes words below 7.67p; words out are below 11.3p.
//
//go:noescape
func ifmaSplitLeaves(c *constants, lanes *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord)

// ifmaJoinLeaves takes words below 3p, and so are the words out.
//
//go:noescape
func ifmaJoinLeaves(c *constants, lanes *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord)

// ifmaJoin4 takes words below 3p, and so are the words out.
//
//go:noescape
func ifmaJoin4(c *constants, a *uint64, quarter, count int, records *record)

//go:noescape
func ifmaJoin4From(c *constants, dst *uint64, quarter int, src *uint64, stride, n int, record *record)

//go:noescape
func ifmaJoin4Lanes(c *constants, a *uint64, quarter int, record *rowRecord)

// ifmaResidues makes residues below 3.6p.
//
//go:noescape
func ifmaResidues(cs *[primeCount]constants, dst *uint64, plane int, src *uint64, n int)

// ifmaFirst4 makes words below 7.67p.
//
//go:noescape
func ifmaFirst4(cs *[primeCount]constants, dst *uint64, plane, quarter int, src0, src1 *uint64, n int)

// ifmaFirst8 takes the records of block 1, and makes words below 7.67p.
//
//go:noescape
func ifmaFirst8(cs *[primeCount]constants, records *[primeCount]record, dst *uint64, plane, eighth int, src0, src1, src2, src3 *uint64, n int)

// ifmaSplit2 takes words below 8p; words out are below 4p.
//
//go:noescape
func ifmaSplit2(c *constants, low, high *uint64, n int, f *factor)

// ifmaJoin2 takes words below 3p, and so are the words out.
//
//go:noescape
func ifmaJoin2(c *constants, low, high *uint64, n int, f *factor)

// ifmaLinear2 takes words below 6p; words out are below 3p.
//
//go:noescape
func ifmaLinear2(c *constants, dst, x, y *uint64, n int, f *[2]factor)

// The forms of package ntt, divided by 2^52. Words in may have any value, words
// out are below 3p.

//go:noescape
func ifmaProduct(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaSquare(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaDoubleDown(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaDoubleUp(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaDoubleEven(c *constants, a, b *uint64, n int)

//go:noescape
func ifmaDoubleOdd(c *constants, a, b *uint64, n int)

// ifmaRecombine19 calculates the digits in base 10^19 of n coefficients, a multiple of
// 16, from their residues, below 3p, for each prime plane words apart. It carries
// out the digits of the next two points.
//
//go:noescape
func ifmaRecombine19(r *recombination, dst *uint64, n int, residues *uint64, plane int, carried *[2]uint64)

// ifmaRecombine18 is ifmaRecombine19 in base 10^18 or 10^17. Its result is too large by
// 9·(base^n − 1): the caller adds 9 to the lowest point and ignores the carry out
// of the highest.
//
//go:noescape
func ifmaRecombine18(r *recombination, dst *uint64, n int, residues *uint64, plane int, carried *[2]uint64)

//go:noescape
func ifmaText(last *byte, words *uint64, count int)

var ifmaForms = [...]func(c *constants, a, b *uint64, n int){
	ntt.Product: ifmaProduct, ntt.Square: ifmaSquare, ntt.DoubleDown: ifmaDoubleDown,
	ntt.DoubleUp: ifmaDoubleUp, ntt.DoubleEven: ifmaDoubleEven, ntt.DoubleOdd: ifmaDoubleOdd,
}
