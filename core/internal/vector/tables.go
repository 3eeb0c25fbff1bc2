package vector

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// negInverse returns −1/t[j], for the table t of the roots of blocks: see package
// modular.
func (m *prime) negInverse(j int) uint64 {
	if j == 0 {
		return m.P - 1
	}
	return m.BlockRoot(modular.FlipBlock(j))
}

// inverseRoot returns 1/t[j].
func (m *prime) inverseRoot(j int) uint64 { return m.Negative(m.negInverse(j)) }

// record is the constants of two levels of block j: z = t[j], y0 = t[2j], y1 =
// t[2j+1], y0·z and −y1·z. The record of block FlipBlock(j) inverts it.
type record struct{ z, y0, y1, a, b factor }

func (e encoder) record(z, y0, y1 uint64) record {
	return record{e.encoded(z), e.encoded(y0), e.encoded(y1),
		e.encoded(e.Mul(y0, z)), e.encoded(e.Negative(e.Mul(y1, z)))}
}

// blockRecord returns the record of block j.
func (e encoder) blockRecord(j int) record {
	return e.record(e.BlockRoot(j), e.BlockRoot(2*j), e.BlockRoot(2*j+1))
}

// lanes is a factor for each lane of a vector.
type lanes struct{ w, quotient [vectorWords]uint64 }

func (l *lanes) set(i int, f factor) { l.w[i], l.quotient[i] = f.w, f.quotient }

// powers returns the factors x, x·g, x·g² … in the lanes.
func (e encoder) powers(x, g uint64) (l lanes) {
	step := e.factor(g)
	for i := range vectorWords {
		l.set(i, e.encoded(x))
		x = e.times(x, step)
	}
	return l
}

// laneRoots is the constants of the last two levels within the lanes of a leaf, the
// same for all leaves: y0, y1 and the four roots of the level below, and for each
// of two blocks the record that inverts it.
type laneRoots struct {
	forward [6]lanes
	back    [2][5]lanes
}

func (e encoder) newLaneRoots() *laneRoots {
	l := new(laneRoots)
	for i := range vectorWords {
		for b := range 2 {
			l.forward[b].set(i, e.encoded(e.BlockRoot(2*i+b)))
			j := 2*i + b
			back := e.record(e.negInverse(j), e.negInverse(2*j+1), e.negInverse(2*j))
			for n, f := range []factor{back.z, back.y0, back.y1, back.a, back.b} {
				l.back[b][n].set(i, f)
			}
		}
		for b := range 4 {
			l.forward[2+b].set(i, e.encoded(e.BlockRoot(4*i+b)))
		}
	}
	return l
}

// The twist. The lanes of a leaf are blocks of eight words, whose roots depend on
// the leaf. Substituting f·x for x, with f = t[32j] in leaf j, makes them the same
// for all leaves: coefficient i is multiplied by f^i. In row r of L words f =
// t[r·L/2]·t[32j'], j' being the number of the leaf in the row. The first factor
// is applied in the first pass of the row, where its powers are the same for all
// vectors, and the second in the leaf.

// leafRecord is the constants of a leaf for its first level of lanes: f, f², f³ and
// f^(4+i)·t[lane].
type leafRecord struct {
	f [3]factor
	_ [2]uint64
	y [4]lanes
}

func (e encoder) leafRecords(j int) (forward, back leafRecord) {
	return e.leafRecord(e.BlockRoot(32*j), e.laneRoots), e.leafRecord(e.inverseRoot(32*j), e.laneNegInverses)
}

func (e encoder) leafRecord(f uint64, roots [vectorWords]uint64) (r leafRecord) {
	step, power := e.factor(f), e.factor(1)
	for i := range vectorWords {
		switch {
		case i >= 4:
			for lane, root := range roots {
				r.y[i-4].set(lane, e.encoded(e.times(root, power)))
			}
		case i > 0:
			r.f[i-1] = e.encoded(power.w)
		}
		power = e.factor(e.times(power.w, step))
	}
	return r
}

// rowRecord is the constants of the first pass of a row, or of the last pass back:
// the powers of g, and the record of the row times those.
type rowRecord struct{ g, z, y0, y1, a, b lanes }

func (e encoder) rowRecords(order, row int) (forward, back rowRecord) {
	j := row << (order - 1)
	return e.rowRecord(e.BlockRoot(j), e.BlockRoot(row), e.BlockRoot(2*row), e.BlockRoot(2*row+1)),
		e.rowRecord(e.inverseRoot(j), e.negInverse(row), e.negInverse(2*row+1), e.negInverse(2*row))
}

func (e encoder) rowRecord(g, z, y0, y1 uint64) rowRecord {
	return rowRecord{e.powers(1, g), e.powers(z, g), e.powers(y0, g), e.powers(y1, g),
		e.powers(e.Mul(y0, z), g), e.powers(e.Negative(e.Mul(y1, z)), g)}
}

// zeroRoots is the constants that invert block 0, which has no flipped block.
type zeroRoots struct {
	record  record
	z, y, x [4]factor // of the three levels of a leaf, in descending order of blocks
}

func (e encoder) newZeroRoots() *zeroRoots {
	r := &zeroRoots{record: e.record(e.negInverse(0), e.negInverse(1), e.negInverse(0))}
	r.z[0] = e.encoded(e.negInverse(0))
	for i := range 2 {
		r.y[1-i] = e.encoded(e.negInverse(i))
	}
	for i := range 4 {
		r.x[3-i] = e.encoded(e.negInverse(i))
	}
	return r
}

// table is the constants modulo a prime whose number depends on the length of the
// product. A table does not change.
type table struct {
	roots          []factor // t
	records        []record // for each block of more than 64 words
	leaf, leafBack []leafRecord
	rows, rowsBack [maxRowOrderLarge + 1][]rowRecord // for each length
}

type tables [primeCount]table

// sizes returns the lengths of the parts of a table that the layout needs.
func (l *layout) sizes() (roots, records, leaves, rows int) {
	ceil := func(n int) int { return 1 << bits.Len(uint(max(n, 1)-1)) }
	const least = 32
	leavesOfAll := 1 << (l.order - leafOrder)
	records = max(least, leavesOfAll/4, l.rows)
	roots = max(2*records, 4*leavesOfAll)
	if l.rowOrder == leafOrder {
		return roots, records, max(least, l.rows), 0
	}
	return roots, records, max(least, l.length/64), max(least, ceil(l.wanted))
}

// tableBytes returns the memory of the tables that the layout needs.
func tableBytes(l *layout) int64 {
	roots, records, leaves, rows := l.sizes()
	return primeCount * (16*int64(roots) + 80*int64(records) + 2*576*int64(leaves) + 2*768*int64(rows))
}

// tablePiece is the number of roots that a task calculates.
const tablePiece = 1 << 10

// sharedTables returns tables that are large enough, or nil if step returned false.
func (m *Multiplier) sharedTables(l *layout) *tables {
	roots, records, leaves, rows := l.sizes()
	enough := func(t *tables) bool {
		return t != nil && len(t[0].roots) >= roots && len(t[0].records) >= records &&
			len(t[0].leaf) >= leaves && len(t[0].rows[l.rowOrder]) >= rows
	}
	if t := m.set.shared.Load(); enough(t) {
		return t
	}
	m.set.growing.Lock()
	defer m.set.growing.Unlock()
	t := m.set.shared.Load()
	if enough(t) {
		return t
	}
	larger := new(tables)
	if t != nil {
		*larger = *t
	}
	if !m.grow(larger, l, roots, records, leaves, rows) {
		return nil
	}
	m.set.shared.Store(larger)
	return larger
}

// extended returns s, or a copy of n elements that starts with s if n is more.
func extended[T any](s []T, n int) []T {
	if len(s) >= n {
		return s
	}
	longer := make([]T, n)
	copy(longer, s)
	return longer
}

// grow extends t to the given sizes. It replaces the slices that t shares with the
// smaller tables. It reports false if step did.
func (m *Multiplier) grow(t *tables, l *layout, roots, records, leaves, rows int) bool {
	// each fills the elements from to before to, for each prime, in pieces.
	each := func(from, to, piece int, fill func(e encoder, t *table, from, to int)) bool {
		if from >= to {
			return true
		}
		pieces := (to - from + piece - 1) / piece
		return m.run(l, pieces*primeCount, 0, func(task int, _ []uint64) {
			first := from + task/primeCount*piece
			k := task % primeCount
			fill(m.set.arithmetics[k].encoder, &t[k], first, min(first+piece, to))
		})
	}
	known := len(t[0].roots)
	for k := range t {
		t[k].roots = extended(t[k].roots, roots)
	}
	if known == 0 {
		for k := range t {
			t[k].roots[0] = m.set.arithmetics[k].encoded(1)
		}
		known = 1
	}
	for ; known < roots; known *= 2 {
		if !each(known, 2*known, tablePiece, func(e encoder, t *table, from, to int) {
			step := e.factor(e.BitRoot(bits.Len(uint(known)) - 1))
			for i := from; i < to; i++ {
				t.roots[i] = e.encoded(e.times(e.value(t.roots[i-known]), step))
			}
		}) {
			return false
		}
	}
	known = len(t[0].records)
	for k := range t {
		t[k].records = extended(t[k].records, records)
	}
	if !each(known, records, tablePiece/4, func(e encoder, t *table, from, to int) {
		for j := from; j < to; j++ {
			z, y0, y1 := t.roots[j], t.roots[2*j], t.roots[2*j+1]
			step := e.factor(e.value(z))
			t.records[j] = record{z, y0, y1,
				e.encoded(e.times(e.value(y0), step)), e.encoded(e.Negative(e.times(e.value(y1), step)))}
		}
	}) {
		return false
	}
	known = len(t[0].leaf)
	for k := range t {
		t[k].leaf, t[k].leafBack = extended(t[k].leaf, leaves), extended(t[k].leafBack, leaves)
	}
	if !each(known, leaves, tablePiece/64, func(e encoder, t *table, from, to int) {
		for j := from; j < to; j++ {
			t.leaf[j], t.leafBack[j] = e.leafRecords(j)
		}
	}) {
		return false
	}
	known = len(t[0].rows[l.rowOrder])
	for k := range t {
		t[k].rows[l.rowOrder] = extended(t[k].rows[l.rowOrder], rows)
		t[k].rowsBack[l.rowOrder] = extended(t[k].rowsBack[l.rowOrder], rows)
	}
	return each(known, rows, tablePiece/64, func(e encoder, t *table, from, to int) {
		for r := from; r < to; r++ {
			t.rows[l.rowOrder][r], t.rowsBack[l.rowOrder][r] = e.rowRecords(l.rowOrder, r)
		}
	})
}
