package memory

import (
	"time"

	"github.com/pisano-dev/pisano/core"
)

// NewPorts returns the ports of a program that keeps everything in memory,
// with a queue whose leases have the given length.
func NewPorts(calculator core.Calculator, lease time.Duration) core.Ports {
	return core.Ports{
		Store:      new(IndexStore),
		Cache:      new(ValueCache),
		Queue:      NewWorkQueue(lease),
		Workers:    new(WorkerRegistry),
		Events:     new(Events),
		Calculator: calculator,
	}
}
