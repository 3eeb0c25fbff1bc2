package engine

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core/internal/ntt"
)

func endedWith(p *pool, e Engine, points int) *Workspace {
	m := e.newMultiplier()
	m.Begin(e.PointDigits(1000), 0, nil)
	w := &Workspace{Multiplier: m, multiplier: m, engine: e, points: points}
	w.Reserve(points)
	w.Buffer(0, points)
	m.End()
	p.put(w)
	return w
}

func TestPool_TakesTheSmallestWithRoom(t *testing.T) {
	t.Parallel()
	for _, e := range Available() {
		var p pool
		small, large, middle := endedWith(&p, e, 100), endedWith(&p, e, 10_000), endedWith(&p, e, 1000)
		if p.bytes != small.bytes()+large.bytes()+middle.bytes() {
			t.Errorf("%s: the pool counts %d bytes", e.Name(), p.bytes)
		}
		if got := p.take(e, 500); got != middle {
			t.Errorf("%s: for 500 points there is room for %d", e.Name(), got.points)
		}
		if got := p.take(e, 20_000); got != large || len(p.kept) != 0 || p.bytes != 0 {
			t.Errorf("%s: for 20,000 points there is room for %d, and %d are kept beside it", e.Name(), got.points, len(p.kept))
		}
		if got := p.take(e, 1); got != nil {
			t.Errorf("%s: an empty pool lends", e.Name())
		}
	}
}

func TestPool_TakesWorkspacesOfTheEngine(t *testing.T) {
	t.Parallel()
	var p pool
	for _, e := range Available() {
		endedWith(&p, e, 100)
	}
	for _, e := range Available() {
		if w := p.take(e, 100); w == nil || w.engine != e {
			t.Errorf("%s is lent %+v", e.Name(), w)
		}
	}
}

func TestPool_KeepsUpToItsBound(t *testing.T) {
	t.Parallel()
	var p pool
	for range 100 {
		endedWith(&p, plain{}, 300_000)
	}
	if p.bytes > maxIdleBytes || len(p.kept) == 0 || len(p.kept) > 2*runtime.GOMAXPROCS(0) {
		t.Errorf("%d workspaces, %d bytes are kept", len(p.kept), p.bytes)
	}
}

func TestPool_KeepsAShareOfTheMemoryLimit(t *testing.T) { //nolint:paralleltest // the limit is that of the process
	const size = 20 << 20
	for limit, kept := range map[int64]int{idleShare * (size + freeBytes): 1, idleShare * size: 0} {
		before := debug.SetMemoryLimit(limit)
		var p pool
		p.put(&Workspace{multiplier: plain{}.newMultiplier(), engine: plain{}, buffers: [][]uint64{make([]uint64, size/8+1)}})
		debug.SetMemoryLimit(before)
		if len(p.kept) != kept {
			t.Errorf("with a memory limit of %d bytes %d workspaces of %d are kept", limit, len(p.kept), size)
		}
	}
}

func TestPool_ReleasesMemoryWhenIdle(t *testing.T) {
	t.Parallel()
	var p pool
	endedWith(&p, plain{}, 1000)
	kept := func() int {
		p.Lock()
		defer p.Unlock()
		return len(p.kept)
	}
	collect := func() {
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // cleanups have a goroutine of their own
	}
	for range 3 {
		collect()
	}
	if kept() != 1 {
		t.Fatal("what was used just now is gone")
	}
	p.Lock()
	p.used = time.Now().Add(-2 * maxIdleTime)
	p.Unlock()
	watched := func() bool {
		p.Lock()
		defer p.Unlock()
		return p.watched
	}
	for start := time.Now(); kept() > 0 || watched(); collect() {
		if time.Since(start) > time.Minute {
			t.Fatal("what was not used for long is kept")
		}
	}

	// A workspace that is too large is not kept, but the shared memory is watched.
	p.put(&Workspace{multiplier: plain{}.newMultiplier(), engine: plain{}, buffers: [][]uint64{make([]uint64, maxIdleBytes/8+1)}})
	if kept() != 0 || !watched() {
		t.Errorf("%d are kept, watched: %t", kept(), watched())
	}
}

func TestWorkspace_IsReused(t *testing.T) { //nolint:paralleltest // it counts allocations
	for _, e := range Available() {
		idle.Lock()
		idle.drop() // on the one processor of AllocsPerRun there is room for two engines
		idle.Unlock()
		digits := e.PointDigits(1000)
		a, dst := []uint64{7, 0, 5}, make([]uint64, 6)
		calls := testing.AllocsPerRun(100, func() {
			w := Begin(e, digits, len(dst), 0, nil)
			defer w.End()
			w.Buffer(0, 100)
			w.Multiply(ntt.Square, dst, nil, a, a)
		})
		if calls > 10 || dst[0] != 49 || dst[2] != 70 || dst[4] != 25 {
			t.Errorf("%s: %v allocations for %v", e.Name(), calls, dst)
		}
	}
}
