package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Go lets garbage grow to the size of what is live, stacks included. Thousands of
// idle clients make that large, and then garbage is collected at a quarter of it. To
// do so while little is live would save a few MiB for a tenth of the CPU time of
// submissions.
const (
	smallPercent = 100
	largePercent = 25
	// Between these sizes in bytes the percentage stays as it is.
	smallLive = 48 << 20
	largeLive = 64 << 20

	gcPeriod = time.Second
)

// adaptGC sets the percentage of the garbage collector by what is live, until ctx
// ends. It is smallPercent at first.
func adaptGC(ctx context.Context) {
	tick := time.NewTicker(gcPeriod)
	defer tick.Stop()
	for percent := smallPercent; ; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if next := gcPercent(percent, liveBytes()); next != percent {
			percent = next
			debug.SetGCPercent(percent)
		}
	}
}

// gcPercent returns the percentage that follows the current one with so many bytes
// live.
func gcPercent(current int, live uint64) int {
	switch {
	case live < smallLive:
		return smallPercent
	case live > largeLive:
		return largePercent
	}
	return current
}

// liveBytes returns what the last collection found live, in the heap and on stacks.
func liveBytes() (live uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}}
	metrics.Read(samples)
	for _, s := range samples {
		live += s.Value.Uint64()
	}
	return live
}
