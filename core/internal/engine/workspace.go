package engine

// Workspace is a Multiplier and memory to calculate in.
type Workspace struct {
	Multiplier
	multiplier multiplier
	engine     Engine
	buffers    [][]uint64
}

// Begin returns a Workspace of e for numbers in points of so many digits. End
// must be called in the end. step is told of work that is done: see
// ntt.Multiplier.
func Begin(e Engine, digits int, step func(work int64) bool) *Workspace {
	m := e.newMultiplier()
	m.Begin(digits, step)
	return &Workspace{Multiplier: m, multiplier: m, engine: e}
}

// End gives back the workspace. Nothing of its memory may be used any more.
func (w *Workspace) End() { w.multiplier.End() }

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
