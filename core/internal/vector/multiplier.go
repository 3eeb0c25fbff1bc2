// Package vector multiplies long decimal numbers by number-theoretic transforms with
// vector instructions of amd64, modulo three primes of 48.4 bits.
//
// Points, forms and results are those of package ntt, the reference
// implementation. docs/engine.md describes both.
package vector

import (
	"math/bits"
	"slices"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/team"
)

// Multiplier multiplies, in parallel. It keeps its memory from one
// multiplication to the next. A Multiplier is for one goroutine at a time.
type Multiplier struct {
	set     *Instructions
	runner  team.Runner
	digits  int
	largest int            // points of a product that are reserved
	values  [2][]uint64    // of each operand, for one prime after the other
	carries [2][][2]uint64 // for each result, out of each piece of a strip
	phases  [3]phase       // transformStrip, transformRows, recombineStrip
	job
}

// phase is the work of a task of one phase of a multiplication.
type phase func(task int, scratch []uint64)

// job is the current multiplication.
type job struct {
	layout   layout
	tables   *tables
	to       recombiner
	form     ntt.Form
	operands [2][]uint64
	results  [2][]uint64
}

// Begin starts a calculation with points of the given number of digits, 17 to 19.
// step, if not nil, is called by several goroutines at a time with work that is
// done, in the units of Cost; if it returns false the current operation is
// canceled. The calculation uses at most the given number of processors, or all of
// them if that is 0.
func (m *Multiplier) Begin(digits, processors int, step func(work int64) bool) {
	m.digits, m.largest, m.runner.Processors, m.runner.Step = digits, 0, processors, step
	if m.phases[0] == nil { // once, because a method value is allocated
		m.phases = [...]phase{m.transformStrip, m.transformRows, m.recombineStrip}
	}
}

// End ends the calculation and its goroutines. The Multiplier keeps its memory and
// may begin again.
func (m *Multiplier) End() {
	m.runner.Close()
	m.runner.Step = nil
}

// Run calls do for each task, in parallel if the longest product is. work is the work
// of each task. Run reports false if step did; some tasks are then not done.
func (m *Multiplier) Run(tasks int, work int64, do func(task int)) bool {
	return m.runner.Run(m.set.Parallel(m.largest, m.largest), tasks, work, 0, func(task int, _ []uint64) { do(task) })
}

// KeptBytes returns the size of the memory that the Multiplier keeps.
func (m *Multiplier) KeptBytes() int64 {
	n := m.runner.ScratchWords() + 2*(cap(m.carries[0])+cap(m.carries[1]))
	return 8 * int64(n+len(m.values[0])+len(m.values[1]))
}

// Reserve allocates the memory for products of up to the given number of points,
// so that a sequence of growing products allocates once.
func (m *Multiplier) Reserve(points int) {
	m.largest = points
	l := m.set.newLayout(points, points)
	m.reserve(&l)
}

// newLayout returns the layout of a product in the current calculation.
func (m *Multiplier) newLayout(points int) layout {
	return m.set.newLayout(points, max(points, m.largest))
}

func (m *Multiplier) reserve(l *layout) {
	n := primeCount * l.values()
	for i := range m.values {
		if len(m.values[i]) < n {
			m.values[i] = nil // free it before the larger one is allocated
			m.values[i] = team.AlignedWords(n)
		}
	}
}

// valuesOf returns the values of an operand, or a result, modulo prime k.
func (m *Multiplier) valuesOf(i, k int) []uint64 {
	n := m.layout.values()
	return m.values[i][k*n : (k+1)*n]
}

// strip returns the memory in which a strip of an operand, or a result, is
// transformed, for one prime after the other, and memory for points.
func (m *Multiplier) strip(i int, scratch []uint64) (a, points []uint64) {
	n := primeCount * m.layout.plane()
	if m.layout.contiguous() {
		return m.values[i][:n], scratch
	}
	return scratch[:n], scratch[n:]
}

// Bytes returns the memory that a Multiplier needs for products of the given
// number of points, including the shared tables.
func (s *Instructions) Bytes(points int) int64 {
	l := s.newLayout(points, points)
	return tableBytes(&l) + 2*primeCount*8*int64(l.values())
}

// run runs tasks in parallel if that pays. units is the cost of all tasks
// together for each point of the product. It reports false if step did.
func (m *Multiplier) run(l *layout, tasks int, units int64, do phase) bool {
	return m.runner.Run(l.parallel, tasks, units*int64(l.points)/int64(tasks), l.scratch(), do)
}

// Multiply sets dst, and dst1 if the form has two results, to the form of a and b,
// which must not be empty; if the form has one operand, it is a. dst and dst1 have
// the length of the results, at most MaxPoints; leading points may be 0. They may
// overlap a and b. Multiply reports false if step did; the results are not defined
// then.
func (m *Multiplier) Multiply(form ntt.Form, dst, dst1, a, b []uint64) bool {
	if form == ntt.Square {
		b = a
	}
	m.job = job{form: form, operands: [2][]uint64{a, b}, results: [2][]uint64{dst, dst1}}
	defer func() { m.job = job{} }() // release what it points to
	m.layout = m.newLayout(max(len(dst), len(dst1), len(a)+len(b)-1))
	l := &m.layout
	m.reserve(l)
	if m.tables = m.sharedTables(l); m.tables == nil {
		return false
	}
	m.to = m.set.recombiner(l.scaleOrder(), m.digits)
	for i := range form.Results() {
		m.carries[i] = slices.Grow(m.carries[i][:0], l.pieces())[:l.pieces()]
	}
	return m.run(l, l.strips(), m.set.units.columns(l, form), m.phases[0]) &&
		m.run(l, l.rowTasks(), m.set.units.rows(l, form), m.phases[1]) &&
		m.run(l, l.strips(), m.set.units.recombined(l, form), m.phases[2]) &&
		m.addCarries()
}

// transformStrip transforms the columns of a strip of each operand.
func (m *Multiplier) transformStrip(strip int, scratch []uint64) {
	for i := range m.form.Operands() {
		m.transformOperand(i, strip*m.layout.width, scratch)
	}
}

// transformOperand transforms the columns of an operand's strip that starts at
// column at.
func (m *Multiplier) transformOperand(operand, at int, scratch []uint64) {
	l, points := &m.layout, m.operands[operand]
	plane := l.plane()
	a, buffer := m.strip(operand, scratch)
	row := func(r, n int) *uint64 { return stripOf(points, r*l.length+at, buffer[:n]) }
	given := (len(points) + l.length - 1) / l.length
	// If the upper half of the columns is 0, the first two or three levels are
	// calculated together with the residues.
	blocks := 1 // at the level that is left
	switch part := l.rows / 4; {
	case l.rows < 4 || given > l.rows/2:
		for r := range given {
			m.set.residues(&a[r*l.width], plane, row(r, l.width), l.width)
		}
		for k := range primes {
			clear(a[k*plane+given*l.width : (k+1)*plane])
		}
	case bits.Len(uint(l.rows))%2 == 1: // 4, 16, 64 …
		blocks = 4
		for r, rows := 0, l.together(part); r < part; r += rows {
			n := rows * l.width
			m.set.first4(&a[r*l.width], plane, part*l.width, row(r, n), row(r+part, n), n)
		}
	default:
		blocks = 8
		part /= 2
		for r, rows := 0, l.together(part); r < part; r += rows {
			n := rows * l.width
			m.set.first8(&a[r*l.width], plane, part*l.width,
				row(r, n), row(r+part, n), row(r+2*part, n), row(r+3*part, n), n)
		}
	}
	rows := l.rows / blocks
	for k := range primes {
		f := m.set.field(m.tables, k)
		if l.contiguous() && rows == 4 { // one call for all blocks
			f.kernels.split4(&a[k*plane], l.width, (l.wanted+3)/4, &f.records[0])
			continue
		}
		c := column{f, l.width, m.valuesOf(operand, k)[at:], l.stride}
		for block := range blocks {
			first := k*plane + block*rows*l.width
			c.forward(a[first:first+rows*l.width], block, block*rows, min(rows, l.wanted-block*rows))
		}
	}
}

// noPoints is a row of a strip that contains zeros.
var noPoints [max(1<<leafOrder, stripWordsLarge, stripWords)]uint64

// stripOf returns consecutive points of a strip: len(buffer) from the given one on,
// with zeros after the last point. At most one such part of a strip is copied to buffer.
func stripOf(points []uint64, from int, buffer []uint64) *uint64 {
	switch {
	case from >= len(points):
		return &noPoints[0]
	case from+len(buffer) <= len(points):
		return &points[from]
	}
	clear(buffer[copy(buffer, points[from:]):])
	return &buffer[0]
}

// transformRows transforms a row modulo a prime, or all rows if they are contiguous,
// applies the form and transforms the results back.
func (m *Multiplier) transformRows(task int, _ []uint64) {
	l := &m.layout
	k, row, n := task/l.wanted, task%l.wanted, l.length
	if l.contiguous() {
		k, row, n = task, 0, l.wanted*l.length
	}
	f := m.set.field(m.tables, k)
	var rows [2][]uint64
	for i := range rows {
		rows[i] = m.valuesOf(i, k)[row*l.stride:][:n]
	}
	for i := range m.form.Operands() {
		f.forward(rows[i], l.rowOrder, row)
	}
	pieces(n, func(at, n int) { f.kernels.form(m.form, &rows[0][at], &rows[1][at], n) })
	for i := range m.form.Results() {
		f.back(rows[i], l.rowOrder, row)
	}
}

// recombineStrip transforms the columns of a strip of each result back and recovers
// points from the residues.
func (m *Multiplier) recombineStrip(strip int, scratch []uint64) {
	for i := range m.form.Results() {
		m.recombineResult(i, strip*m.layout.width, scratch)
	}
}

// recombineResult does it for a result's strip that starts at column at. It keeps what
// each piece carries out.
func (m *Multiplier) recombineResult(result, at int, scratch []uint64) {
	l, points := &m.layout, m.results[result]
	plane := l.plane()
	a, buffer := m.strip(result, scratch)
	for k := range primes {
		c := column{m.set.field(m.tables, k), l.width, m.valuesOf(result, k)[at:], l.stride}
		c.product(a[k*plane:(k+1)*plane], l.wanted)
	}
	n, last := l.pieceLength(), buffer[:minWidth]
	for row := 0; row < l.wanted; row += l.together(l.wanted) {
		from := row*l.length + at
		if from >= len(points) {
			break
		}
		to, residues := points[from:min(from+n, len(points))], a[row*l.width:]
		var carried [2]uint64
		whole := len(to) &^ (minWidth - 1)
		if whole > 0 {
			carried = m.to.recombine(to[:whole], residues, plane)
		}
		if whole < len(to) { // at the end of the result
			m.to.recombine(last, residues[whole:], plane)
			copy(to[whole:], last)
		}
		m.carries[result][from/n] = carried
	}
}

// carryPieces is the number of carries that are added between two calls of step.
const carryPieces = 1 << 16

// addCarries adds the carries of all pieces to the results. A piece of other than a
// multiple of minWidth points, the last one, has carried to the points after the last
// multiple.
func (m *Multiplier) addCarries() bool {
	n, base, surplus := m.layout.pieceLength(), m.to.radix(), m.to.surplus()
	for i := range m.form.Results() {
		points := m.results[i]
		end := len(points) &^ (minWidth - 1)
		addCarried(points, [2]uint64{surplus, 0}, base)
		for piece, c := range m.carries[i][:(len(points)+n-1)/n] {
			addCarried(points[min((piece+1)*n, end):], c, base)
			if piece%carryPieces == 0 && !m.runner.Report(0) {
				return false
			}
		}
	}
	return true
}
