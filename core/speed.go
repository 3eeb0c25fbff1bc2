package core

import (
	"context"
	"sync"
	"time"
)

const (
	// minMeasured is the smallest estimate of a calculation that is measured: the
	// time of shorter ones says little of the longer.
	minMeasured = 10 * time.Millisecond
	// minWorkedOff is the work after which the speed of a worker is known.
	minWorkedOff = time.Second
	// speedMemory is about how much time the latest speed is a mean over.
	speedMemory = 2 * time.Minute
	// maxSpeed bounds the speed, and its inverse.
	maxSpeed = 100
)

// speedMeter measures how much faster calculations are than was estimated where
// their tasks were enqueued.
type speedMeter struct {
	mu               sync.Mutex
	estimated, taken time.Duration // sums, in which the past counts less and less
}

// add adds a calculation.
func (m *speedMeter) add(estimated, taken time.Duration) {
	if estimated < minMeasured {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.estimated += estimated
	m.taken += max(taken, 1)
	if m.estimated > speedMemory || m.taken > speedMemory && m.estimated > 2*minWorkedOff {
		m.estimated /= 2
		m.taken /= 2
	}
}

// speed returns the speed for WorkerInfo, 0 if it is not known yet.
func (m *speedMeter) speed() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.estimated < minWorkedOff {
		return 0
	}
	return min(max(m.estimated.Seconds()/m.taken.Seconds(), 1./maxSpeed), maxSpeed)
}

// speedOf returns the mean speed of the slots of the workers whose speed is known,
// and the sum of the speeds of all slots of all workers, which counts as 1 what is
// not known. Without any known, the mean is 1.
func speedOf(workers []WorkerInfo) (mean, sum float64) {
	var known, slots float64
	for _, worker := range workers {
		count := float64(max(worker.Slots, 1))
		if worker.Speed <= 0 {
			sum += count
			continue
		}
		sum += count * worker.Speed
		known += count * worker.Speed
		slots += count
	}
	if slots == 0 {
		return 1, sum
	}
	return known / slots, sum
}

// atSpeed returns the time that work takes at the given speed.
func atSpeed(work time.Duration, speed float64) time.Duration {
	if speed <= 0 {
		return work
	}
	return time.Duration(min(float64(work)/speed, float64(1<<62)))
}

// liveWorkers returns the workers that are alive. If they can't be listed within
// lookupTimeout there are none: nothing depends on them but the quality of an
// estimate.
func liveWorkers(ctx context.Context, registry WorkerRegistry) []WorkerInfo {
	ctx, end := context.WithTimeout(ctx, lookupTimeout)
	defer end()
	workers, err := registry.List(ctx)
	if err != nil {
		return nil
	}
	return workers
}
