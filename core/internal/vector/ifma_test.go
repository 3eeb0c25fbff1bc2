//go:build amd64 && !purego

package vector

import (
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
)

func FuzzIFMAPasses(f *testing.F) {
	runs(f, IFMA)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachPrime(t, IFMA, data, func(k int, f field, s *source) {
			m := model{t, &moduli[k]}
			const quarter = 24
			count, j := 1+s.IntN(4), s.IntN(12)
			a := s.words(4*quarter*count, 8*m.c.p)
			want := split4Blocks(m, a, quarter, count, f.records[j:])
			to := make([]uint64, 4*40+quarter)
			ifmaSplit4To(m.c, &to[0], 40, &a[0], quarter, 16, &f.records[j])
			ifmaSplit4To(m.c, &to[16], 40, &a[16], quarter, quarter-16, &f.records[j])
			for row := range 4 {
				same(t, "split4To", to[40*row:], want[row*quarter:(row+1)*quarter])
			}
			ifmaSplit4(m.c, &a[0], quarter, count, &f.records[j])
			same(t, "split4", a, want)

			j = count - 1 + s.IntN(12) // in descending order from here
			a = s.words(4*quarter*count, 3*m.c.p)
			want = join4Blocks(m, a, quarter, count, func(block int) record { return f.records[j-block] })
			from := make([]uint64, 4*40+quarter)
			for row := range 4 {
				copy(from[40*row:], a[row*quarter:(row+1)*quarter])
			}
			ifmaJoin4From(m.c, &to[0], quarter, &from[0], 40, 8, &f.records[j])
			ifmaJoin4From(m.c, &to[8], quarter, &from[8], 40, quarter-8, &f.records[j])
			same(t, "join4From", to, want[:4*quarter])
			ifmaJoin4(m.c, &a[0], quarter, count, &f.records[j])
			same(t, "join4", a, want)
		})
	})
}

func split4Blocks(m model, a []uint64, quarter, count int, records []record) []uint64 {
	want := make([]uint64, len(a))
	for block := range count {
		for i := range quarter {
			at := func(k int) int { return (4*block+k)*quarter + i }
			o := m.split4([4]uint64{m.reduce(a[at(0)]), a[at(1)], a[at(2)], a[at(3)]}, records[block])
			for k, x := range o {
				want[at(k)] = x
			}
		}
	}
	return want
}

func join4Blocks(m model, a []uint64, quarter, count int, records func(block int) record) []uint64 {
	want := make([]uint64, len(a))
	for block := range count {
		for i := range quarter {
			at := func(k int) int { return (4*block+k)*quarter + i }
			o := m.join4(0, [4]uint64{a[at(0)], a[at(1)], a[at(2)], a[at(3)]}, records(block))
			o[0] = m.reduce(o[0])
			for k, x := range o {
				want[at(k)] = x
			}
		}
	}
	return want
}

// lane returns the constants of a lane.
func (r *rowRecord) lane(i int) (g factor, _ record) {
	return r.g.factor(i), record{r.z.factor(i), r.y0.factor(i), r.y1.factor(i), r.a.factor(i), r.b.factor(i)}
}

func FuzzIFMALanePasses(f *testing.F) {
	runs(f, IFMA)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachPrime(t, IFMA, data, func(k int, f field, s *source) {
			m := model{t, &moduli[k]}
			const quarter = 64
			row := s.IntN(len(f.rows[10]))
			each := func(a []uint64, r *rowRecord, pass func(x [4]uint64, g factor, r record) [4]uint64) []uint64 {
				want := make([]uint64, len(a))
				for i := range quarter {
					g, r := r.lane(i % vectorWords)
					for k, x := range pass([4]uint64{a[i], a[quarter+i], a[2*quarter+i], a[3*quarter+i]}, g, r) {
						want[k*quarter+i] = x
					}
				}
				return want
			}
			a := s.words(4*quarter, 8*m.c.p)
			want := each(a, &f.rows[10][row], func(x [4]uint64, g factor, r record) [4]uint64 {
				x[0] = m.below(200, m.times(x[0], g))
				return m.split4(x, r)
			})
			ifmaSplit4Lanes(m.c, &a[0], quarter, &f.rows[10][row])
			same(t, "split4Lanes", a, want)

			a = s.words(4*quarter, 3*m.c.p)
			want = each(a, &f.rowsBack[10][row], func(x [4]uint64, g factor, r record) [4]uint64 {
				x = m.join4(0, x, r)
				x[0] = m.below(200, m.times(x[0], g))
				return x
			})
			ifmaJoin4Lanes(m.c, &a[0], quarter, &f.rowsBack[10][row])
			same(t, "join4Lanes", a, want)
		})
	})
}

func FuzzIFMALeaves(f *testing.F) {
	runs(f, IFMA)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachPrime(t, IFMA, data, func(k int, f field, s *source) {
			m := model{t, &moduli[k]}
			count, j, leaf := 1+s.IntN(5), s.IntN(16), s.IntN(8)
			a := s.words(64*count, 767*m.c.p/100)
			var want []uint64
			for i := range count {
				v := m.splitLeaf(f.lanes, [64]uint64(a[64*i:]), j+i, f.roots, &f.leaf[leaf+i])
				want = append(want, v[:]...)
			}
			ifmaSplitLeaves(m.c, f.lanes, &a[0], count, &f.roots[j], &f.roots[2*j], &f.roots[4*j], &f.leaf[leaf])
			same(t, "splitLeaves", a, want)

			j += count // in descending order from here
			a = s.words(64*count, 3*m.c.p)
			want = nil
			for i := range count {
				r := j - i
				v := m.joinLeaf(f.lanes, [64]uint64(a[64*i:]), f.roots[r:], f.roots[2*r:], f.roots[4*r:], &f.leafBack[leaf+i])
				want = append(want, v[:]...)
			}
			ifmaJoinLeaves(m.c, f.lanes, &a[0], count, &f.roots[j], &f.roots[2*j], &f.roots[4*j], &f.leafBack[leaf])
			same(t, "joinLeaves", a, want)
		})
	})
}

func FuzzIFMAColumns(f *testing.F) {
	runs(f, IFMA)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachPrime(t, IFMA, data, func(k int, f field, s *source) {
			m := model{t, &moduli[k]}
			const n = 40
			w := [2]factor{f.roots[s.IntN(64)], f.roots[s.IntN(64)]}
			x, y := s.words(n, 8*m.c.p), s.words(n, 8*m.c.p)
			wantX, wantY := make([]uint64, n), make([]uint64, n)
			for i := range n {
				wantX[i], wantY[i] = m.reduce(x[i]), y[i]
				m.split2(&wantX[i], &wantY[i], w[0], 2)
				m.below(400, wantX[i])
				m.below(400, wantY[i])
			}
			ifmaSplit2(m.c, &x[0], &y[0], n, &w[0])
			same(t, "split2", x, wantX)
			same(t, "split2", y, wantY)

			x, y = s.words(n, 3*m.c.p), s.words(n, 3*m.c.p)
			for i := range n {
				wantX[i], wantY[i] = x[i], y[i]
				m.join2(0, &wantX[i], &wantY[i], 3, w[0])
				wantX[i] = m.reduce(m.below(600, wantX[i]))
			}
			ifmaJoin2(m.c, &x[0], &y[0], n, &w[0])
			same(t, "join2", x, wantX)
			same(t, "join2", y, wantY)

			x, y = s.words(n, 6*m.c.p), s.words(n, 6*m.c.p)
			for i := range n {
				wantX[i] = m.below(300, m.times2(x[i], w[0], y[i], w[1]))
			}
			ifmaLinear2(m.c, &y[0], &x[0], &y[0], n, &w)
			same(t, "linear2", y, wantX)
		})
	})
}

func FuzzIFMAFirstPasses(f *testing.F) {
	runs(f, IFMA)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		const n, plane, part = 24, 8*32 + 8, 32
		s := newSource(data)
		p := [4][]uint64{s.points(n), s.points(n), s.points(n), s.points(n)}
		got := make([]uint64, primeCount*plane)
		check := func(what string, rows int, want func(m model, k, i int) []uint64) {
			t.Helper()
			for k := range primes {
				m := model{t, &moduli[k]}
				for i := range n {
					for row, w := range want(m, k, i)[:rows] {
						if g := got[k*plane+row*part+i]; g != w {
							t.Fatalf("%s, prime %d, row %d: word %d is %#x, want %#x", what, k, row, i, g, w)
						}
					}
				}
			}
		}
		ifmaResidues(&moduli, &got[0], plane, &p[0][0], n)
		check("residues", 1, func(m model, _, i int) []uint64 { return []uint64{m.residue(p[0][i])} })
		ifmaFirst4(&moduli, &got[0], plane, part, &p[0][0], &p[1][0], n)
		check("first4", 4, func(m model, _, i int) []uint64 {
			w := m.first4(p[0][i], p[1][i])
			return w[:]
		})
		ifmaFirst8(&moduli, &IFMA.first, &got[0], plane, part, &p[0][0], &p[1][0], &p[2][0], &p[3][0], n)
		check("first8", 8, func(m model, k, i int) []uint64 {
			w := m.first8([4]uint64{p[0][i], p[1][i], p[2][i], p[3][i]}, IFMA.first[k])
			return w[:]
		})
	})
}

func FuzzIFMAForms(f *testing.F) {
	runs(f, IFMA)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachPrime(t, IFMA, data, func(k int, _ field, s *source) {
			m := model{t, &moduli[k]}
			const n = 32
			for form, kernel := range ifmaForms {
				a, b := s.words(n, 1<<wordBits), s.words(n, 1<<wordBits)
				wantA, wantB := make([]uint64, n), append([]uint64(nil), b...)
				for i := range n {
					x, y := m.reduce(a[i]), m.reduce(b[i])
					switch ntt.Form(form) {
					case ntt.Product:
						wantA[i] = m.form(x, y)
					case ntt.Square:
						wantA[i] = m.form(x, x)
					case ntt.DoubleDown:
						wantA[i], wantB[i] = m.form(x, x, y, y), m.form(2*x+y, y)
					case ntt.DoubleUp:
						wantA[i], wantB[i] = m.form(y, y, 2*x, y), m.form(y, y, x+y, x+y)
					case ntt.DoubleEven:
						wantA[i] = m.form(2*x+y, y)
					case ntt.DoubleOdd:
						wantA[i] = m.form(x+y, x+y, y, y)
					}
				}
				kernel(m.c, &a[0], &b[0], n)
				same(t, "form", a, wantA)
				same(t, "form", b, wantB)
			}
		})
	})
}
