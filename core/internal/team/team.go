// Package team shares out the work of a calculation among goroutines.
//
// A long product is some ten phases of many short tasks, each phase waiting for
// the one before. To start goroutines for each, or to wake them, takes as long
// as a phase of a product of some thousand words. A Team's goroutines stay: at
// the end of a phase they look for the next one a while before they sleep.
package team

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Team is the goroutines of one calculation. Its zero value is ready to use; one
// goroutine at a time may call Do, and must call Close in the end.
type Team struct {
	current atomic.Pointer[phase]
	helpers []*helper
	group   sync.WaitGroup
}

// phase is a count of tasks. Each goroutine does a range of them, so that
// neighbouring tasks, which share cache lines, are done by the same; then it
// helps the others. A helper that comes late finds nothing left to do.
type phase struct {
	do      func(worker, task int) bool // nil ends the helpers
	ranges  []taskRange
	left    atomic.Int64
	stopped atomic.Bool
	waiting atomic.Bool   // whether the caller sleeps until none is left
	done    chan struct{} // wakes it
}

type taskRange struct {
	next atomic.Int64
	end  int64
	_    [48]byte // a cache line each
}

// helper is one of a team's goroutines but the caller's.
type helper struct {
	asleep atomic.Bool
	wake   chan struct{}
}

// awake is the count of all teams' helpers that have not gone to sleep.
var awake atomic.Int64

// Do calls do for each task, with the number of the worker that does it, below
// workers, until all are done or do returned false; it reports which. do is
// called by several goroutines at a time.
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

// wait returns when no task is left.
func (p *phase) wait() {
	for turn := range turns {
		if p.left.Load() == 0 {
			return
		}
		pause(turn)
	}
	p.waiting.Store(true)
	if p.left.Load() > 0 || !p.waiting.CompareAndSwap(true, false) {
		<-p.done
	}
}

// begin lets so many helpers begin a phase.
func (t *Team) begin(p *phase, helpers int) {
	t.current.Store(p)
	for _, h := range t.helpers[:helpers] {
		if h.asleep.CompareAndSwap(true, false) {
			awake.Add(1)
			h.wake <- struct{}{}
		}
	}
}

// Close ends the team's goroutines. The Team may be used again.
func (t *Team) Close() {
	if len(t.helpers) == 0 {
		return
	}
	t.begin(new(phase), len(t.helpers))
	t.group.Wait()
	t.helpers = nil
}

// help does the worker's share of each phase that begins after the seen one.
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

// turns is how often a goroutine looks for what it waits for before it sleeps:
// some tens of microseconds.
const turns = 400

// wait returns when the current phase is not the seen one.
func (h *helper) wait(current *atomic.Pointer[phase], seen *phase) {
	for turn := range turns {
		if current.Load() != seen {
			return
		}
		if awake.Load() >= int64(runtime.GOMAXPROCS(0)) {
			break // others want the processors
		}
		pause(turn)
	}
	awake.Add(-1)
	h.asleep.Store(true)
	if current.Load() != seen && h.asleep.CompareAndSwap(true, false) {
		awake.Add(1)
		return
	}
	<-h.wake
}

// pause lets other goroutines run, every few turns of a loop that waits.
func pause(turn int) {
	if turn%16 == 15 {
		runtime.Gosched()
	}
}

// work does the worker's range, then what is left of the others'.
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
