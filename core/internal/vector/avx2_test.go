//go:build amd64 && !purego

package vector

import (
	"math"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/team"
)

// doubles returns n integers, as words, whose absolute values are below the given
// bound.
func (s *source) doubles(n int, below float64) []uint64 {
	w := team.AlignedWords(n)
	for i := range w {
		x := s.residue(s.mode(), uint64(below))
		w[i] = math.Float64bits(float64(x) * float64(1-2*s.IntN(2)))
	}
	return w
}

func number(word uint64) float64 { return math.Float64frombits(word) }

// four returns the words at the rows of a.
func four(a []uint64, at, distance int) (x [4]float64) {
	for k := range x {
		x[k] = number(a[at+k*distance])
	}
	return x
}

func put(a []uint64, at, distance int, x ...float64) {
	for k, w := range x {
		a[at+k*distance] = math.Float64bits(w)
	}
}

// eachDouble calls test for each prime with tables for 2^14 points.
func eachDouble(t *testing.T, data []byte, test func(m doubleModel, c *doubleConstants, f field, s *source)) {
	t.Helper()
	eachPrime(t, AVX2, data, func(k int, f field, s *source) { test(newDoubleModel(t, k), &doubleModuli[k], f, s) })
}

func FuzzAVX2Passes(f *testing.F) {
	runs(f, AVX2)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachDouble(t, data, func(m doubleModel, c *doubleConstants, f field, s *source) {
			const quarter = 24
			count, j := 1+s.IntN(4), s.IntN(12)
			a := s.doubles(4*quarter*count, 4*m.p)
			want := make([]uint64, len(a))
			each := func(pass func(x [4]float64, block int) [4]float64) {
				for block := range count {
					for i := range quarter {
						at := 4*block*quarter + i
						x := pass(four(a, at, quarter), block)
						put(want, at, quarter, x[:]...)
					}
				}
			}
			each(func(x [4]float64, block int) [4]float64 {
				r := &f.records[j+block]
				x[0] = m.reduce(x[0])
				return m.split4(x, r.z, r.y0, r.y1)
			})
			to := make([]uint64, 4*40+quarter)
			avx2Split4To(c, &to[0], 40, &a[0], quarter, 16, &f.records[j])
			avx2Split4To(c, &to[16], 40, &a[16], quarter, quarter-16, &f.records[j])
			for row := range 4 {
				same(t, "split4To", to[40*row:], want[row*quarter:(row+1)*quarter])
			}
			avx2Split4(c, &a[0], quarter, count, &f.records[j])
			same(t, "split4", a, want)

			j = count - 1 + s.IntN(12) // in descending order from here
			a = s.doubles(4*quarter*count, 2*m.p)
			each(func(x [4]float64, block int) [4]float64 {
				r := &f.records[j-block]
				x = m.join4(x, r.z, r.z, r.y0, r.y1)
				x[0] = m.reduce(x[0])
				return x
			})
			from := make([]uint64, 4*40+quarter)
			for row := range 4 {
				copy(from[40*row:], a[row*quarter:(row+1)*quarter])
			}
			avx2Join4From(c, &to[0], quarter, &from[0], 40, 8, &f.records[j])
			avx2Join4From(c, &to[8], quarter, &from[8], 40, quarter-8, &f.records[j])
			same(t, "join4From", to, want[:4*quarter])
			avx2Join4(c, &a[0], quarter, count, &f.records[j])
			same(t, "join4", a, want)
		})
	})
}

func FuzzAVX2LanePasses(f *testing.F) {
	runs(f, AVX2)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachDouble(t, data, func(m doubleModel, c *doubleConstants, f field, s *source) {
			const quarter = 64
			row := s.IntN(len(f.rows[10]))
			want := make([]uint64, 4*quarter)
			each := func(a []uint64, r *rowRecord, pass func(x [4]float64, z, g factor, r record) [4]float64) {
				for i := range quarter {
					g, lane := r.lane(i % vectorWords)
					x := pass(four(a, i, quarter), r.z.factor(0), g, lane)
					put(want, i, quarter, x[:]...)
				}
			}
			a := s.doubles(4*quarter, 4*m.p)
			each(a, &f.rows[10][row], func(x [4]float64, z, g factor, r record) [4]float64 {
				x[0] = m.times(x[0], g)
				m.split2(&x[0], &x[2], r.z)
				m.split2(&x[1], &x[3], z)
				return m.split4Again(x, r.y0, r.y1)
			})
			avx2Split4Lanes(c, &a[0], quarter, &f.rows[10][row])
			same(t, "split4Lanes", a, want)

			a = s.doubles(4*quarter, 2*m.p)
			each(a, &f.rowsBack[10][row], func(x [4]float64, z, g factor, r record) [4]float64 {
				x = m.join4(x, r.z, z, r.y0, r.y1)
				x[0] = m.below(120, m.times(x[0], g))
				return x
			})
			avx2Join4Lanes(c, &a[0], quarter, &f.rowsBack[10][row])
			same(t, "join4Lanes", a, want)
		})
	})
}

func FuzzAVX2Leaves(f *testing.F) {
	runs(f, AVX2)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachDouble(t, data, func(m doubleModel, c *doubleConstants, f field, s *source) {
			count, j, leaf := 1+s.IntN(3), s.IntN(16), s.IntN(8)
			a := s.doubles(64*count, 2.2*m.p)
			var want []uint64
			for i := range count {
				var v doubleLeaf
				for k := range v {
					v[k] = number(a[64*i+k])
				}
				words := m.splitLeaf(f.lanes, v, j+i, f.roots, &f.leaf[leaf+i]).places()
				want = append(want, words[:]...)
			}
			avx2SplitLeaves(c, f.lanes, &a[0], count, &f.roots[j], &f.roots[2*j], &f.roots[4*j], &f.leaf[leaf])
			same(t, "splitLeaves", a, want)

			j += count // in descending order from here
			a = s.doubles(64*count, 1.2*m.p)
			want = nil
			for i := range count {
				r := j - i
				var v doubleLeaf
				for k := range v {
					v[k] = number(a[64*i+AVX2.leafPlace(k)])
				}
				v = m.joinLeaf(f.lanes, v, f.roots[r:], f.roots[2*r:], f.roots[4*r:], &f.leafBack[leaf+i])
				for _, x := range v {
					want = append(want, math.Float64bits(x))
				}
			}
			avx2JoinLeaves(c, f.lanes, &a[0], count, &f.roots[j], &f.roots[2*j], &f.roots[4*j], &f.leafBack[leaf])
			same(t, "joinLeaves", a, want)
		})
	})
}

func FuzzAVX2Columns(f *testing.F) {
	runs(f, AVX2)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachDouble(t, data, func(m doubleModel, c *doubleConstants, f field, s *source) {
			const n = 40
			w := [2]factor{f.roots[s.IntN(64)], f.roots[s.IntN(64)]}
			wantX, wantY := make([]uint64, n), make([]uint64, n)
			x, y := s.doubles(n, 4*m.p), s.doubles(n, 4*m.p)
			for i := range n {
				low, high := m.reduce(number(x[i])), number(y[i])
				m.split2(&low, &high, w[0])
				wantX[i], wantY[i] = math.Float64bits(m.below(180, low)), math.Float64bits(m.below(180, high))
			}
			avx2Split2(c, &x[0], &y[0], n, &w[0])
			same(t, "split2", x, wantX)
			same(t, "split2", y, wantY)

			x, y = s.doubles(n, 2*m.p), s.doubles(n, 2*m.p)
			for i := range n {
				low, high := number(x[i]), number(y[i])
				m.join2(&low, &high, w[0])
				wantX[i], wantY[i] = math.Float64bits(m.reduce(low)), math.Float64bits(m.below(120, high))
			}
			avx2Join2(c, &x[0], &y[0], n, &w[0])
			same(t, "join2", x, wantX)
			same(t, "join2", y, wantY)

			x, y = s.doubles(n, 4*m.p), s.doubles(n, 4*m.p)
			for i := range n {
				wantX[i] = math.Float64bits(m.below(120, m.times(number(x[i]), w[0])+m.times(number(y[i]), w[1])))
			}
			avx2Linear2(c, &y[0], &x[0], &y[0], n, &w)
			same(t, "linear2", y, wantX)
		})
	})
}

func FuzzAVX2FirstPasses(f *testing.F) {
	runs(f, AVX2)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		const n, plane, part = 24, 8*32 + 8, 32
		multiplier := AVX2.NewMultiplier() // prepares the records
		defer multiplier.End()
		s := newSource(data)
		p := [4][]uint64{s.points(n), s.points(n), s.points(n), s.points(n)}
		got := make([]uint64, primeCount*plane)
		check := func(what string, want func(m doubleModel, k, i int) []float64) {
			t.Helper()
			for k := range primes {
				m := newDoubleModel(t, k)
				for i := range n {
					for row, w := range want(m, k, i) {
						if g := number(got[k*plane+row*part+i]); g != w {
							t.Fatalf("%s, prime %d, row %d: word %d is %v, want %v", what, k, row, i, g, w)
						}
					}
				}
			}
		}
		avx2Residues(&doubleModuli, &got[0], plane, &p[0][0], n)
		check("residues", func(m doubleModel, _, i int) []float64 { return []float64{m.residue(p[0][i])} })
		avx2First4(&doubleModuli, &got[0], plane, part, &p[0][0], &p[1][0], n)
		check("first4", func(m doubleModel, _, i int) []float64 {
			w := m.first4(p[0][i], p[1][i])
			return w[:]
		})
		avx2First8(&doubleModuli, &AVX2.first, &got[0], plane, part, &p[0][0], &p[1][0], &p[2][0], &p[3][0], n)
		check("first8", func(m doubleModel, k, i int) []float64 {
			w := m.first8([4]uint64{p[0][i], p[1][i], p[2][i], p[3][i]}, AVX2.first[k])
			return w[:]
		})
	})
}

func FuzzAVX2Forms(f *testing.F) {
	runs(f, AVX2)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		eachDouble(t, data, func(m doubleModel, c *doubleConstants, _ field, s *source) {
			const n = 32
			for form, kernel := range avx2Forms {
				a, b := s.doubles(n, 1<<wordBits), s.doubles(n, 1<<wordBits)
				wantA, wantB := make([]uint64, n), append([]uint64(nil), b...)
				for i := range n {
					x, y := m.reduce(number(a[i])), m.reduce(number(b[i]))
					var r, r1 float64
					switch ntt.Form(form) {
					case ntt.Product:
						r = m.product(x, y)
					case ntt.Square:
						r = m.product(x, x)
					case ntt.DoubleDown:
						r, r1 = m.product(x, x)+m.product(y, y), m.product(2*x+y, y)
					case ntt.DoubleUp:
						r, r1 = m.product(2*x, y)+m.product(y, y), m.product(x+y, x+y)+m.product(y, y)
					case ntt.DoubleEven:
						r = m.product(2*x+y, y)
					case ntt.DoubleOdd:
						r = m.product(x+y, x+y) + m.product(y, y)
					}
					wantA[i] = math.Float64bits(m.below(120, r))
					if ntt.Form(form).Results() == 2 {
						wantB[i] = math.Float64bits(m.below(120, r1))
					}
				}
				kernel(c, &a[0], &b[0], n)
				same(t, "form", a, wantA)
				same(t, "form", b, wantB)
			}
		})
	})
}

// FuzzAVX2MixedRadix compares the kernel with its model, and the digits with those
// found by integers.
func FuzzAVX2MixedRadix(f *testing.F) {
	runs(f, AVX2)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		const n, plane = 24, 32
		s := newSource(data)
		m := [primeCount]doubleModel{newDoubleModel(t, 0), newDoubleModel(t, 1), newDoubleModel(t, 2)}
		for digits := minDigits; digits <= maxDigits; digits++ {
			r := newMixedRadix(s.IntN(maxOrder+1), digits)
			a := s.doubles(primeCount*plane, 2*m[2].p)
			want := append([]uint64(nil), a...)
			for i := range n {
				x := m[0].toMixedRadix(m, r, [3]float64{number(a[i]), number(a[plane+i]), number(a[2*plane+i])})
				put(want, i, plane, x[:]...)
				m[0].quotients(r, x)
			}
			got, digitsByIntegers := make([]uint64, n), make([]uint64, n)
			var last lastDigits
			avx2MixedRadix(&doubleModuli, r, &got[0], n, &a[0], plane, &last)
			same(t, "mixedRadix", a, want)
			carried := r.resolve(digitsByIntegers, a, plane)
			if last.unresolved != [4]uint64{} {
				continue
			}
			same(t, "mixedRadix", got, digitsByIntegers)
			if over := last.middle[3] + last.top[2] - last.carries[3]; carried != [2]uint64{over, last.top[3]} {
				t.Fatalf("%d digits: %v, %d are carried out, want %d", digits, over, last.top[3], carried)
			}
		}
	})
}
