package ntt

import "runtime"

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
	return m.team.Do(workers, tasks, func(worker, task int) bool {
		do(task, m.scratch[worker])
		return m.step == nil || m.step(share)
	})
}
