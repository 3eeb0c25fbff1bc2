// Asm generates the assembly of package core/internal/vector:
//
//	go run . -out ../../core/internal/vector/kernels_amd64.s
//
// In that package kernels_amd64.go declares and documents the kernels, and
// model_test.go has them in plain Go. docs/engine.md proves their bounds. go vet
// compares the frames with the declarations.
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
