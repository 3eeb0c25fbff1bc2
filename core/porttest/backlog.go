package porttest

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the WorkQueue's contract that is about its backlog.

// wantBacklog checks the backlog as the views of the queue have it.
func wantBacklog(t *testing.T, submitter string, want core.Backlog, views ...core.WorkQueue) {
	t.Helper()
	for _, q := range views {
		got, err := q.Backlog(t.Context(), submitter)
		must(t, err)
		if got != want {
			t.Errorf("the backlog for %q is %+v, want %+v", submitter, got, want)
		}
	}
}

// shortOnly returns a backlog that is in LaneShort.
func shortOnly(tasks int, all, own time.Duration) core.Backlog {
	return core.Backlog{Tasks: tasks, All: all, Own: own, OwnShort: own}
}

func enqueueFor(t *testing.T, q core.WorkQueue, submitter string, tasks ...core.Task) {
	t.Helper()
	_, err := q.Enqueue(t.Context(), submitter, tasks...)
	must(t, err)
}

func backlogCounts(t *testing.T, a, b core.WorkQueue) {
	const day = 24 * time.Hour
	submitters := []string{"2001:db8::/64", "", "*, of 'all' \"things\" {\x00}"}
	for _, submitter := range submitters {
		wantBacklog(t, submitter, core.Backlog{}, a, b)
	}
	enqueueFor(t, a, submitters[0], core.Task{Index: 1, Cost: day}, core.Task{Index: -2, Cost: time.Microsecond})
	wantBacklog(t, submitters[0], shortOnly(2, day+time.Microsecond, day+time.Microsecond), a, b)
	enqueueFor(t, b, submitters[1], core.Task{Index: 3, Cost: 1234567 * time.Microsecond})
	enqueueFor(t, b, submitters[2], core.Task{Index: 4, Cost: time.Second})
	enqueueFor(t, b, submitters[0], core.Task{Index: 5, Cost: time.Second})
	own := map[core.Index]string{1: submitters[0], -2: submitters[0], 3: submitters[1], 4: submitters[2], 5: submitters[0]}
	cost := map[core.Index]time.Duration{
		1: day, -2: time.Microsecond, 3: 1234567 * time.Microsecond, 4: time.Second, 5: time.Second,
	}
	check := func() {
		t.Helper()
		for _, submitter := range append(submitters, "a stranger") {
			want := core.Backlog{Tasks: len(own)}
			for n := range own {
				want.All += cost[n]
				if own[n] == submitter {
					want.Own += cost[n]
				}
			}
			want.OwnShort = want.Own
			wantBacklog(t, submitter, want, a, b)
		}
	}
	check()
	for range len(own) {
		c := claimOne(t, a)
		check() // a claim changes nothing
		must(t, b.Release(t.Context(), c))
		check()
		again := claimOne(t, b)
		must(t, a.Acknowledge(t.Context(), c)) // a lost claim
		check()
		must(t, a.Acknowledge(t.Context(), again))
		delete(own, again.Index)
		check()
		must(t, a.Acknowledge(t.Context(), again)) // and again
		check()
	}
	if len(own) > 0 {
		t.Errorf("%v were never delivered", own)
	}
}

func backlogDeduplicated(t *testing.T, a, b core.WorkQueue) {
	enqueueFor(t, a, "first", core.Task{Index: 1, Cost: time.Second}, core.Task{Index: 1, Cost: time.Minute})
	enqueueFor(t, b, "second", core.Task{Index: 1, Cost: time.Hour}, core.Task{Index: 2, Cost: time.Minute})
	c := claimOnly(t, a, 1)
	enqueueFor(t, b, "second", core.Task{Index: 1, Cost: time.Hour})
	wantBacklog(t, "first", shortOnly(2, time.Minute+time.Second, time.Second), a, b)
	wantBacklog(t, "second", shortOnly(2, time.Minute+time.Second, time.Minute), a, b)
	must(t, b.Acknowledge(t.Context(), c))
	wantBacklog(t, "first", core.Backlog{Tasks: 1, All: time.Minute}, a, b)
	enqueueFor(t, b, "second", core.Task{Index: 1, Cost: time.Hour})
	wantBacklog(t, "second", shortOnly(2, time.Minute+time.Hour, time.Minute+time.Hour), a, b)
}

// claimOnly claims index n, which a queue of parts may deliver behind others.
func claimOnly(t *testing.T, q core.WorkQueue, n core.Index) (c core.Claim) {
	t.Helper()
	var others []core.Claim
	for _, got := range claimUpTo(t, q, core.ClaimLimit{Count: 10}) {
		if got.Index == n {
			c = got
		} else {
			others = append(others, got)
		}
	}
	must(t, q.Release(t.Context(), others...))
	if c.Token == "" {
		t.Fatalf("Claim did not return %d, which waits", n)
	}
	return c
}

func backlogExact(t *testing.T, a, b core.WorkQueue) {
	const submitters, rounds, count = 4, 5, 20
	views := []core.WorkQueue{a, b}
	var all sync.WaitGroup
	for k := range submitters {
		q := views[k%2]
		all.Go(func() {
			submitter := strconv.Itoa(k)
			for range rounds {
				var tasks []core.Task
				for n := range core.Index(count) { // submitters overlap
					tasks = append(tasks, core.Task{Index: 10*core.Index(k) + n, Cost: time.Duration(1000+n) * time.Microsecond})
				}
				if _, err := q.Enqueue(t.Context(), submitter, tasks...); err != nil {
					t.Errorf("Enqueue: %v", err)
				}
				for i := range count / 4 {
					claims, err := q.Claim(t.Context(), core.ClaimLimit{Count: 1 + i%3})
					if err == nil {
						err = q.Acknowledge(t.Context(), claims...)
					}
					if err != nil {
						t.Errorf("claims of submitter %d: %v", k, err)
					}
				}
			}
		})
	}
	all.Wait()
	// The submitters' own are all there is, before the queue is empty and after.
	for range submitters*rounds*count + 1 {
		whole, err := a.Backlog(t.Context(), "")
		must(t, err)
		var sum time.Duration
		for k := range submitters {
			part, err := b.Backlog(t.Context(), strconv.Itoa(k))
			must(t, err)
			sum += part.Own
		}
		if sum != whole.All || whole.Own != 0 {
			t.Fatalf("of %+v the submitters have %v", whole, sum)
		}
		claims := claimUpTo(t, a, core.ClaimLimit{Count: 1})
		if len(claims) == 0 {
			break
		}
		must(t, a.Acknowledge(t.Context(), claims...))
	}
	wantBacklog(t, "0", core.Backlog{}, a, b)
}
