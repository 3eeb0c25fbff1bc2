// Package ifma multiplies long numbers in decimal by number-theoretic
// transforms, as package ntt does, by vector instructions of amd64: modulo three
// primes of 48.4 bits, eight residues at a time, with the 52-bit multiplications
// of AVX-512 IFMA.
//
// Calls into it are for machines where Available is true. What is multiplied,
// points, forms and results, is the same as in package ntt, which is the
// reference; docs/engine.md describes both.
package ifma

import (
	"math/bits"
	"slices"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/team"
)

// Multiplier multiplies. It keeps its memory for the next multiplication. A
// Multiplier is for one goroutine at a time, and uses as many as GOMAXPROCS.
type Multiplier struct {
	runner  team.Runner
	digits  int
	values  [primeCount][2][]uint64 // of the two operands
	carries [2][][2]uint64          // out of each strip's piece of each row, for each result
	phases  [3]phase                // transformStrip, transformRow, recombineStrip
	job
}

// phase is what the tasks of a phase do.
type phase func(task int, scratch []uint64)

// job is the multiplication under way.
type job struct {
	layout   layout
	tables   *tables
	to       *recombination
	form     ntt.Form
	operands [2][]uint64
	results  [2][]uint64
}

// Begin prepares for numbers in points of so many digits, 17 to 19. step, if not
// nil, is told of work that is done, in the units of Cost, by several goroutines
// at a time. When it returns false the multiplication under way is broken off
// soon.
func (m *Multiplier) Begin(digits int, step func(work int64) bool) {
	m.digits, m.runner.Step = digits, step
	if m.phases[0] == nil { // once, because a method value is allocated
		m.phases = [...]phase{m.transformStrip, m.transformRow, m.recombineStrip}
	}
}

// End ends the goroutines. The Multiplier keeps its memory until it begins
// again.
func (m *Multiplier) End() {
	m.runner.Close()
	m.runner.Step = nil
}

// KeptBytes returns how much memory the Multiplier keeps.
func (m *Multiplier) KeptBytes() int64 {
	n := m.runner.ScratchWords() + 2*(cap(m.carries[0])+cap(m.carries[1]))
	for k := range m.values {
		n += len(m.values[k][0]) + len(m.values[k][1])
	}
	return 8 * int64(n)
}

// Reserve makes room for products of so many points, so that a sequence of
// growing products finds it.
func (m *Multiplier) Reserve(points int) {
	n := newLayout(points).values()
	for k := range m.values {
		for i := range m.values[k] {
			if len(m.values[k][i]) < n {
				m.values[k][i] = nil // before there is more
				m.values[k][i] = team.AlignedWords(n)
			}
		}
	}
}

// Bytes returns how much memory a Multiplier takes for products of so many
// points, the shared tables included.
func Bytes(points int) int64 {
	l := newLayout(points)
	return tableBytes(l) + 2*primeCount*8*int64(l.values())
}

// run runs tasks on all processors. units is their cost for each point of the
// product. It reports false if step did.
func (m *Multiplier) run(l layout, tasks int, units int64, do phase) bool {
	return m.runner.Run(Parallel(l.points), tasks, units*int64(l.points)/int64(tasks), l.scratch(), do)
}

// Multiply sets dst, and dst1 where the form has two results, to the form of a
// and b, which are not empty; where it has one operand it is a. dst and dst1
// have as many points as the results, with leading zeros or without, no more
// than MaxPoints. They may share memory with a and b, which are read before. It
// reports false, and leaves nothing of worth, if step did.
func (m *Multiplier) Multiply(form ntt.Form, dst, dst1, a, b []uint64) bool {
	if form == ntt.Square {
		b = a
	}
	l := newLayout(max(len(dst), len(dst1), len(a)+len(b)-1))
	m.Reserve(l.points)
	t := m.sharedTables(l)
	if t == nil {
		return false
	}
	for i := range form.Results() {
		pieces := l.wanted * l.strips()
		m.carries[i] = slices.Grow(m.carries[i][:0], pieces)[:pieces]
	}
	m.job = job{l, t, recombinationOf(l.order, m.digits), form, [2][]uint64{a, b}, [2][]uint64{dst, dst1}}
	defer func() { m.job = job{} }() // it would keep what it points to
	return m.run(l, l.strips(), columnCost(l, form), m.phases[0]) &&
		m.run(l, primeCount*l.wanted, rowCost(l, form), m.phases[1]) &&
		m.run(l, l.strips(), recombineCost(l, form), m.phases[2]) &&
		m.addCarries()
}

// transformStrip makes of a strip of the operands' points what the rows start
// from.
func (m *Multiplier) transformStrip(strip int, scratch []uint64) {
	for i := range m.form.Operands() {
		m.transformOperand(i, strip*m.layout.width, scratch)
	}
}

// transformOperand does so for an operand, and the strip at the given place of
// the rows.
func (m *Multiplier) transformOperand(operand, at int, scratch []uint64) {
	l, points := m.layout, m.operands[operand]
	plane := l.plane()
	room := scratch[primeCount*plane:][:l.width]
	row := func(r int) *uint64 { return stripOf(points, r*l.length+at, room) }
	given := (len(points) + l.length - 1) / l.length
	// The first levels of columns whose upper half is 0 are made with the
	// residues; so many blocks are left.
	blocks := 1
	switch part := l.rows / 4; {
	case l.rows < 4 || given > l.rows/2:
		for r := range given {
			residues(&moduli, &scratch[r*l.width], plane, row(r), l.width)
		}
		for k := range primes {
			clear(scratch[k*plane+given*l.width : (k+1)*plane])
		}
	case bits.Len(uint(l.rows))%2 == 1: // 4, 16, 64 …
		blocks = 4
		for r := range part {
			first4(&moduli, &scratch[r*l.width], plane, part*l.width, row(r), row(r+part), l.width)
		}
	default:
		blocks = 8
		part /= 2
		for r := range part {
			first8(&moduli, &firstRecords, &scratch[r*l.width], plane, part*l.width,
				row(r), row(r+part), row(r+2*part), row(r+3*part), l.width)
		}
	}
	rows := l.rows / blocks
	for k := range primes {
		c := column{newField(m.tables, k), l.width, m.values[k][operand][at:], l.stride}
		for block := range blocks {
			first := k*plane + block*rows*l.width
			c.forward(scratch[first:first+rows*l.width], block, block*rows, min(rows, l.wanted-block*rows))
		}
	}
}

// noPoints is a strip of zeros.
var noPoints [max(1<<leafOrder, stripWordsLarge, stripWords)]uint64

// stripOf returns the points from the given one on, as many as room holds, zeros
// behind the last. Of the strips of a column one at most is in room.
func stripOf(points []uint64, from int, room []uint64) *uint64 {
	switch {
	case from >= len(points):
		return &noPoints[0]
	case from+len(room) <= len(points):
		return &points[from]
	}
	clear(room[copy(room, points[from:]):])
	return &room[0]
}

// forms are the kernels of the forms.
var forms = [...]func(c *constants, a, b *uint64, n int){
	ntt.Product: product, ntt.Square: square, ntt.DoubleDown: doubleDown,
	ntt.DoubleUp: doubleUp, ntt.DoubleEven: doubleEven, ntt.DoubleOdd: doubleOdd,
}

// transformRow transforms a row for a prime, takes the form of it and transforms
// it back.
func (m *Multiplier) transformRow(task int, _ []uint64) {
	l := m.layout
	k, row := task/l.wanted, task%l.wanted
	f := newField(m.tables, k)
	var rows [2][]uint64
	for i := range rows {
		rows[i] = m.values[k][i][row*l.stride:][:l.length]
	}
	for i := range m.form.Operands() {
		f.forward(rows[i], l.rowOrder, row)
	}
	forms[m.form](f.c, &rows[0][0], &rows[1][0], l.length)
	for i := range m.form.Results() {
		f.back(rows[i], l.rowOrder, row)
	}
}

// recombineStrip makes points of what the rows left of a strip.
func (m *Multiplier) recombineStrip(strip int, scratch []uint64) {
	for i := range m.form.Results() {
		m.recombineResult(i, strip*m.layout.width, scratch)
	}
}

// recombineResult does so for a result, and the strip at the given place of the
// rows.
func (m *Multiplier) recombineResult(result, at int, scratch []uint64) {
	l, points := m.layout, m.results[result]
	plane := l.plane()
	for k := range primes {
		a := scratch[k*plane : (k+1)*plane]
		clear(a[l.wanted*l.width:])
		c := column{newField(m.tables, k), l.width, m.values[k][result][at:], l.stride}
		c.back(a, 0, 0, l.wanted)
	}
	room := scratch[primeCount*plane:][:l.width]
	for row := range l.wanted {
		from := row*l.length + at
		if from >= len(points) {
			break
		}
		to, whole := points[from:], room
		if len(to) >= l.width {
			whole = to[:l.width]
		}
		m.carries[result][from/l.width] = m.to.recombine(whole, &scratch[row*l.width], plane)
		if len(to) < l.width {
			copy(to, whole)
		}
	}
}

// carryPieces is how many pieces are added up between two steps.
const carryPieces = 1 << 16

// addCarries adds what the pieces carry out.
func (m *Multiplier) addCarries() bool {
	r, width := m.to, m.layout.width
	for i := range m.form.Results() {
		points := m.results[i]
		r.addCarried(points, [2]uint64{r.surplus(), 0})
		for piece, c := range m.carries[i] {
			if next := (piece + 1) * width; next < len(points) {
				r.addCarried(points[next:], c)
			}
			if piece%carryPieces == 0 && !m.runner.Report(0) {
				return false
			}
		}
	}
	return true
}
