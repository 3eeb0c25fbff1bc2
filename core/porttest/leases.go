package porttest

import (
	"context"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the WorkQueue's contract that is about leases: when they expire, and
// what becomes of a claim that is lost.

func leaseExpires(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1, 2)
	const deliveries = 3
	last := make(map[core.Index]int)
	claimed := make(map[core.Index]time.Time) // not later than the claim began
	for i := 0; last[1] < deliveries || last[2] < deliveries; i++ {
		if i > 1000 {
			t.Fatalf("after %d deliveries those of 1 and 2 are %v", i, last)
		}
		begin := time.Now()
		c, err := awaitClaim(t.Context(), []core.WorkQueue{a, b}[i%2])
		must(t, err)
		if c.Delivery != last[c.Index]+1 {
			t.Fatalf("delivery %d of %d, want %d", c.Delivery, c.Index, last[c.Index]+1)
		}
		if since := time.Since(claimed[c.Index]); c.Delivery > 1 && since < short {
			t.Errorf("delivery %d of %d came %v after a lease of %v began", c.Delivery, c.Index, since, short)
		}
		last[c.Index], claimed[c.Index] = c.Delivery, begin
	}
}

func expiredLease(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	c := claim(t, b, 1)
	for begin := time.Now(); ; time.Sleep(short / 10) {
		jobs, err := a.Jobs(t.Context(), 1)
		must(t, err)
		if !jobs[1].Claimed {
			break
		}
		if time.Since(begin) > hangTimeout {
			t.Fatalf("a lease of %v has not expired after %v", short, time.Since(begin))
		}
	}
	for begin := time.Now(); ; begin = time.Now() {
		wantLost(t, b, []core.Claim{c}, nil)
		jobs, err := a.Jobs(t.Context(), 1)
		must(t, err)
		if jobs[1].Claimed {
			return
		}
		if took := time.Since(begin); took < short || took > hangTimeout { // else the lease has expired meanwhile
			t.Fatalf("%v after a lease that had expired was renewed its task is %+v", took, jobs[1])
		}
	}
}

// renewed renews a lease in time for three leases. A machine that is too busy
// to do so is given a longer lease.
func renewed(t *testing.T, open func(t *testing.T, lease time.Duration) (a, b core.WorkQueue)) {
	for lease := short; ; lease *= 8 {
		a, b := open(t, lease)
		latest, delivered := renewInTime(t, a, b, lease)
		if !delivered {
			return
		}
		if latest < lease {
			t.Fatalf("a task with a lease of %v was delivered again although it was renewed every %v at the latest", lease, latest)
		}
		if lease > hangTimeout {
			t.Fatalf("renewals %v apart are too late for a lease of %v", latest, lease)
		}
		t.Logf("this machine was too busy to renew a lease of %v: it took %v", lease, latest)
	}
}

// renewInTime renews a lease five times while it lasts, for three leases, and
// returns how far apart renewals were at most and whether the task was
// delivered again meanwhile.
func renewInTime(t *testing.T, a, b core.WorkQueue, lease time.Duration) (latest time.Duration, delivered bool) {
	t.Helper()
	enqueue(t, a, 1)
	renewal := time.Now() // not later than the claim, or the last renewal, began
	c := claim(t, a, 1)
	stolen := make(chan core.Claim, 1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		if c, err := awaitClaim(ctx, b); err == nil {
			stolen <- c
		}
	}()
	tick := time.NewTicker(lease / 5)
	defer tick.Stop()
	for i := range 15 {
		<-tick.C
		begin := time.Now()
		lost, err := a.Renew(t.Context(), core.Renewal{Claim: c, Progress: float64(i) / 15})
		latest = max(latest, time.Since(renewal))
		must(t, err)
		if len(lost) > 0 {
			return latest, true
		}
		renewal = begin
	}
	must(t, a.Acknowledge(t.Context(), c))
	select {
	case <-stolen:
		return latest, true
	default:
		return latest, false
	}
}

func lostClaim(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	lost := []core.Claim{claim(t, a, 1)}
	c := mustAwait(t, b, 1) // once the first lease has expired
	wantLost(t, a, lost, lost)
	must(t, a.Acknowledge(t.Context(), lost...))
	for {
		begin := time.Now()
		held, err := b.Renew(t.Context(), core.Renewal{Claim: c, Progress: 0.1})
		must(t, err)
		if len(held) != 0 {
			t.Fatalf("the second claim was lost: %+v", held)
		}
		jobs, err := a.Jobs(t.Context(), 1)
		must(t, err)
		if jobs[1].Claimed && jobs[1].Progress == 0.1 {
			return
		}
		if took := time.Since(begin); took < short || took > hangTimeout { // else the lease has expired meanwhile
			t.Fatalf("the job of the second claim is %+v, %v after it was renewed", jobs[1], took)
		}
	}
}

// lostReleased has a living worker give back what it lost: its delivery does not
// count any more, and all else stays as it is.
func lostAcknowledged(t *testing.T, a, b core.WorkQueue) {
	const n = 2
	enqueue(t, a, n)
	first := claim(t, a, n)
	second := mustAwait(t, b, n)
	for range 2 { // it is taken off once
		must(t, a.Acknowledge(t.Context(), first))
		wantDeliveries(t, b, n, 1)
	}
	wantLost(t, b, []core.Claim{first, second}, []core.Claim{first})
	must(t, b.Acknowledge(t.Context(), first, second))
	wantDeliveries(t, a, n, 0)
}

// wantDeliveries checks how many deliveries of the task of n count.
func wantDeliveries(t *testing.T, q core.WorkQueue, n core.Index, want int) {
	t.Helper()
	jobs, err := q.Jobs(t.Context(), n)
	must(t, err)
	if got := jobs[n].Deliveries; got != want {
		t.Errorf("%d deliveries count, want %d", got, want)
	}
}

func lostReleased(t *testing.T, a, b core.WorkQueue) {
	const n = 2
	wantCount := func(want int) { t.Helper(); wantDeliveries(t, a, n, want) }
	enqueue(t, a, n)
	first := claim(t, a, n)
	second := mustAwait(t, b, n)
	third := mustAwait(t, a, n)
	if second.Delivery != 2 || third.Delivery != 3 {
		t.Fatalf("deliveries %d and %d after one that was lost", second.Delivery, third.Delivery)
	}
	wantCount(3)
	for range 2 { // it is taken off once
		must(t, b.Release(t.Context(), first))
		wantCount(2)
	}
	must(t, a.Release(t.Context(), core.Claim{Index: n, Token: "no claim"}, core.Claim{Index: 77, Token: first.Token}))
	wantCount(2)
	wantLost(t, b, []core.Claim{first, second, third}, []core.Claim{first, second})
	last := mustAwait(t, b, n) // it was not handed back, its lease has expired
	if last.Delivery != 3 {
		t.Errorf("delivery %d after three, one of them given back", last.Delivery)
	}
	must(t, a.Release(t.Context(), second, third, last))
	wantCount(0)
	must(t, a.Release(t.Context(), first, second, third, last))
	wantCount(0)
	if c := claim(t, a, n); c.Delivery != 1 {
		t.Errorf("delivery %d after all were given back", c.Delivery)
	}
}
