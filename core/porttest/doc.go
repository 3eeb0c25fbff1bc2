// Package porttest is the contract of every port of package core, as test
// suites that any implementation can run.
//
// An adapter's own test is a small harness that opens it:
//
//	func TestIndexStore(t *testing.T) {
//		porttest.TestIndexStore(t, func(t *testing.T) core.IndexStore { … })
//	}
//
// Each subtest asks for an implementation of its own that holds nothing, and
// runs in parallel with the others.
package porttest
