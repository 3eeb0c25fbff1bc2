package porttest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// TestWorkerRegistry checks that an implementation keeps the contract of
// core.WorkerRegistry. open returns two views, such as those of two processes,
// of one registry that holds nothing; subtests call it in parallel.
func TestWorkerRegistry(t *testing.T, open func(t *testing.T) (a, b core.WorkerRegistry)) {
	for name, test := range map[string]func(t *testing.T, a, b core.WorkerRegistry){
		"Announce/marks a worker alive, and a ttl of 0 removes it":  workersAnnounced,
		"Announce/replaces what was announced before":               workerReplaced,
		"Announce/tells the slots and their speed":                  workerSpeed,
		"List/tells what remains of each ttl":                       workersRemain,
		"Announce/a worker that falls silent is dead after its ttl": workersFallSilent,
		"Announce/any number of workers at once":                    manyWorkers,
		"List/in the order of names, which are any text":            workersInOrder,
		"calls with a cancelled context are cancelled":              registryCanceled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t)
			test(t, a, b)
		})
	}
}

func announce(t *testing.T, r core.WorkerRegistry, name string, memory int64, ttl time.Duration) {
	t.Helper()
	must(t, r.Announce(t.Context(), core.WorkerInfo{Name: name, Memory: memory}, ttl))
}

func wantWorkers(t *testing.T, want []core.WorkerInfo, views ...core.WorkerRegistry) {
	t.Helper()
	for _, r := range views {
		got, err := r.List(t.Context())
		must(t, err)
		for i := range got {
			got[i].Remaining = 0
		}
		if !slices.Equal(got, want) {
			t.Errorf("List returned %d workers, %+v and so on; it must return those that are alive, %d, %+v and so on",
				len(got), got[:min(len(got), 5)], len(want), want[:min(len(want), 5)])
		}
	}
}

func workersAnnounced(t *testing.T, a, b core.WorkerRegistry) {
	one, two := core.WorkerInfo{Name: "one", Memory: 1 << 40}, core.WorkerInfo{Name: "two"}
	wantWorkers(t, nil, a, b)
	announce(t, a, "one", 1<<40, 48*time.Hour)
	wantWorkers(t, []core.WorkerInfo{one}, a, b)
	announce(t, b, "two", 0, time.Minute)
	wantWorkers(t, []core.WorkerInfo{one, two}, a, b)
	announce(t, b, "one", 1<<40, 0)
	wantWorkers(t, []core.WorkerInfo{two}, a, b)
	announce(t, b, "one", 1<<40, 0) // again
	announce(t, a, "never announced", 5, 0)
	announce(t, a, "never announced", 5, -time.Minute)
	wantWorkers(t, []core.WorkerInfo{two}, a, b)
	announce(t, a, "one", 0, time.Minute)
	wantWorkers(t, []core.WorkerInfo{{Name: "one"}, two}, a, b) // its memory was forgotten with it
}

func workerReplaced(t *testing.T, a, b core.WorkerRegistry) {
	for _, memory := range []int64{1, 1<<63 - 1, 0, 3} {
		announce(t, a, "one", memory, time.Minute)
		wantWorkers(t, []core.WorkerInfo{{Name: "one", Memory: memory}}, a, b)
		a, b = b, a
	}
}

func workerSpeed(t *testing.T, a, b core.WorkerRegistry) {
	for _, worker := range []core.WorkerInfo{
		{Name: "one", Slots: 3, Speed: 0.1},
		{Name: "one", Slots: 1 << 20, Speed: 123456.789},
		{Name: "one", Speed: 1e-9, Memory: 7},
		{Name: "one", Slots: 2},
		{Name: "one"},
	} {
		must(t, a.Announce(t.Context(), worker, time.Minute))
		wantWorkers(t, []core.WorkerInfo{worker}, a, b)
		a, b = b, a
	}
	must(t, a.Announce(t.Context(), core.WorkerInfo{Name: "one", Slots: 3, Speed: 2}, 0))
	announce(t, b, "one", 0, time.Minute)
	wantWorkers(t, []core.WorkerInfo{{Name: "one"}}, a, b) // its speed was forgotten with it
}

func workersRemain(t *testing.T, a, b core.WorkerRegistry) {
	begin := time.Now()
	must(t, a.Announce(t.Context(), core.WorkerInfo{Name: "one", Remaining: time.Hour}, core.MaxAnnouncement/2))
	must(t, b.Announce(t.Context(), core.WorkerInfo{Name: "two"}, core.MaxAnnouncement))
	for _, r := range []core.WorkerRegistry{a, b} {
		got, err := r.List(t.Context())
		must(t, err)
		least := -time.Since(begin) - time.Millisecond // the clock of a server is another one
		for i, ttl := range []time.Duration{core.MaxAnnouncement / 2, core.MaxAnnouncement} {
			if len(got) != 2 || got[i].Remaining < ttl+least || got[i].Remaining > ttl {
				t.Fatalf("List returned %+v %v after the announcements", got, time.Since(begin))
			}
		}
	}
}

func workersFallSilent(t *testing.T, a, b core.WorkerRegistry) {
	begin := time.Now()
	announce(t, a, "silent", 1, short)
	announce(t, a, "brief", 1, time.Minute)
	announce(t, b, "brief", 1, short) // what was announced last counts
	announce(t, a, "steady", 1, short)
	announce(t, b, "steady", 2, core.MaxAnnouncement)
	for left := 3; left > 1; time.Sleep(short / 20) {
		alive, err := a.List(t.Context())
		must(t, err)
		switch left = len(alive); {
		case left > 3:
			t.Fatalf("List returned %d workers of three", left)
		case left < 3 && time.Since(begin) < short:
			t.Errorf("dead %v after they were announced for %v", time.Since(begin), short)
		case left > 1 && time.Since(begin) > hangTimeout:
			t.Fatalf("%d workers are still alive after %v", left, time.Since(begin))
		}
	}
	wantWorkers(t, []core.WorkerInfo{{Name: "steady", Memory: 2}}, a, b)
}

func manyWorkers(t *testing.T, a, b core.WorkerRegistry) {
	const count = 200
	var want []core.WorkerInfo
	for i := range count {
		want = append(want, core.WorkerInfo{Name: fmt.Sprintf("worker %03d", i), Memory: int64(i), Slots: i % 4, Speed: float64(i%3) / 3})
	}
	var all sync.WaitGroup
	for part := range slices.Chunk(want, count/8) {
		all.Go(func() {
			for i, worker := range part {
				if err := []core.WorkerRegistry{a, b}[i%2].Announce(t.Context(), worker, time.Hour); err != nil {
					t.Errorf("Announce: %v", err)
				}
			}
		})
	}
	all.Wait()
	wantWorkers(t, want, a, b)
}

func workersInOrder(t *testing.T, a, b core.WorkerRegistry) {
	names := []string{"b", "", "a", "the \"other\", {of} 'two'\x00", "ä", "*", strings.Repeat("long ", 200), "B"}
	for i, name := range names {
		announce(t, []core.WorkerRegistry{a, b}[i%2], name, int64(len(name)), time.Minute)
	}
	slices.Sort(names)
	var want []core.WorkerInfo
	for _, name := range names {
		want = append(want, core.WorkerInfo{Name: name, Memory: int64(len(name))})
	}
	wantWorkers(t, want, a, b)
}

func registryCanceled(t *testing.T, a, b core.WorkerRegistry) {
	canceled(t, map[string]func(context.Context) error{
		"Announce": func(ctx context.Context) error { return a.Announce(ctx, core.WorkerInfo{Name: "one"}, time.Minute) },
		"List":     func(ctx context.Context) error { return second(a.List(ctx)) },
	})
	wantWorkers(t, nil, a, b)
}
