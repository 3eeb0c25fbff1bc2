package team

import (
	"runtime"
	"unsafe"
)

// Runner runs the phases of a calculation on a Team, with scratch memory for
// each worker, and reports their progress. The zero Runner is ready to use. A
// Runner is for one goroutine at a time.
type Runner struct {
	// Step, if not nil, is called after each task with the work of it, in units
	// of the caller's choice, by several goroutines at a time. It returns false
	// to stop the calculation.
	Step func(work int64) bool
	// Processors bounds the goroutines that run tasks at a time; 0 means all
	// processors.
	Processors int

	team    Team
	scratch [][]uint64 // one for each worker
}

// Run calls do for each task, in parallel if parallel is true, with at
// least scratch words of memory that the task's worker uses alone; their values
// are not defined. work is the work of each task. Run reports whether all tasks
// were done; if Step returned false, some were not.
func (r *Runner) Run(parallel bool, tasks int, work int64, scratch int, do func(task int, scratch []uint64)) bool {
	workers := 1
	if parallel {
		workers = max(1, min(Processors(r.Processors), tasks))
	}
	for len(r.scratch) < workers {
		r.scratch = append(r.scratch, nil)
	}
	for i := range workers {
		if len(r.scratch[i]) < scratch {
			r.scratch[i] = AlignedWords(scratch)
		}
	}
	if workers == 1 { // without the allocation of a closure
		for task := range tasks {
			do(task, r.scratch[0])
			if !r.Report(work) {
				return false
			}
		}
		return true
	}
	return r.team.Do(workers, tasks, func(worker, task int) bool {
		do(task, r.scratch[worker])
		return r.Report(work)
	})
}

// Processors returns how many processors a calculation uses at a time, given the
// most that it may use, or 0 for all.
func Processors(most int) int {
	all := runtime.GOMAXPROCS(0)
	if most < 1 {
		return all
	}
	return min(most, all)
}

// Report calls Step, for work done outside of Run, and returns its answer.
func (r *Runner) Report(work int64) bool { return r.Step == nil || r.Step(work) }

// Close ends the goroutines. The Runner keeps its scratch memory and may be used
// again.
func (r *Runner) Close() { r.team.Close() }

// ScratchWords returns the number of words of scratch memory that r keeps.
func (r *Runner) ScratchWords() (n int) {
	for _, s := range r.scratch {
		n += len(s)
	}
	return n
}

// AlignedWords returns n words that start on a cache line, so that goroutines do
// not share the line with other memory.
func AlignedWords(n int) []uint64 {
	const line = 64
	w := make([]uint64, n+line/8-1)
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(w))) % line / 8
	return w[skip : int(skip)+n]
}
