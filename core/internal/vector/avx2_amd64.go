//go:build amd64 && !purego

package vector

import "github.com/pisano-dev/pisano/core/internal/ntt"

// The kernels of AVX2; kernels_amd64.go says what they do. They work on words that hold
// integers in double precision: bounds are those of their absolute values. The bound
// of split4 holds for split4To and split4Lanes too, and that of join4 likewise.
// docs/engine.md proves them, and avx2_model_test.go has the kernels in Go.

// avx2Split4 takes words below 4p; words out are below 1.8p.
//
//go:noescape
func avx2Split4(c *doubleConstants, a *uint64, quarter, count int, records *record)

//go:noescape
func avx2Split4To(c *doubleConstants, dst *uint64, stride int, src *uint64, quarter, n int, record *record)

//go:noescape
func avx2Split4Lanes(c *doubleConstants, a *uint64, quarter int, record *rowRecord)

// avx2SplitLeaves takes words below 2.2p; words out are below 5.8p. After the
// transposition lanes 0 to 3 of vector i are half i/4 of vector i%4 in memory, and
// lanes 4 to 7 that of vector 4 + i%4.
//
//go:noescape
func avx2SplitLeaves(c *doubleConstants, lanes *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord)

// avx2JoinLeaves takes words below 1.2p, and so are the words out.
//
//go:noescape
func avx2JoinLeaves(c *doubleConstants, lanes *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord)

// avx2Join4 takes words below 2p; words out are below 1.2p.
//
//go:noescape
func avx2Join4(c *doubleConstants, a *uint64, quarter, count int, records *record)

//go:noescape
func avx2Join4From(c *doubleConstants, dst *uint64, quarter int, src *uint64, stride, n int, record *record)

//go:noescape
func avx2Join4Lanes(c *doubleConstants, a *uint64, quarter int, record *rowRecord)

// avx2Residues makes residues below .51p.
//
//go:noescape
func avx2Residues(cs *[primeCount]doubleConstants, dst *uint64, plane int, src *uint64, n int)

// avx2First4 makes words below 1.03p.
//
//go:noescape
func avx2First4(cs *[primeCount]doubleConstants, dst *uint64, plane, quarter int, src0, src1 *uint64, n int)

// avx2First8 takes the records of block 1, and makes words below 2.2p.
//
//go:noescape
func avx2First8(cs *[primeCount]doubleConstants, records *[primeCount]record, dst *uint64, plane, eighth int, src0, src1, src2, src3 *uint64, n int)

// avx2Split2 takes words below 4p; words out are below 1.8p.
//
//go:noescape
func avx2Split2(c *doubleConstants, low, high *uint64, n int, f *factor)

// avx2Join2 takes words below 2p; words out are below 1.2p.
//
//go:noescape
func avx2Join2(c *doubleConstants, low, high *uint64, n int, f *factor)

// avx2Linear2 takes words below 4p; words out are below 1.2p.
//
//go:noescape
func avx2Linear2(c *doubleConstants, dst, x, y *uint64, n int, f *[2]factor)

// The forms of package ntt. Words in are below 2^52, words out below 1.2p.

//go:noescape
func avx2Product(c *doubleConstants, a, b *uint64, n int)

//go:noescape
func avx2Square(c *doubleConstants, a, b *uint64, n int)

//go:noescape
func avx2DoubleDown(c *doubleConstants, a, b *uint64, n int)

//go:noescape
func avx2DoubleUp(c *doubleConstants, a, b *uint64, n int)

//go:noescape
func avx2DoubleEven(c *doubleConstants, a, b *uint64, n int)

//go:noescape
func avx2DoubleOdd(c *doubleConstants, a, b *uint64, n int)

// avx2MixedRadix sets dst to the digits in base B of n coefficients, from their residues
// below 2p for each prime, plane words apart. It replaces the residues by the digits
// of the coefficients in mixed radix.
//
//go:noescape
func avx2MixedRadix(cs *[primeCount]doubleConstants, r *mixedRadix, dst *uint64, n int, residues *uint64, plane int, last *lastDigits)

//go:noescape
func avx2Text(c *textConstants, last *byte, words *uint64, count int)

var avx2Forms = [...]func(c *doubleConstants, a, b *uint64, n int){
	ntt.Product: avx2Product, ntt.Square: avx2Square, ntt.DoubleDown: avx2DoubleDown,
	ntt.DoubleUp: avx2DoubleUp, ntt.DoubleEven: avx2DoubleEven, ntt.DoubleOdd: avx2DoubleOdd,
}
