// Asm generates the assembly of package core/internal/vector:
//
//	go run . -out ../../core/internal/vector/kernels_amd64.s
//
// In that package ifma_amd64.go and avx2_amd64.go declare the kernels of both sets of
// instructions, kernels_amd64.go says what they do, and ifma_model_test.go and
// avx2_model_test.go have them in plain Go. docs/engine.md proves their bounds. go vet
// compares the frames with the declarations. The files named avx2 generate the
// kernels of AVX2.
package main

import "github.com/mmcloughlin/avo/build"

func main() {
	build.ConstraintExpr("amd64,!purego")
	detect()
	splits()
	joins()
	leaves()
	columns()
	pointwise()
	recombine18()
	recombine19()
	text()
	doublePasses()
	doubleLeaves()
	doubleColumns()
	doubleForms()
	mixedRadix()
	doubleText()
	build.Generate()
}
