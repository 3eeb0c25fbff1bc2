package core

import (
	"context"
	"fmt"
	"sync"
)

// MinMemory is the smallest memory of a worker in bytes. What needs less is
// accepted without a look at the workers.
const MinMemory = 64 << 20

// memoryFor returns how much memory a worker needs for a calculation: that of
// the calculation, and half as much for garbage, and for the value while it is
// stored. Measured with two indices of 4·10^8 side by side.
func memoryFor(e Estimate) int64 { return e.Bytes + e.Bytes/2 }

// memoryBudget decides which calculations of a worker run side by side: those
// that fit together. One that does not fit beside those that run waits for them
// to end, as the head; others pass it only if they do not delay it.
type memoryBudget struct {
	total int64 // bytes; 0: not known

	mu      sync.Mutex
	running int
	used    int64      // by those that run
	alone   bool       // the one that runs must run alone
	head    *allotment // waits; nil if none does
	passed  int64      // used by those that passed the head
}

// allotment is room in a memoryBudget.
type allotment struct {
	budget *memoryBudget
	bytes  int64
	alone  bool
	head   *allotment    // that it passed
	ready  chan struct{} // closed when it may run
	isRun  bool
}

// allot returns an allotment, which may have to wait, or nil if too many do.
func (b *memoryBudget) allot(bytes int64, alone bool) *allotment {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := &allotment{budget: b, bytes: bytes, alone: alone, ready: make(chan struct{})}
	switch {
	case b.head == nil && b.fits(r):
		b.run(r)
	case b.head == nil:
		b.head, b.passed = r, 0
	case !b.head.alone && b.fits(r) && b.passed+bytes+b.head.bytes <= b.total:
		r.head = b.head
		b.passed += bytes
		b.run(r)
	default:
		return nil
	}
	return r
}

// fits reports whether an allotment may run beside those that do.
func (b *memoryBudget) fits(r *allotment) bool {
	return b.running == 0 || !b.alone && !r.alone && (b.total == 0 || b.used+r.bytes <= b.total)
}

func (b *memoryBudget) run(r *allotment) {
	b.running++
	b.used += r.bytes
	b.alone = r.alone
	r.isRun = true
	close(r.ready)
}

// wait waits until the allotment may run, or ctx ends.
func (r *allotment) wait(ctx context.Context) error {
	select {
	case <-r.ready:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end gives the room back.
func (r *allotment) end() {
	b := r.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case r.isRun:
		b.running--
		b.used -= r.bytes
		if b.head != nil && r.head == b.head {
			b.passed -= r.bytes
		}
		if b.running == 0 {
			b.alone = false
		}
	case b.head == r:
		b.head = nil
	}
	if b.head != nil && b.fits(b.head) {
		head := b.head
		b.head = nil
		b.run(head)
	}
}

// allot returns an allotment for the calculation of a claim, or nil if it
// should be left to another worker, or to later.
func (w *Worker) allot(ctx context.Context, claim Claim) *allotment {
	bytes := memoryFor(w.ports.Calculator.Estimate(claim.Index))
	if !w.holds(bytes) {
		if memory, known := w.largestMemory(ctx); !known || bytes <= memory {
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

// checkMemory returns an error of KindTooLarge if one of the indices fits no
// worker. Without workers, and while they can't be listed, all are accepted.
func (s *Service) checkMemory(ctx context.Context, indices ...Index) error {
	var largest Index
	var estimate Estimate
	for _, n := range indices {
		if e := s.ports.Calculator.Estimate(n); e.Bytes > estimate.Bytes {
			largest, estimate = n, e
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
