package team_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/pisano-dev/pisano/core/internal/team"
)

func TestRunner_RunsEachTaskOnceWithPrivateScratchMemory(t *testing.T) {
	t.Parallel()
	var r team.Runner
	defer r.Close()
	for _, parallel := range []bool{false, true} {
		for _, scratch := range []int{0, 3, 100} {
			const tasks = 1000
			var done [tasks]atomic.Int64
			if !r.Run(parallel, tasks, 1, scratch, func(task int, own []uint64) {
				if len(own) < scratch {
					t.Errorf("task %d has %d words of %d", task, len(own), scratch)
				}
				for i := range own {
					own[i] = uint64(task)
				}
				runtime.Gosched()
				for _, x := range own {
					if x != uint64(task) {
						t.Errorf("task %d shares its memory with task %d", task, x)
					}
				}
				done[task].Add(1)
			}) {
				t.Error("stopped without a Step")
			}
			for task := range done {
				if n := done[task].Load(); n != 1 {
					t.Errorf("task %d was done %d times", task, n)
				}
			}
		}
	}
	if n := r.ScratchWords(); n < 100 || n > 100*runtime.GOMAXPROCS(0) {
		t.Errorf("%d words are kept", n)
	}
}

func TestRunner_ReportsWorkAndStops(t *testing.T) {
	t.Parallel()
	for _, parallel := range []bool{false, true} {
		var work atomic.Int64
		r := team.Runner{Step: func(units int64) bool { return work.Add(units) < 70 }}
		defer r.Close()
		var tasks atomic.Int64
		if r.Run(parallel, 1_000_000, 7, 0, func(int, []uint64) { tasks.Add(1) }) || r.Report(0) {
			t.Error("not stopped")
		}
		if n := tasks.Load(); work.Load() != 7*n || n < 10 || n > 1000 {
			t.Errorf("%d tasks were done, and work of %d was reported", n, work.Load())
		}
	}
}

func TestAlignedWords_StartOnACacheLine(t *testing.T) {
	t.Parallel()
	for n := 1; n < 50; n++ {
		w := team.AlignedWords(n)
		if uintptr(unsafe.Pointer(unsafe.SliceData(w)))%64 != 0 || len(w) != n {
			t.Errorf("%d words at %p", len(w), w)
		}
	}
}
