package porttest

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the WorkQueue's contract that is about its backlog.

// wantBacklog checks the backlog as the views of the queue have it.
func wantBacklog(t *testing.T, client string, want core.Backlog, views ...core.WorkQueue) {
	t.Helper()
	for _, q := range views {
		got, err := q.Backlog(t.Context(), client)
		must(t, err)
		if got != want {
			t.Errorf("the backlog, asked for by %q, is %+v, want %+v", client, got, want)
		}
	}
}

func enqueueFor(t *testing.T, q core.WorkQueue, client string, tasks ...core.Task) {
	t.Helper()
	_, err := q.Enqueue(t.Context(), client, tasks...)
	must(t, err)
}

func backlogCounts(t *testing.T, a, b core.WorkQueue) {
	const day = 24 * time.Hour
	clients := []string{"2001:db8::/64", "", "*, of 'all' \"things\" {\x00}"}
	for _, client := range clients {
		wantBacklog(t, client, core.Backlog{}, a, b)
	}
	enqueueFor(t, a, clients[0], core.Task{Index: 1, Cost: day}, core.Task{Index: -2, Cost: time.Microsecond})
	wantBacklog(t, clients[0], core.Backlog{Tasks: 2, All: day + time.Microsecond, Own: day + time.Microsecond}, a, b)
	enqueueFor(t, b, clients[1], core.Task{Index: 3, Cost: 1234567 * time.Microsecond})
	enqueueFor(t, b, clients[2], core.Task{Index: 4, Cost: time.Second})
	enqueueFor(t, b, clients[0], core.Task{Index: 5, Cost: time.Second})
	own := map[core.Index]string{1: clients[0], -2: clients[0], 3: clients[1], 4: clients[2], 5: clients[0]}
	cost := map[core.Index]time.Duration{
		1: day, -2: time.Microsecond, 3: 1234567 * time.Microsecond, 4: time.Second, 5: time.Second,
	}
	check := func() {
		t.Helper()
		for _, client := range append(clients, "a stranger") {
			want := core.Backlog{Tasks: len(own)}
			for n := range own {
				want.All += cost[n]
				if own[n] == client {
					want.Own += cost[n]
				}
			}
			wantBacklog(t, client, want, a, b)
		}
	}
	check()
	for len(own) > 0 {
		c, err := a.Claim(t.Context(), hangTimeout)
		must(t, err)
		check() // a claim changes nothing
		must(t, b.Release(t.Context(), c))
		check()
		again, err := b.Claim(t.Context(), hangTimeout)
		must(t, err)
		must(t, a.Acknowledge(t.Context(), c)) // a lost claim
		check()
		must(t, a.Acknowledge(t.Context(), again))
		delete(own, again.Index)
		check()
		must(t, a.Acknowledge(t.Context(), again)) // and again
		check()
	}
}

func backlogDeduplicated(t *testing.T, a, b core.WorkQueue) {
	enqueueFor(t, a, "first", core.Task{Index: 1, Cost: time.Second}, core.Task{Index: 1, Cost: time.Minute})
	enqueueFor(t, b, "second", core.Task{Index: 1, Cost: time.Hour}, core.Task{Index: 2, Cost: time.Minute})
	c := claim(t, onlyOne{a}, 1)
	enqueueFor(t, b, "second", core.Task{Index: 1, Cost: time.Hour})
	wantBacklog(t, "first", core.Backlog{Tasks: 2, All: time.Minute + time.Second, Own: time.Second}, a, b)
	wantBacklog(t, "second", core.Backlog{Tasks: 2, All: time.Minute + time.Second, Own: time.Minute}, a, b)
	must(t, b.Acknowledge(t.Context(), c))
	wantBacklog(t, "first", core.Backlog{Tasks: 1, All: time.Minute}, a, b)
	enqueueFor(t, b, "second", core.Task{Index: 1, Cost: time.Hour})
	wantBacklog(t, "second", core.Backlog{Tasks: 2, All: time.Minute + time.Hour, Own: time.Minute + time.Hour}, a, b)
}

// onlyOne hands back what is claimed before index 1 is: a queue of parts may
// deliver others first.
type onlyOne struct{ core.WorkQueue }

// Claim implements core.WorkQueue.
func (q onlyOne) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
	c, err := q.WorkQueue.Claim(ctx, wait)
	if err != nil || c.Index == 1 {
		return c, err
	}
	one, err := q.Claim(ctx, wait)
	if err == nil {
		err = q.Release(ctx, c)
	}
	return one, err
}

func backlogExact(t *testing.T, a, b core.WorkQueue) {
	const clients, rounds, count = 4, 5, 20
	views := []core.WorkQueue{a, b}
	var all sync.WaitGroup
	for k := range clients {
		q := views[k%2]
		all.Go(func() {
			client := strconv.Itoa(k)
			for range rounds {
				var tasks []core.Task
				for n := range core.Index(count) { // clients overlap
					tasks = append(tasks, core.Task{Index: 10*core.Index(k) + n, Cost: time.Duration(1000+n) * time.Microsecond})
				}
				if _, err := q.Enqueue(t.Context(), client, tasks...); err != nil {
					t.Errorf("Enqueue: %v", err)
				}
				for range count / 2 {
					c, err := q.Claim(t.Context(), 0)
					if err == nil {
						err = q.Acknowledge(t.Context(), c)
					}
					if err != nil && !core.IsNotFound(err) {
						t.Errorf("claimant: %v", err)
					}
				}
			}
		})
	}
	all.Wait()
	// The clients' own are all there is, before the queue is empty and after.
	for left := true; left; {
		whole, err := a.Backlog(t.Context(), "")
		must(t, err)
		var sum time.Duration
		for k := range clients {
			part, err := b.Backlog(t.Context(), strconv.Itoa(k))
			must(t, err)
			sum += part.Own
		}
		if sum != whole.All || whole.Own != 0 {
			t.Fatalf("of %+v the clients have %v", whole, sum)
		}
		c, err := a.Claim(t.Context(), 0)
		left = err == nil
		if left {
			must(t, a.Acknowledge(t.Context(), c))
		} else {
			wantKind(t, err, core.KindNotFound)
		}
	}
	wantBacklog(t, "0", core.Backlog{}, a, b)
}
