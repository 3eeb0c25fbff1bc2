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

// In row r of 2^order words value i belongs to block r·2^order + i, except that the
// words of a leaf are transposed.
func TestRow_EvaluatesAtTheRootsOfItsBlock(t *testing.T) {
	t.Parallel()
	for _, order := range []int{6, 8, 10} {
		for _, r := range []int{0, 1, 2, 5, 11} {
			eachPrimeWith(t, order, func(m *prime, f field, s *source) {
				n := 1 << order
				a := team.AlignedWords(n)
				for i := range a {
					a[i] = s.Uint64N(m.P)
				}
				coefficients := append([]uint64(nil), a...)
				f.forward(a, order, r)
				for i := range a {
					place := i&^63 | i%8*8 | i%64/8
					if got, want := a[i]&low52%m.P, m.evaluate(coefficients, m.point(r<<order+place)); got != want {
						t.Fatalf("row %d of 2^%d words: value %d is %d, want %d", r, order, i, got, want)
					}
				}
				for i := range a {
					a[i] = a[i]&low52%m.P + s.Uint64N(3)*m.P
				}
				f.back(a, order, r)
				for i := range a {
					if got, want := a[i]&low52%m.P, m.Mul(coefficients[i], uint64(n)); got != want || a[i]&low52 >= 3*m.P {
						t.Fatalf("row %d of 2^%d words: word %d came back as %d, want %d", r, order, i, got, want)
					}
				}
			})
		}
	}
}

// eachPrimeWith calls test for each prime with tables for rows of 2^order words.
func eachPrimeWith(t *testing.T, order int, test func(m *prime, f field, s *source)) {
	t.Helper()
	var multiplier Multiplier
	defer multiplier.End()
	all := multiplier.sharedTables(layout{points: 1 << (order + 4), order: order + 4, rowOrder: order, rows: 16, wanted: 16, length: 1 << order})
	for k := range primes {
		test(&primes[k], newField(all, k), newSource([]byte{byte(k)}))
	}
}

// A column truncated to any number of rows has the values of the full column, and
// its inverse the coefficients.
func TestColumn_TruncatedTransformAgreesWithFull(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{1, 2, 4, 8, 16, 32, 64} {
		for wanted := 1; wanted <= rows; wanted++ {
			eachPrimeWith(t, 8, func(m *prime, f field, s *source) { testColumns(t, m, f, s, rows, wanted) })
		}
	}
}

// Long columns are transformed in several calls of the kernels.
func TestColumn_TruncatedTransformAgreesWithFullInPieces(t *testing.T) {
	t.Parallel()
	const rows, order = 4096, 12
	var multiplier Multiplier
	defer multiplier.End()
	all := multiplier.sharedTables(layout{points: 1, order: order + 8, rowOrder: 8, rows: rows, wanted: 1, length: 1 << 8})
	for _, wanted := range []int{1, 2047, 2049, 3000, rows} {
		testColumns(t, &primes[1], newField(all, 1), newSource(nil), rows, wanted)
		testColumns(t, &primes[1], newField(all, 1), newSource(nil), rows/2, min(rows/2, wanted))
	}
}

func testColumns(t *testing.T, m *prime, f field, s *source, rows, wanted int) {
	t.Helper()
	const width, stride = 16, 24
	// The coefficients after the wanted ones are 0.
	a := make([]uint64, rows*width)
	for i := range a[:wanted*width] {
		a[i] = s.Uint64N(m.P)
	}
	transform := func(wanted int) []uint64 {
		c := column{f, width, make([]uint64, (wanted+3)*stride), stride}
		c.forward(append([]uint64(nil), a...), 0, 0, wanted)
		return c.values
	}
	whole, values := transform(rows), transform(wanted)
	for row := range wanted {
		for i := range width {
			if x, y := values[row*stride+i]&low52%m.P, whole[row*stride+i]&low52%m.P; x != y {
				t.Fatalf("%d of %d rows: value %d of row %d is %d, want %d", wanted, rows, i, row, x, y)
			}
		}
	}
	for i := range values {
		values[i] = values[i] & low52 % m.P
	}
	back := make([]uint64, rows*width)
	c := column{f, width, values, stride}
	c.back(back, 0, 0, wanted)
	for i, x := range back {
		if x&low52 >= 3*m.P || x&low52%m.P != m.Mul(a[i], uint64(rows)) {
			t.Fatalf("%d of %d rows: word %d came back as %d", wanted, rows, i, x)
		}
	}
}

// FuzzProducts compares the products of both engines.
func FuzzProducts(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSource(data)
		form := ntt.Form(s.IntN(len(forms)))
		n, k := 1+s.IntN(1<<s.IntN(14)), 1+s.IntN(1<<s.IntN(14))
		if form > ntt.Square {
			k = n
		}
		a, b := s.points(n), s.points(k)
		count := n + max(n, k) + 1
		var got, want [2][]uint64
		for i := range got {
			got[i], want[i] = make([]uint64, count), make([]uint64, count)
		}
		var vector Multiplier
		vector.Begin(19, nil)
		defer vector.End()
		vector.Multiply(form, got[0], got[1], a, b)

		// Again, in place.
		shared := make([]uint64, 2*count)
		x, y := shared[:n], shared[n:n+k]
		copy(x, a)
		copy(y, b)
		vector.Multiply(form, shared[:count], shared[count:], x, y)
		for i := range form.Results() {
			same(t, "product in place", shared[i*count:], got[i])
		}

		// Plain Go multiplies points with fewer digits.
		digits := ntt.PointDigits(19 * int64(count))
		convert := func(w []uint64, from, to, extra int) []uint64 {
			p := make([]uint64, len(w)*from/to+1+extra)
			ntt.Convert(p, to, w, from, 0)
			return p
		}
		var plain ntt.Multiplier
		plain.Begin(digits, nil)
		defer plain.End()
		x, y = convert(a, 19, digits, 0), convert(b, 19, digits, 0)
		if form > ntt.Square {
			y = append(y, make([]uint64, len(x)-len(y))...)
		}
		var results [2][]uint64
		for i := range results {
			results[i] = make([]uint64, count*19/digits+1)
		}
		plain.Multiply(form, results[0], results[1], x, y)
		for i := range form.Results() {
			ntt.Convert(want[i], 19, results[i], digits, 0)
			same(t, "product", got[i], want[i])
		}
	})
}
