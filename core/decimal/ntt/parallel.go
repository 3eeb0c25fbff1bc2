package ntt

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel does so many tasks of a total cost, for each point, on all
// processors, each goroutine with scratch memory of its own. It reports false
// when it was stopped.
func (m *Multiplier) parallel(l layout, tasks int, cost int64, do func(task int, scratch []uint64)) bool {
	share := cost * int64(l.points) / int64(tasks)
	workers := 1
	if Parallel(l.points) {
		workers = min(runtime.GOMAXPROCS(0), tasks)
	}
	for len(m.scratch) < workers {
		m.scratch = append(m.scratch, nil)
	}
	for i := range workers {
		if words := l.scratch(); len(m.scratch[i]) < words {
			m.scratch[i] = make([]uint64, words)
		}
	}
	var next atomic.Int64
	var stopped atomic.Bool
	work := func(scratch []uint64) {
		for !stopped.Load() {
			task := int(next.Add(1)) - 1
			if task >= tasks {
				return
			}
			do(task, scratch)
			if m.Step != nil && !m.Step(share) {
				stopped.Store(true)
			}
		}
	}
	var group sync.WaitGroup
	for _, scratch := range m.scratch[1:workers] {
		group.Go(func() { work(scratch) })
	}
	work(m.scratch[0])
	group.Wait()
	return !stopped.Load()
}
