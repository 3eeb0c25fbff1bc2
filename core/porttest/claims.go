package porttest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The part of the WorkQueue's contract that is about claims.

func manyCallers(t *testing.T, a, b core.WorkQueue) {
	const count = 200
	indices := sequence(0, count)
	enqueue(t, a, indices...)
	var mu sync.Mutex
	delivered := make(map[core.Index]int)
	var all sync.WaitGroup
	for i := range 8 {
		q := []core.WorkQueue{a, b}[i%2]
		all.Go(func() {
			for range count + 1 {
				claims, err := q.Claim(t.Context(), core.ClaimLimit{Count: 1 + i})
				if err == nil {
					err = q.Acknowledge(t.Context(), claims...)
				}
				if err != nil {
					t.Errorf("caller %d: %v", i, err)
				}
				if err != nil || len(claims) == 0 {
					return
				}
				mu.Lock()
				for _, c := range claims {
					delivered[c.Index]++
				}
				mu.Unlock()
			}
			t.Errorf("caller %d claimed more often than there were tasks; the queue must become empty", i)
		})
	}
	all.Wait()
	for _, n := range indices {
		if delivered[n] != 1 {
			t.Errorf("%d was delivered %d times", n, delivered[n])
		}
	}
}

func claimCount(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, sequence(1, 20)...)
	left := 20
	for _, count := range []int{3, 1, 0, -1, 7, 100} {
		want := min(max(1, count), left)
		if claims := claimUpTo(t, b, core.ClaimLimit{Count: count}); len(claims) != want {
			t.Fatalf("Claim with a count of %d returned %d tasks of %d that wait; it must return %d", count, len(claims), left, want)
		}
		left -= want
	}
	wantNone(t, a)
}

func claimCost(t *testing.T, a, b core.WorkQueue) {
	var seconds []core.Task
	for _, n := range sequence(1, 20) {
		seconds = append(seconds, core.Task{Index: n, Cost: time.Second})
	}
	enqueueFor(t, a, "somebody", seconds...)
	for _, test := range []struct {
		limit core.ClaimLimit
		want  int
	}{
		{core.ClaimLimit{Count: 10, Cost: 3 * time.Second}, 3},
		{core.ClaimLimit{Count: 2, Cost: 3 * time.Second}, 2},
		{core.ClaimLimit{Count: 10, Cost: 1999 * time.Millisecond}, 1},
		{core.ClaimLimit{Count: 10, Cost: time.Microsecond}, 1}, // the first whatever its cost
		{core.ClaimLimit{Count: 4}, 4},                          // no bound
		{core.ClaimLimit{Count: 10, Cost: time.Hour}, 9},
	} {
		claims := claimUpTo(t, b, test.limit)
		if len(claims) != test.want {
			t.Fatalf("Claim with the limit %+v returned %d tasks of a second each; it must return %d", test.limit, len(claims), test.want)
		}
		for _, c := range claims {
			if c.Delivery != 1 || c.Cost != time.Second {
				t.Errorf("the first delivery of a task of a second is %+v", c)
			}
		}
	}
	wantNone(t, a)
}

// releasedFirst also sees that what does not fit into a limit keeps its place.
func releasedFirst(t *testing.T, partOf func(core.Index) int, a, b core.WorkQueue) {
	first, next := core.Index(1), core.Index(2)
	for partOf(next) != partOf(first) {
		next++
	}
	enqueue(t, a, first)
	c := claim(t, a, first)
	enqueue(t, a, next)
	must(t, b.Release(t.Context(), c))
	again := claimUpTo(t, b, core.ClaimLimit{Count: 2, Cost: time.Millisecond})
	if len(again) != 1 || again[0].Index != first || again[0].Delivery != 1 {
		t.Fatalf("claimed %+v; the task that was released must come first", again)
	}
	if c := claim(t, a, next); c.Delivery != 1 {
		t.Errorf("delivery %d of a task that did not fit before", c.Delivery)
	}
	wantNone(t, b)
	wantLost(t, b, again, nil)
}

func emptyQueue(t *testing.T, a, b core.WorkQueue) {
	quickest := hangTimeout
	for range 20 {
		begin := time.Now()
		wantNone(t, a)
		quickest = min(quickest, time.Since(begin))
	}
	if quickest > 100*time.Millisecond {
		t.Errorf("Claim on an empty queue took %v at least; it must not wait for a task", quickest)
	}
	enqueue(t, a, 1)
	claim(t, b, 1)
	wantNone(t, a)
}

func claimFields(t *testing.T, a, b core.WorkQueue) {
	const cost = 1234567 * time.Microsecond
	enqueueFor(t, a, "somebody", core.Task{Index: -7, Cost: cost})
	first := claim(t, b, -7)
	must(t, a.Release(t.Context(), first))
	second := claim(t, a, -7)
	for _, c := range []core.Claim{first, second} {
		if c.Cost != cost || c.Lease != long || c.Delivery != 1 {
			t.Errorf("claimed %+v, want a cost of %v and a lease of %v", c, cost, long)
		}
	}
	if first.Token == second.Token {
		t.Errorf("two deliveries have the token %q; it must tell them apart", first.Token)
	}
}

func acknowledged(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	c := claim(t, a, 1)
	must(t, b.Acknowledge(t.Context(), c))
	must(t, b.Acknowledge(t.Context(), c))
	wantLost(t, a, []core.Claim{c}, []core.Claim{c})
	wantNone(t, a)
	if added := enqueue(t, b, 1); added != 1 {
		t.Error("an index that is done could not be queued again")
	}
	must(t, a.Acknowledge(t.Context(), c)) // of the task before
	if c := claim(t, a, 1); c.Delivery != 1 {
		t.Errorf("queued again, its first delivery is number %d", c.Delivery)
	}
}

func released(t *testing.T, a, b core.WorkQueue) {
	enqueue(t, a, 1)
	first := claim(t, a, 1)
	must(t, a.Release(t.Context(), first))
	second := claim(t, b, 1)
	if second.Delivery != 1 {
		t.Errorf("delivery %d after one that was released", second.Delivery)
	}
	// The first claim is lost, whatever it does.
	must(t, a.Release(t.Context(), first))
	must(t, a.Acknowledge(t.Context(), first))
	wantLost(t, a, []core.Claim{first}, []core.Claim{first})
	wantNone(t, a)
	wantLost(t, b, []core.Claim{second}, nil)
}

// someLost returns claims of 1 to 6, of which those of 2 and 4 are lost: the
// task of 2 is done, that of 4 was released and claimed again.
func someLost(t *testing.T, a, b core.WorkQueue) (claims []core.Claim, again core.Claim) {
	t.Helper()
	enqueue(t, a, sequence(1, 6)...)
	claims = claimUpTo(t, b, core.ClaimLimit{Count: 6})
	slices.SortFunc(claims, func(x, y core.Claim) int { return int(x.Index - y.Index) })
	if len(claims) != 6 {
		t.Fatalf("claimed %d tasks of six", len(claims))
	}
	must(t, a.Acknowledge(t.Context(), claims[1]))
	must(t, a.Release(t.Context(), claims[3]))
	return claims, claim(t, b, 4)
}

func renewSome(t *testing.T, a, b core.WorkQueue) {
	claims, again := someLost(t, a, b)
	unknown := core.Claim{Index: 77, Token: "no claim"}
	twice := slices.Concat(claims, claims, []core.Claim{unknown})
	wantLost(t, a, twice, []core.Claim{claims[1], claims[3], claims[1], claims[3], unknown})
	lost, err := b.Renew(t.Context(), core.Renewal{Claim: claims[0], Progress: 0.25}, core.Renewal{Claim: claims[1], Progress: 0.5},
		core.Renewal{Claim: claims[4], Progress: 0.125}, core.Renewal{Claim: claims[4], Progress: 0.75})
	must(t, err)
	if !slices.Equal(lost, claims[1:2]) {
		t.Errorf("Renew returned %+v, want %+v", lost, claims[1:2])
	}
	wantJobs(t, a, map[core.Index]core.Job{
		1: {Claimed: true, Progress: 0.25}, 3: {Claimed: true, Progress: 0.5}, 4: {Claimed: true},
		5: {Claimed: true, Progress: 0.75}, 6: {Claimed: true, Progress: 0.5},
	}, sequence(1, 6)...)
	wantLost(t, a, []core.Claim{again}, nil)
}

func acknowledgeSome(t *testing.T, a, b core.WorkQueue) {
	claims, again := someLost(t, a, b)
	must(t, a.Acknowledge(t.Context(), slices.Concat(claims[:5], claims)...))
	wantJobs(t, b, map[core.Index]core.Job{4: {Claimed: true}}, sequence(1, 6)...)
	wantBacklog(t, "somebody", shortOnly(1, time.Millisecond, time.Millisecond), a, b)
	must(t, b.Acknowledge(t.Context(), again))
	wantNone(t, a)
}

func releaseSome(t *testing.T, a, b core.WorkQueue) {
	claims, again := someLost(t, a, b)
	must(t, a.Release(t.Context(), slices.Concat(claims[:5], claims)...))
	wantJobs(t, b, map[core.Index]core.Job{1: {}, 3: {}, 4: {Claimed: true}, 5: {}, 6: {}}, sequence(1, 6)...)
	next := claimUpTo(t, b, core.ClaimLimit{Count: 6})
	if len(next) != 4 {
		t.Errorf("claimed %d tasks of four that were released", len(next))
	}
	for _, c := range next {
		if c.Delivery != 1 {
			t.Errorf("delivery %d of %d, which was released", c.Delivery, c.Index)
		}
	}
	wantLost(t, a, []core.Claim{again}, nil)
}
