//go:build !amd64 || purego

package vector

import "github.com/pisano-dev/pisano/core/internal/ntt"

// This machine cannot run the kernels, which panic.
const (
	ifmaAvailable = false
	avx2Available = false
)

func (kernels) split4(a *uint64, quarter, count int, records *record) { unavailable() }
func (kernels) split4To(dst *uint64, stride int, src *uint64, quarter, n int, r *record) {
	unavailable()
}
func (kernels) split4Lanes(a *uint64, quarter int, r *rowRecord) { unavailable() }
func (kernels) splitLeaves(l *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord) {
	unavailable()
}
func (kernels) joinLeaves(l *laneRoots, a *uint64, count int, z, y, x *factor, leaf *leafRecord) {
	unavailable()
}
func (kernels) join4(a *uint64, quarter, count int, records *record) { unavailable() }
func (kernels) join4From(dst *uint64, quarter int, src *uint64, stride, n int, r *record) {
	unavailable()
}
func (kernels) join4Lanes(a *uint64, quarter int, r *rowRecord) { unavailable() }
func (kernels) split2(low, high *uint64, n int, f *factor)      { unavailable() }
func (kernels) join2(low, high *uint64, n int, f *factor)       { unavailable() }
func (kernels) linear2(dst, x, y *uint64, n int, f *[2]factor)  { unavailable() }

func (kernels) form(form ntt.Form, a, b *uint64, n int) { unavailable() }

func (*Instructions) residues(dst *uint64, plane int, src *uint64, n int) { unavailable() }
func (*Instructions) first4(dst *uint64, plane, quarter int, src0, src1 *uint64, n int) {
	unavailable()
}
func (*Instructions) first8(dst *uint64, plane, eighth int, src0, src1, src2, src3 *uint64, n int) {
	unavailable()
}

func avx2MixedRadix(cs *[primeCount]doubleConstants, r *mixedRadix, dst *uint64, n int, residues *uint64, plane int, last *lastDigits) {
	unavailable()
}

func ifmaRecombine19(r *recombination, dst *uint64, n int, residues *uint64, plane int, carried *[2]uint64) {
	unavailable()
}
func ifmaRecombine18(r *recombination, dst *uint64, n int, residues *uint64, plane int, carried *[2]uint64) {
	unavailable()
}
func (*Instructions) text(last *byte, words *uint64, count int) { unavailable() }

func unavailable() { panic("vector: not available on this machine") }
