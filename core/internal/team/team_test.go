package team_test

import (
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/pisano-dev/pisano/core/internal/team"
)

var counts = []struct{ workers, tasks int }{{1, 3}, {2, 0}, {2, 1}, {5, 1000}, {3, 7}, {2, 1000}, {8, 8}}

// synctest.Test fails if a goroutine is left.
func TestTeam_RunsEachTaskOnceAndLeavesNoGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var all team.Team
		for _, c := range counts {
			done := make([]atomic.Int64, c.tasks)
			if !all.Do(c.workers, c.tasks, func(_, task int) bool {
				done[task].Add(1)
				return true
			}) {
				t.Errorf("%+v: stopped", c)
			}
			for task := range done {
				if n := done[task].Load(); n != 1 {
					t.Errorf("%+v: task %d was done %d times", c, task, n)
				}
			}
		}
		all.Close()
	})
}

func TestTeam_RunsOneTaskPerWorkerAtATime(t *testing.T) {
	t.Parallel()
	var all team.Team
	defer all.Close()
	for _, c := range counts {
		busy := make([]atomic.Bool, 8)
		all.Do(c.workers, c.tasks, func(worker, task int) bool {
			if busy[worker].Swap(true) {
				t.Errorf("%+v: task %d was given to worker %d, which was busy", c, task, worker)
			}
			busy[worker].Store(false)
			return true
		})
	}
}

func TestTeam_StopsWhenATaskReturnsFalse(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 2, 4} {
		t.Run(strconv.Itoa(workers), func(t *testing.T) {
			t.Parallel()
			var all team.Team
			defer all.Close()
			var done atomic.Int64
			if all.Do(workers, 1_000_000, func(int, int) bool { return done.Add(1) < 10 }) {
				t.Error("the last task was reached")
			}
			if n := done.Load(); n >= 1000 {
				t.Errorf("%d tasks were done after the tenth said stop", n-10)
			}
			if !all.Do(workers, 10, func(int, int) bool { return true }) {
				t.Error("the phase after it was stopped too")
			}
		})
	}
}

// A task waits until all other goroutines sleep.
func TestTeam_SleepsDuringALongTask(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(*testing.T) {
		var all team.Team
		defer all.Close()
		for long := range 4 {
			all.Do(4, 4, func(_, task int) bool {
				if task == long {
					synctest.Wait()
				}
				return true
			})
		}
	})
}
