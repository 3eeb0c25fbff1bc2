package core

import (
	"context"
	"fmt"
)

// MinMemory is the smallest memory of a worker in bytes. What needs less is
// accepted without a look at the workers.
const MinMemory = 64 << 20

// memoryFor returns how much memory a worker needs for a calculation: that of
// the calculation, and half as much for garbage, and for the value while it is
// stored. Measured with two indices of 4·10^8 side by side.
func memoryFor(e Estimate) int64 { return e.Bytes + e.Bytes/2 }

// allot returns an allotment for the calculation of a claim, or nil if it
// should be left to another worker, or to later. largest returns the memory of the
// largest worker, if it is known.
func (w *Worker) allot(claim Claim, largest func() (bytes int64, known bool)) *allotment {
	bytes := memoryFor(w.ports.Calculator.Estimate(claim.Index))
	if !w.holds(bytes) {
		if memory, known := largest(); !known || bytes <= memory {
			return nil
		}
		bytes = 0 // calculate refuses it
	}
	// What was delivered before may have killed its worker: it takes no others
	// with it, and has all there is.
	return w.memory.allot(bytes, claim.Delivery > 1 && bytes > 0)
}

// holds reports whether so much memory is not more than this worker's.
func (w *Worker) holds(bytes int64) bool { return w.info.Memory == 0 || bytes <= w.info.Memory }

func (w *Worker) largestMemory(ctx context.Context) (bytes int64, known bool) {
	workers, err := w.ports.Workers.List(ctx)
	if err != nil {
		return 0, false
	}
	return largestMemory(workers)
}

// largestMemory returns the memory of the largest worker, if there are workers
// and that of all is known.
func largestMemory(workers []WorkerInfo) (bytes int64, known bool) {
	for _, worker := range workers {
		if worker.Memory == 0 {
			return 0, false
		}
		bytes = max(bytes, worker.Memory)
	}
	return bytes, len(workers) > 0
}

// checkMemory returns an error of KindTooLarge if one of the indices, which have
// the given estimates, fits no worker. Without workers, and while they can't be
// listed, all are accepted.
func (s *Service) checkMemory(ctx context.Context, indices []Index, estimates []Estimate) error {
	var largest Index
	var estimate Estimate
	for i, e := range estimates {
		if e.Bytes > estimate.Bytes {
			largest, estimate = indices[i], e
		}
	}
	if memoryFor(estimate) <= MinMemory {
		return nil
	}
	workers, err := s.ports.Workers.List(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "workers not listed; accepted without a look at their memory", "error", err)
		return nil
	}
	if memory, known := largestMemory(workers); known && memoryFor(estimate) > memory {
		return tooLargeForMemory(largest, estimate, memory)
	}
	return nil
}

// tooLargeForMemory returns the error for an index that fits no worker, the
// largest of which has the given memory.
func tooLargeForMemory(n Index, estimate Estimate, memory int64) error {
	return &Error{
		Kind:  KindTooLarge,
		Field: "index",
		Message: fmt.Sprintf("The calculation of F(%d) needs about %s of memory; the largest worker has %s.",
			n, inBytes(memoryFor(estimate)), inBytes(memory)),
		Estimate: &estimate,
	}
}

// neverFinished returns the error for a task that was delivered too often. It
// names memory if the lack of it is a likely reason.
func (w *Worker) neverFinished(n Index) error {
	message := fmt.Sprintf("The calculation was started %d times and never finished.", MaxDeliveries)
	bytes, unknown := memoryFor(w.ports.Calculator.Estimate(n)), w.info.Memory == 0
	if unknown && bytes >= 1<<30 || !unknown && bytes >= w.info.Memory/2 {
		message += fmt.Sprintf(" It needs about %s of memory, which is likely to have run out.", inBytes(bytes))
	}
	return NewError(KindInternal, message)
}

// inBytes returns a size in the largest suitable unit, such as "1.5 GiB".
func inBytes(bytes int64) string {
	if bytes >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	}
	return fmt.Sprintf("%d MiB", (bytes+1<<20-1)>>20)
}
