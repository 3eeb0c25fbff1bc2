//go:build amd64 && !purego

package vector

//go:noescape
func cpuid(leaf, subleaf uint32) (a, b, c, d uint32)

//go:noescape
func xgetbv() (low uint32)

var (
	ifmaAvailable = supports(0xe6, 0, 1<<16|1<<17|1<<21|1<<30|1<<31) // AVX-512 F, DQ, IFMA, BW and VL
	avx2Available = supports(0x06, 1<<12|1<<28, 1<<5)                // FMA and AVX, AVX2
)

// supports reports whether the operating system saves the given sets of registers,
// and the processor has the features that CPUID tells in leaves 1 and 7.
func supports(registers, leaf1, leaf7 uint32) bool {
	const osxsave = 1 << 27
	if last, _, _, _ := cpuid(0, 0); last < 7 {
		return false
	}
	_, _, c, _ := cpuid(1, 0)
	if c&osxsave == 0 || xgetbv()&registers != registers {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return c&leaf1 == leaf1 && b&leaf7 == leaf7
}
