//go:build race

package simulation_test

import "runtime"

// defaultSeeds are fewer than without the race detector, under which a seed takes
// eight times as long: a race does not hide until the thousandth.
const defaultSeeds = 500

// mutantSeeds are those that find most mutants. Without the race detector all have
// to be found.
const mutantSeeds = 10

const raceDetector = true

// As in the tests of package core: golang/go#78156.
func init() { runtime.GOMAXPROCS(1) }
