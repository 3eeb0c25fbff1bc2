//go:build race

package core_test

import "runtime"

// The race detector of Go 1.26 fails when a goroutine of a synctest bubble is woken
// by another processor at the moment it parks (golang/go#78156), so there is only
// one. What happens before what, and thus what the detector finds, stays the same.
func init() { runtime.GOMAXPROCS(1) }
