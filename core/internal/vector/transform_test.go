//go:build amd64 && !purego

package vector

import (
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/team"
)

func (m *prime) evaluate(a []uint64, x uint64) (value uint64) {
	for i := len(a) - 1; i >= 0; i-- {
		value = (m.Mul(value, x) + a[i]) % m.P
	}
	return value
}

// point returns the root of block j of single words: the roots of the table with
// alternating signs.
func (m *prime) point(j int) uint64 {
	if j%2 == 0 {
		return m.BlockRoot(j / 2)
	}
	return m.Negative(m.BlockRoot(j / 2))
}

// leafPlace returns where value i of a leaf is in memory: transposed, and in double
// precision as halves of vectors.
func (s *Instructions) leafPlace(i int) int {
	vector, lane := i%8, i/8
	if s.doubles {
		return 8*(lane/4*4+vector%4) + vector/4*4 + lane%4
	}
	return 8*vector + lane
}

// In row r of 2^order words value i belongs to block r·2^order + i, except that the
// words of a leaf have other places.
func TestRow_EvaluatesAtTheRootsOfItsBlock(t *testing.T) {
	t.Parallel()
	for _, order := range []int{6, 8, 10} {
		for _, r := range []int{0, 1, 2, 5, 11} {
			eachField(t, order, func(set *Instructions, f field, s *source) {
				n := 1 << order
				a := team.AlignedWords(n)
				coefficients := make([]uint64, n)
				for i := range a {
					coefficients[i] = s.Uint64N(f.P)
					a[i] = set.word(s, coefficients[i], f.P)
				}
				f.forward(a, order, r)
				for i := range a {
					at := i&^63 | set.leafPlace(i%64)
					if got, want := set.residue(a[at], f.P), f.evaluate(coefficients, f.point(r<<order+i)); got != want {
						t.Fatalf("%s, row %d of 2^%d words: value %d is %d, want %d", set.Name(), r, order, i, got, want)
					}
				}
				for i := range a {
					a[i] = set.word(s, set.residue(a[i], f.P), f.P)
				}
				f.back(a, order, r)
				for i := range a {
					if got, want := set.residue(a[i], f.P), f.Mul(coefficients[i], uint64(n)); got != want || !set.isBack(a[i], f.P) {
						t.Fatalf("%s, row %d of 2^%d words: word %d came back as %d, want %d", set.Name(), r, order, i, got, want)
					}
				}
			})
		}
	}
}

// Contiguous rows of one leaf each are transformed as one by one.
func TestRow_TransformsContiguousLeavesAsSingleOnes(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{2, 3, 5, 9, 16, 18, 32} {
		eachField(t, leafOrder, func(set *Instructions, f field, s *source) {
			together, single := team.AlignedWords(rows<<leafOrder), team.AlignedWords(rows<<leafOrder)
			check := func(what string, transform func(a []uint64, r int)) {
				t.Helper()
				for i := range single {
					single[i] = set.word(s, s.Uint64N(f.P), f.P)
				}
				copy(together, single)
				transform(together, 0)
				for r := range rows {
					transform(single[r<<leafOrder:][:1<<leafOrder], r)
				}
				same(t, set.Name()+" "+what, together, single)
			}
			check("forward", func(a []uint64, r int) { f.forward(a, leafOrder, r) })
			check("back", func(a []uint64, r int) { f.back(a, leafOrder, r) })
		})
	}
}

// eachField calls test for each prime and set of instructions, with tables for rows
// of 2^order words.
func eachField(t *testing.T, order int, test func(set *Instructions, f field, s *source)) {
	t.Helper()
	for _, set := range sets {
		multiplier := set.NewMultiplier()
		defer multiplier.End()
		all := multiplier.sharedTables(&layout{points: 1 << (order + 5), order: order + 5, rowOrder: order, rows: 32, wanted: 32, length: 1 << order})
		for k := range primes {
			test(set, set.field(all, k), newSource([]byte{byte(k)}))
		}
	}
}

// A column truncated to any number of rows has the values of the full column, and
// its inverse the coefficients.
func TestColumn_TruncatedTransformAgreesWithFull(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{1, 2, 4, 8, 16, 32, 64} {
		for wanted := 1; wanted <= rows; wanted++ {
			eachField(t, 8, func(set *Instructions, f field, s *source) { testColumns(t, set, f, s, rows, wanted) })
		}
	}
}

// Long columns are transformed in several calls of the kernels.
func TestColumn_TruncatedTransformAgreesWithFullInPieces(t *testing.T) {
	t.Parallel()
	const rows, order = 4096, 12
	for _, set := range sets {
		multiplier := set.NewMultiplier()
		defer multiplier.End()
		all := multiplier.sharedTables(&layout{points: 1, order: order + 8, rowOrder: 8, rows: rows, wanted: 1, length: 1 << 8})
		for _, wanted := range []int{1, 2047, 2049, 3000, rows} {
			testColumns(t, set, set.field(all, 1), newSource(nil), rows, wanted)
			testColumns(t, set, set.field(all, 1), newSource(nil), rows/2, min(rows/2, wanted))
		}
	}
}

func testColumns(t *testing.T, set *Instructions, f field, s *source, rows, wanted int) {
	t.Helper()
	const width, stride = 16, 24
	// The coefficients after the wanted ones are 0.
	coefficients, a := make([]uint64, rows*width), make([]uint64, rows*width)
	for i := range a[:wanted*width] {
		coefficients[i] = s.Uint64N(f.P)
		a[i] = set.word(s, coefficients[i], f.P)
	}
	transform := func(wanted int) []uint64 {
		c := column{f, width, make([]uint64, (wanted+3)*stride), stride}
		c.forward(append([]uint64(nil), a...), 0, 0, wanted)
		return c.values
	}
	whole, values := transform(rows), transform(wanted)
	for row := range wanted {
		for i := range width {
			if x, y := set.residue(values[row*stride+i], f.P), set.residue(whole[row*stride+i], f.P); x != y {
				t.Fatalf("%s, %d of %d rows: value %d of row %d is %d, want %d", set.Name(), wanted, rows, i, row, x, y)
			}
		}
	}
	for i := range values {
		values[i] = set.word(s, set.residue(values[i], f.P), f.P)
	}
	back := make([]uint64, rows*width)
	c := column{f, width, values, stride}
	c.back(back, 0, 0, wanted)
	for i, x := range back {
		if !set.isBack(x, f.P) || set.residue(x, f.P) != f.Mul(coefficients[i], uint64(rows)) {
			t.Fatalf("%s, %d of %d rows: word %d came back as %d", set.Name(), wanted, rows, i, x)
		}
	}
	if wanted <= rows/2 {
		return
	}
	scale := uint64(rows)
	if wanted < rows {
		scale /= 2
	}
	back = s.words(rows*width, f.P) // which product does not read
	c.product(back, wanted)
	for i, x := range back[:wanted*width] {
		if !set.isBack(x, f.P) || set.residue(x, f.P) != f.Mul(coefficients[i], scale) {
			t.Fatalf("%s, %d of %d rows: coefficient %d is %d", set.Name(), wanted, rows, i, x)
		}
	}
}

// FuzzProducts compares the products with those in plain Go.
func FuzzProducts(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSource(data)
		form := ntt.Form(s.IntN(len(ifmaForms)))
		n, k := 1+s.IntN(1<<s.IntN(14)), 1+s.IntN(1<<s.IntN(14))
		if form > ntt.Square {
			k = n
		}
		a, b := s.points(n), s.points(k)
		count := n + max(n, k) + 1
		// Plain Go multiplies points with fewer digits.
		digits := ntt.PointDigits(19 * int64(count))
		convert := func(w []uint64, from, to, extra int) []uint64 {
			p := make([]uint64, len(w)*from/to+1+extra)
			ntt.Convert(p, to, w, from, 0)
			return p
		}
		var plain ntt.Multiplier
		plain.Begin(digits, 0, nil)
		defer plain.End()
		x, y := convert(a, 19, digits, 0), convert(b, 19, digits, 0)
		if form > ntt.Square {
			y = append(y, make([]uint64, len(x)-len(y))...)
		}
		var results [2][]uint64
		for i := range results {
			results[i] = make([]uint64, count*19/digits+1)
		}
		plain.Multiply(form, results[0], results[1], x, y)
		var want [2][]uint64
		for i := range want {
			want[i] = make([]uint64, count)
			ntt.Convert(want[i], 19, results[i], digits, 0)
		}

		for _, set := range sets {
			var got [2][]uint64
			for i := range got {
				got[i] = make([]uint64, count)
			}
			m := set.NewMultiplier()
			m.Begin(19, 0, nil)
			m.largest = set.long // as in a long calculation: products of set.parallel points use all processors
			defer m.End()
			m.Multiply(form, got[0], got[1], a, b)
			for i := range form.Results() {
				same(t, set.Name(), got[i], want[i])
			}

			// Again, in place.
			shared := make([]uint64, 2*count)
			x, y := shared[:n], shared[n:n+k]
			copy(x, a)
			copy(y, b)
			m.Multiply(form, shared[:count], shared[count:], x, y)
			for i := range form.Results() {
				same(t, set.Name()+" in place", shared[i*count:], want[i])
			}
		}
	})
}
