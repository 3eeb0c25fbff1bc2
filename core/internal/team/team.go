// Package team distributes the tasks of a calculation over goroutines.
//
// A long product consists of some ten phases of many short tasks, with a barrier
// after each phase. To start goroutines for a phase, or to wake them, takes as
// long as a phase of a product of some thousand words. The goroutines of a Team
// persist: after a phase they spin for the next one before they sleep.
package team

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Team is the goroutines of one calculation. The zero Team is ready to use. One
// goroutine at a time may call its methods; the last call must be Close.
type Team struct {
	current atomic.Pointer[phase]
	helpers []*helper
	group   sync.WaitGroup
}

// phase is a set of tasks. Each worker runs a contiguous range of them, because
// neighboring tasks share cache lines, and then steals tasks from the ranges of
// the others. A helper that arrives late finds no task.
type phase struct {
	do      func(worker, task int) bool // nil ends the helpers
	ranges  []taskRange                 // one for each worker
	left    atomic.Int64                // tasks not finished
	stopped atomic.Bool                 // whether do returned false
	waiting atomic.Bool                 // whether the caller sleeps until left is 0
	done    chan struct{}               // wakes the caller
}

// taskRange is the tasks from next to before end. It fills a cache line.
type taskRange struct {
	next atomic.Int64
	end  int64
	_    [48]byte
}

// helper is a goroutine of a team other than the caller's.
type helper struct {
	asleep atomic.Bool
	wake   chan struct{}
}

// awake is the number of helpers of all teams that do not sleep.
var awake atomic.Int64

// Do runs a phase: it calls do for each task, with the number of the worker that
// runs it, which is below workers. do is called by several goroutines at a time,
// but for a given worker by one. Do returns when no call is running and reports
// whether all tasks were run; after do returned false the others are not.
func (t *Team) Do(workers, tasks int, do func(worker, task int) bool) bool {
	workers = min(workers, tasks)
	if workers <= 1 {
		for task := range tasks {
			if !do(0, task) {
				return false
			}
		}
		return true
	}
	for len(t.helpers) < workers-1 {
		h := &helper{wake: make(chan struct{}, 1)}
		t.helpers = append(t.helpers, h)
		worker, seen := len(t.helpers), t.current.Load()
		awake.Add(1)
		t.group.Go(func() { t.help(h, worker, seen) })
	}
	p := &phase{do: do, ranges: make([]taskRange, workers), done: make(chan struct{}, 1)}
	p.left.Store(int64(tasks))
	for i := range p.ranges {
		p.ranges[i].next.Store(int64(i) * int64(tasks) / int64(workers))
		p.ranges[i].end = int64(i+1) * int64(tasks) / int64(workers)
	}
	t.begin(p, workers-1)
	p.work(0)
	p.wait()
	return !p.stopped.Load()
}

// wait returns when all tasks are finished.
func (p *phase) wait() {
	for i := range spins {
		if p.left.Load() == 0 {
			return
		}
		pause(i)
	}
	p.waiting.Store(true)
	if p.left.Load() > 0 || !p.waiting.CompareAndSwap(true, false) {
		<-p.done
	}
}

// begin starts a phase on the given number of helpers.
func (t *Team) begin(p *phase, helpers int) {
	t.current.Store(p)
	for _, h := range t.helpers[:helpers] {
		if h.asleep.CompareAndSwap(true, false) {
			awake.Add(1)
			h.wake <- struct{}{}
		}
	}
}

// Close ends the helpers. The Team may be used again.
func (t *Team) Close() {
	if len(t.helpers) == 0 {
		return
	}
	t.begin(new(phase), len(t.helpers))
	t.group.Wait()
	t.helpers = nil
}

// help is the goroutine of a helper: it works in each phase that begins after
// the one it has seen.
func (t *Team) help(h *helper, worker int, seen *phase) {
	defer awake.Add(-1)
	for {
		h.wait(&t.current, seen)
		seen = t.current.Load()
		if seen.do == nil {
			return
		}
		if worker < len(seen.ranges) {
			seen.work(worker)
		}
	}
}

// spins is the number of times a goroutine polls before it sleeps: about a tenth of
// a millisecond, which is as long as a sleeping one takes to begin.
const spins = 5000

// wait returns when the current phase is another than the one seen.
func (h *helper) wait(current *atomic.Pointer[phase], seen *phase) {
	processors := int64(runtime.GOMAXPROCS(0)) // which takes a lock of the scheduler
	for i := range spins {
		if current.Load() != seen {
			return
		}
		if awake.Load() >= processors {
			break // other goroutines need the processors
		}
		pause(i)
	}
	awake.Add(-1)
	h.asleep.Store(true)
	if current.Load() != seen && h.asleep.CompareAndSwap(true, false) {
		awake.Add(1)
		return
	}
	<-h.wake
}

// pause yields the processor in every 16th iteration of a polling loop.
func pause(i int) {
	if i%16 == 15 {
		runtime.Gosched()
	}
}

// work runs the worker's range of tasks, then what is left of the others.
func (p *phase) work(worker int) {
	for i := range p.ranges {
		r := &p.ranges[(worker+i)%len(p.ranges)]
		for {
			task := r.next.Add(1) - 1
			if task >= r.end {
				break
			}
			if !p.stopped.Load() && !p.do(worker, int(task)) {
				p.stopped.Store(true)
			}
			if p.left.Add(-1) == 0 && p.waiting.CompareAndSwap(true, false) {
				p.done <- struct{}{}
			}
		}
	}
}
