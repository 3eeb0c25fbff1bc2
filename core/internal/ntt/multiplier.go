// Package ntt multiplies long decimal numbers by number-theoretic transforms:
// exact convolutions modulo two primes of 61 bits. See J. M. Pollard, "The fast
// Fourier transform in a finite field" (1971).
//
// A number is given as points, the values that are transformed: its digits in
// base 10^d, one to a word, least significant first. A point has d decimal digits.
package ntt

import (
	"math/bits"
	"slices"

	"github.com/pisano-dev/pisano/core/internal/team"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// Multiplier multiplies, in parallel. It keeps its memory from one
// multiplication to the next. A Multiplier is for one goroutine at a time.
type Multiplier struct {
	runner  team.Runner
	radix   uint64
	tables  [2]roots
	values  [2][2][]uint64 // for each prime, of each operand
	carries [2][]carried   // for each result, out of each strip of each row
}

// carried is the two points that a part of a row carries into the next part.
type carried struct{ c0, c1 uint64 }

// Begin starts a calculation with points of the given number of digits. step, if
// not nil, is called by several goroutines at a time with work that is done, in
// the units of Cost; if it returns false the current operation is canceled. The
// calculation uses at most the given number of processors, or all of them if that
// is 0.
func (m *Multiplier) Begin(digits, processors int, step func(work int64) bool) {
	m.radix, m.runner.Processors, m.runner.Step = words.PowersOf10[digits], processors, step
	for k := range m.tables {
		if len(m.tables[k]) == 0 {
			m.tables[k] = shared[k]()
		}
	}
}

// End ends the calculation and its goroutines. The Multiplier keeps its memory and
// may begin again.
func (m *Multiplier) End() {
	m.runner.Close()
	m.runner.Step = nil
}

// Run calls do for each task, in parallel. work is the work of each task. Run reports
// false if step did; some tasks are then not done.
func (m *Multiplier) Run(tasks int, work int64, do func(task int)) bool {
	return m.runner.Run(true, tasks, work, 0, func(task int, _ []uint64) { do(task) })
}

// KeptBytes returns the size of the memory that the Multiplier keeps.
func (m *Multiplier) KeptBytes() int64 {
	n := m.runner.ScratchWords() + 2*(cap(m.carries[0])+cap(m.carries[1]))
	for k := range primes {
		n += 2*cap(m.tables[k]) + cap(m.values[k][0]) + cap(m.values[k][1])
	}
	return 8 * int64(n)
}

// Reserve allocates the memory for products of up to the given number of points,
// so that a sequence of growing products allocates once.
func (m *Multiplier) Reserve(points int) {
	l := newLayout(points)
	for k := range primes {
		if n := l.rootCount(); cap(m.tables[k]) < n {
			table := make(roots, len(m.tables[k]), n)
			copy(table, m.tables[k])
			m.tables[k] = table
		}
		for i := range m.values[k] {
			if cap(m.values[k][i]) < l.values() {
				m.values[k][i] = make([]uint64, l.values())
			}
		}
	}
}

// Bytes returns the memory that a Multiplier needs for products of the given
// number of points.
func Bytes(points int) int64 {
	l := newLayout(points)
	const factorBytes, wordBytes = 16, 8
	return 2*factorBytes*int64(max(l.rootCount(), sharedRoots)) + 4*wordBytes*int64(l.values())
}

// extendTables extends the tables to the length that the layout needs. It reports
// false if step did.
func (m *Multiplier) extendTables(l layout) bool {
	const piece = 1 << 12
	for n := l.rootCount(); len(m.tables[0]) < n; {
		known := len(m.tables[0])
		for k := range primes {
			m.tables[k] = m.tables[k][:2*known]
		}
		if !m.run(l, 2*known/piece, 0, func(task int, _ []uint64) {
			k, first := task%2, task/2*piece
			m.tables[k].double(primes[k], known, first, first+piece)
		}) {
			return false
		}
	}
	return true
}

// Multiply sets dst, and dst1 if the form has two results, to the form of a and b,
// which must not be empty; if the form has one operand, it is a. dst and dst1 have
// the length of the results, at most MaxPoints; leading points may be 0. They may
// overlap a and b. Multiply reports false if step did; the results are not defined
// then.
func (m *Multiplier) Multiply(form Form, dst, dst1, a, b []uint64) bool {
	if form == Square {
		b = a
	}
	l := newLayout(max(len(dst), len(dst1), len(a)+len(b)-1))
	m.Reserve(l.points)
	operands := [][]uint64{a, b}[:form.Operands()]
	results := [][]uint64{dst, dst1}[:form.Results()]
	return m.extendTables(l) &&
		m.transformColumns(l, form, operands) && m.transformRows(l, form) && m.recombine(l, form, results)
}

// run runs tasks in parallel if that pays. units is the cost of all tasks
// together for each point of the product. It reports false if step did.
func (m *Multiplier) run(l layout, tasks int, units int64, do func(task int, scratch []uint64)) bool {
	return m.runner.Run(Parallel(l.points), tasks, units*int64(l.points)/int64(tasks), l.scratch(), do)
}

// transformColumns transforms the columns of the operands.
func (m *Multiplier) transformColumns(l layout, form Form, operands [][]uint64) bool {
	return m.run(l, l.strips(), l.columnCost(form), func(strip int, scratch []uint64) {
		at := strip * l.width
		for i, points := range operands {
			given := min((len(points)+l.length-1)/l.length, l.wanted)
			for k, q := range primes {
				a := scratch[:l.rows*l.width]
				for row := range given {
					from := min(row*l.length+at, len(points))
					n := copy(a[row*l.width:(row+1)*l.width], points[from:])
					clear(a[row*l.width+n : (row+1)*l.width])
				}
				column{q, m.tables[k], l.width}.forward(a, 0, given, l.wanted)
				values := m.values[k][i]
				for row := range l.wanted {
					copy(values[row*l.length+at:], a[row*l.width:(row+1)*l.width])
				}
			}
		}
	})
}

// transformRows transforms the rows, applies the form and transforms the results
// back.
func (m *Multiplier) transformRows(l layout, form Form) bool {
	return m.run(l, 2*l.wanted, l.rowCost(form), func(task int, _ []uint64) {
		k, row := task%2, task/2
		q, table := primes[k], m.tables[k]
		var rows [2][]uint64
		for i := range form.Operands() {
			rows[i] = m.values[k][i][row*l.length : (row+1)*l.length]
			table.forward(q, rows[i], row)
		}
		form.apply(q, rows[0], rows[1])
		for i := range form.Results() {
			table.backward(q, rows[i], row)
		}
	})
}

// recombine transforms the columns back and recovers points from the residues.
func (m *Multiplier) recombine(l layout, form Form, results [][]uint64) bool {
	r := newRecombination(bits.Len(uint(l.rows*l.length))-1, m.radix)
	pieces := l.values() / l.width
	for i := range results {
		m.carries[i] = slices.Grow(m.carries[i][:0], pieces)[:pieces]
	}
	done := m.run(l, l.strips(), l.recombineCost(form), func(strip int, scratch []uint64) {
		at := strip * l.width
		for i, points := range results {
			var columns [2][]uint64
			for k, q := range primes {
				a := scratch[k*l.rows*l.width : (k+1)*l.rows*l.width]
				values := m.values[k][i]
				for row := range l.wanted {
					copy(a[row*l.width:(row+1)*l.width], values[row*l.length+at:])
				}
				clear(a[l.wanted*l.width:])
				column{q, m.tables[k], l.width}.backward(a, 0, l.wanted)
				columns[k] = a
			}
			for row := range l.wanted {
				from := min(row*l.length+at, len(points))
				to := min(from+l.width, len(points))
				c0, c1 := r.carry(points[from:to], columns[0][row*l.width:], columns[1][row*l.width:])
				m.carries[i][(row*l.length+at)/l.width] = carried{c0, c1}
			}
		}
	})
	if !done {
		return false
	}
	for i, points := range results {
		for piece, c := range m.carries[i] {
			if next := (piece + 1) * l.width; next < len(points) {
				addCarried(points[next:], c, m.radix)
			}
			if piece%carryPieces == 0 && !m.runner.Report(0) {
				return false
			}
		}
	}
	return true
}

// carryPieces is the number of carries that are added between two calls of step.
const carryPieces = 1 << 16

// addCarried adds the carried points to the lowest of points. It does not carry
// out of points: the result fits them.
func addCarried(points []uint64, c carried, radix uint64) {
	over := c.c0
	for i := 0; i < len(points) && (over > 0 || i == 0); i++ {
		s, over0 := carryOne(points[i]+over, radix)
		s, over1 := carryOne(s, radix)
		points[i] = s
		over = over0 + over1
		if i == 0 {
			over += c.c1
		}
	}
}
