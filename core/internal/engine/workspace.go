package engine

import (
	"runtime"
	"sync"
	"time"
)

// Workspace is a Multiplier and memory to calculate in. It is kept for the next
// calculation: fresh memory takes half as long again as the calculation itself,
// for the system clears it page by page.
type Workspace struct {
	Multiplier
	multiplier multiplier
	engine     Engine
	points     int // what it has room for
	buffers    [][]uint64
}

// Begin returns a Workspace of e for products of up to so many points of so many
// digits each. End must be called in the end. step is told of work that is done:
// see ntt.Multiplier.
func Begin(e Engine, digits, points int, step func(work int64) bool) *Workspace {
	w := idle.take(e, points)
	if w == nil {
		m := e.newMultiplier()
		w = &Workspace{Multiplier: m, multiplier: m, engine: e}
	}
	w.points = max(w.points, points)
	w.multiplier.Begin(digits, step)
	w.Reserve(points)
	return w
}

// End gives back the workspace. Nothing of its memory may be used any more.
func (w *Workspace) End() {
	w.multiplier.End()
	idle.put(w)
}

// Buffer returns n words, whatever they hold. Those of another number are
// others; those of the same number may be the same again.
func (w *Workspace) Buffer(number, n int) []uint64 {
	for len(w.buffers) <= number {
		w.buffers = append(w.buffers, nil)
	}
	if len(w.buffers[number]) < n {
		w.buffers[number] = nil // before there is more
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
	// maxIdleBytes bounds what is kept. F(10^8) leaves 80 MB.
	maxIdleBytes = 128 << 20
	// maxIdleTime is for how long it is kept unused; it is looked at when the
	// garbage is collected, which the runtime does every two minutes at least.
	maxIdleTime = time.Minute
)

// pool is the workspaces that are not in use.
type pool struct {
	sync.Mutex
	kept    []*Workspace
	bytes   int64
	used    time.Time
	watched bool
}

var idle pool

// take returns a workspace of e, the smallest with room for the points or else
// the largest, or nil. One that must grow takes the place of all others.
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

// put keeps a workspace if there is room for it.
func (p *pool) put(w *Workspace) {
	p.Lock()
	defer p.Unlock()
	p.used = time.Now()
	p.watch() // also for what engines share
	n := w.bytes()
	if p.bytes+n > maxIdleBytes || len(p.kept) >= 2*runtime.GOMAXPROCS(0) {
		return
	}
	p.kept = append(p.kept, w)
	p.bytes += n
}

func (p *pool) drop() {
	clear(p.kept)
	p.kept, p.bytes = p.kept[:0], 0
}

// watch has the pool looked at after each collection of garbage, until it has not
// been used for a while: it needs no timer and no goroutine.
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
