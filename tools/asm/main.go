// Asm writes the assembly of package core/internal/ifma:
//
//	go run . -out ../../core/internal/ifma/kernels_amd64.s
//
// What each kernel does, in plain Go, and its bounds: model_test.go of that
// package, and docs/engine.md. Its parameters are declared in kernels_amd64.go;
// go vet compares the two.
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
	build.Generate()
}
