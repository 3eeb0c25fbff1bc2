package engine

import (
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// Workspace is a Multiplier with buffers. Workspaces are pooled: a calculation in
// fresh memory takes up to half as long again, because the system clears the
// memory page by page.
type Workspace struct {
	Multiplier
	multiplier multiplier
	engine     Engine
	points     int // largest product it has been used for
	buffers    [][]uint64
}

// Begin returns a Workspace of e for products of up to the given number of points
// of the given number of digits each. The caller must call End. For processors,
// which may be 0, and step, which may be nil, see ntt.Multiplier.Begin.
func Begin(e Engine, digits, points, processors int, step func(work int64) bool) *Workspace {
	w := idle.take(e, points)
	if w == nil {
		m := e.newMultiplier()
		w = &Workspace{Multiplier: m, multiplier: m, engine: e}
	}
	w.points = max(w.points, points)
	w.multiplier.Begin(digits, processors, step)
	w.Reserve(points)
	return w
}

// Stop ends the goroutines of the Multiplier, which must not be used afterwards. The
// buffers stay as they are until End.
func (w *Workspace) Stop() { w.multiplier.End() }

// End returns the workspace to the pool. Its buffers must not be used afterwards.
func (w *Workspace) End() {
	w.multiplier.End()
	idle.put(w)
}

// Buffer returns the buffer of the given number with n words, whose values are
// not defined. Another call with the same number invalidates it.
func (w *Workspace) Buffer(number, n int) []uint64 {
	for len(w.buffers) <= number {
		w.buffers = append(w.buffers, nil)
	}
	if len(w.buffers[number]) < n {
		w.buffers[number] = nil // free it before the larger one is allocated
		w.buffers[number] = make([]uint64, n)
	}
	return w.buffers[number][:n]
}

func (w *Workspace) bytes() int64 {
	n := w.multiplier.KeptBytes()
	for _, b := range w.buffers {
		n += 8 * int64(len(b))
	}
	return n
}

const (
	// maxIdleBytes bounds the memory of idle workspaces, as does the memory limit of
	// the runtime divided by idleShare. F(10^8) leaves 80 MB.
	maxIdleBytes = 128 << 20
	idleShare    = 4
	// freeBytes is the size of a workspace up to which the limit is not asked for,
	// which takes a lock.
	freeBytes = 1 << 20
	// maxIdleTime is how long an unused pool keeps its memory. It is checked after
	// each garbage collection, which the runtime does at least every two minutes.
	maxIdleTime = time.Minute
)

// pool is the workspaces that are not in use.
type pool struct {
	sync.Mutex
	kept    []*Workspace
	bytes   int64     // memory of kept
	used    time.Time // when a workspace was last returned
	watched bool      // whether a cleanup is pending that checks used
}

var idle pool

// take removes and returns a workspace of e, or nil if there is none: the
// smallest with room for the points, or else the largest. In the latter case it
// drops all others, because that one will grow.
func (p *pool) take(e Engine, points int) *Workspace {
	p.Lock()
	defer p.Unlock()
	best := -1
	for i, w := range p.kept {
		if w.engine != e {
			continue
		}
		if best < 0 {
			best = i
			continue
		}
		other := p.kept[best].points
		if w.points >= points && (other < points || w.points < other) || w.points > other && other < points {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	w := p.kept[best]
	p.kept[best] = p.kept[len(p.kept)-1]
	p.kept = p.kept[:len(p.kept)-1]
	p.bytes -= w.bytes()
	if w.points < points {
		p.drop()
	}
	return w
}

// put adds a workspace unless the pool is full.
func (p *pool) put(w *Workspace) {
	p.Lock()
	defer p.Unlock()
	p.used = time.Now()
	p.watch() // also for the memory that multipliers share
	n, most := w.bytes(), int64(maxIdleBytes)
	if n > freeBytes {
		most = min(most, debug.SetMemoryLimit(-1)/idleShare)
	}
	if p.bytes+n > most || len(p.kept) >= 2*runtime.GOMAXPROCS(0) {
		return
	}
	p.kept = append(p.kept, w)
	p.bytes += n
}

// drop removes all workspaces.
func (p *pool) drop() {
	clear(p.kept)
	p.kept, p.bytes = p.kept[:0], 0
}

// watch drops the workspaces and the shared memory of the engines after the first
// garbage collection that finds the pool unused for maxIdleTime. Cleanups of
// unreachable objects need neither a timer nor a goroutine.
func (p *pool) watch() {
	if p.watched {
		return
	}
	p.watched = true
	runtime.AddCleanup(&struct{ self *pool }{p}, func(p *pool) {
		p.Lock()
		defer p.Unlock()
		p.watched = false
		if time.Since(p.used) > maxIdleTime {
			p.drop()
			for _, e := range available {
				e.release()
			}
			return
		}
		p.watch()
	}, p)
}
