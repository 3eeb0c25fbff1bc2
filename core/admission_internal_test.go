package core

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// TestDecide_AdmitsWhatFitsIntoTheShareOfItsSubmitter checks the rule of
// admission by itself, with a bound of 100 seconds. All amounts are in seconds.
func TestDecide_AdmitsWhatFitsIntoTheShareOfItsSubmitter(t *testing.T) {
	t.Parallel()
	const bound = 100
	type work struct{ all, own int }
	tests := []struct {
		name             string
		queued, inFlight work
		costs            []int
		want             verdict
		wait             int
	}{
		{"no tasks are always admitted", work{500, 500}, work{}, nil, admitted, 0},
		{"one submitter may use half the bound", work{}, work{}, []int{20, 30}, admitted, 0},
		{"its waiting work counts", work{49, 49}, work{}, []int{1}, admitted, 0},
		{"and no more fits", work{49, 49}, work{}, []int{2}, overShare, 2},
		{"work in flight counts like queued work", work{20, 20}, work{29, 29}, []int{1}, admitted, 0},
		{"and no more fits beside both", work{20, 20}, work{29, 29}, []int{2}, overShare, 2},
		{"the next submitter may use half of the rest", work{50, 0}, work{}, []int{25}, admitted, 0},
		{"and no more than half of the rest", work{50, 0}, work{}, []int{26}, overloaded, 2},
		{"a full backlog admits nothing", work{100, 0}, work{}, []int{1}, overloaded, 2},
		{"a full backlog is not blamed on the submitter", work{100, 1}, work{}, []int{1}, overloaded, 3},
		{"a batch of more than half the bound is too large", work{}, work{}, []int{20, 31}, tooLarge, 0},
		{"a batch is too large whatever waits", work{10, 0}, work{}, []int{20, 31}, tooLarge, 0},
		{"an empty backlog takes any single task", work{}, work{}, []int{999}, admitted, 0},
		{"a backlog with queued work does not", work{1, 0}, work{}, []int{999}, overloaded, 1},
		{"a backlog with work in flight does not", work{}, work{1, 0}, []int{999}, overloaded, 1},
		{"the wait is at most that for an empty backlog", work{10, 10}, work{}, []int{95}, overloaded, 10},
		{"the submitter of an oversized task waits for all of it", work{999, 999}, work{}, []int{1}, overloaded, 999},
		{"others wait until they fit beside it", work{999, 0}, work{}, []int{1}, overloaded, 901},
	}
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	usageOf := func(w work) usage { return usage{all: seconds(w.all), own: seconds(w.own)} }
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var tasks []Task
			for i, cost := range test.costs {
				tasks = append(tasks, Task{Index: Index(i), Cost: seconds(cost)})
			}
			got, wait := decide(usageOf(test.queued), usageOf(test.inFlight), tasks, seconds(bound))
			if got != test.want || wait != seconds(test.wait) {
				t.Errorf("decided %d with a wait of %v, want %d with %d s", got, wait, test.want, test.wait)
			}
		})
	}
}

// emptyQueue is a WorkQueue without a backlog.
type emptyQueue struct{ WorkQueue }

func (emptyQueue) Backlog(context.Context, string) (Backlog, error) { return Backlog{}, nil }

func TestAdmission_ForgetsSubmittersThatHaveLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAdmission(Ports{Queue: emptyQueue{}}, Limits{}, slog.New(slog.DiscardHandler))
		submit := func(submitter string) {
			r := a.open(t.Context(), submitter)
			if err := a.reserve(t.Context(), r, []Task{{Index: 1, Cost: time.Millisecond}}); err != nil {
				t.Error(err)
			}
			a.release(r)
			a.release(r)
		}
		for i := range 1000 {
			submit(strconv.Itoa(i))
		}
		time.Sleep(readingAge)
		submit("the last")
		if all := a.reservations; len(all.bySubmitter) != 1 || len(all.inFlight) != 0 || all.total.committed != all.total.released {
			t.Errorf("%d submitters and %d indices are remembered, and %v of %v released",
				len(all.bySubmitter), len(all.inFlight), all.total.released, all.total.committed)
		}
	})
}
