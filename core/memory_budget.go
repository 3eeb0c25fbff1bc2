package core

import (
	"context"
	"sync"
)

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

// allotment is a part of a memoryBudget.
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
	a := &allotment{budget: b, bytes: bytes, alone: alone, ready: make(chan struct{})}
	switch {
	case b.head == nil && b.fits(a):
		b.run(a)
	case b.head == nil:
		b.head, b.passed = a, 0
	case !b.head.alone && b.fits(a) && b.passed+bytes+b.head.bytes <= b.total:
		a.head = b.head
		b.passed += bytes
		b.run(a)
	default:
		return nil
	}
	return a
}

// fits reports whether an allotment may run beside those that do.
func (b *memoryBudget) fits(a *allotment) bool {
	return b.running == 0 || !b.alone && !a.alone && (b.total == 0 || b.used+a.bytes <= b.total)
}

func (b *memoryBudget) run(a *allotment) {
	b.running++
	b.used += a.bytes
	b.alone = a.alone
	a.isRun = true
	close(a.ready)
}

// grow adds the memory of another calculation, and reports whether there is so much:
// the allotment must run already, and not alone.
func (a *allotment) grow(bytes int64) bool {
	b := a.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if !a.isRun || a.alone || b.head != nil || b.total > 0 && b.used+bytes > b.total {
		return false
	}
	b.used += bytes
	a.bytes += bytes
	return true
}

// wait waits until the allotment may run, or ctx ends.
func (a *allotment) wait(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case <-a.ready:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end gives the memory back.
func (a *allotment) end() {
	b := a.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case a.isRun:
		b.running--
		b.used -= a.bytes
		if b.head != nil && a.head == b.head {
			b.passed -= a.bytes
		}
		if b.running == 0 {
			b.alone = false
		}
	case b.head == a:
		b.head = nil
	}
	if b.head != nil && b.fits(b.head) {
		head := b.head
		b.head = nil
		b.run(head)
	}
}
