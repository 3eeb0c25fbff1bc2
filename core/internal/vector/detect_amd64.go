//go:build amd64 && !purego

package vector

//go:noescape
func cpuid(leaf, subleaf uint32) (a, b, c, d uint32)

//go:noescape
func xgetbv() (low uint32)

// Available reports whether this machine can run the kernels: whether the processor
// has the instructions and the operating system saves the registers.
var Available = available()

func available() bool {
	const (
		osxsave   = 1 << 27
		registers = 0xe6 // of SSE, AVX and AVX-512
		f         = 1 << 16
		dq        = 1 << 17
		ifma      = 1 << 21
		bw        = 1 << 30
		vl        = 1 << 31
		features  = f | dq | ifma | bw | vl
	)
	if last, _, _, _ := cpuid(0, 0); last < 7 {
		return false
	}
	if _, _, c, _ := cpuid(1, 0); c&osxsave == 0 || xgetbv()&registers != registers {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&features == features
}
