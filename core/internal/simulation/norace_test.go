//go:build !race

package simulation_test

const (
	defaultSeeds = 5000
	mutantSeeds  = 500
	raceDetector = false
)
