package ntt

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

func evaluate(m *prime, a []uint64, x uint64) uint64 {
	var r uint64
	for i := len(a) - 1; i >= 0; i-- {
		r = (m.Mul(r, x) + a[i]%m.P) % m.P
	}
	return r
}

func TestRow_EvaluatesAtTheRootsOfItsBlock(t *testing.T) {
	t.Parallel()
	for _, m := range primes {
		table := newRoots(m, 1<<12)
		for _, s := range []int{4, 6, 8} {
			for _, j := range []int{0, 1, 2, 5} {
				r := rand.New(rand.NewPCG(1, uint64(s)))
				a := make([]uint64, 1<<s)
				for i := range a {
					a[i] = r.Uint64N(m.P)
				}
				got := append([]uint64(nil), a...)
				table.forward(m, got, j)
				for i, v := range got {
					// Block k of single words is x − w^rev(k): the roots of
					// the table with alternating signs.
					k := j<<s + i
					x := table[k/2].W
					if k%2 == 1 {
						x = m.P - x
					}
					if want := evaluate(m, a, x); v%m.P != want {
						t.Fatalf("2^%d words, block %d: value %d is %d, want %d", s, j, i, v%m.P, want)
					}
				}
				for i := range got {
					got[i] %= m.P
				}
				table.backward(m, got, j)
				for i, v := range got {
					if v >= 2*m.P || v%m.P != m.Mul(a[i], uint64(len(a))) {
						t.Fatalf("2^%d words, block %d: word %d came back as %d", s, j, i, v)
					}
				}
			}
		}
	}
}

func BenchmarkRow(b *testing.B) {
	m := primes[0]
	for _, s := range []int{6, 8, 10, 12, 14} {
		table := newRoots(m, 1<<(s+4))
		a := make([]uint64, 1<<s)
		for i := range a {
			a[i] = rand.Uint64N(m.P)
		}
		perPointAndLevel := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(a)*s), "ns/point/level")
		}
		b.Run("forward/2^"+strconv.Itoa(s), func(b *testing.B) {
			for b.Loop() {
				table.forward(m, a, 5)
			}
			perPointAndLevel(b)
		})
		for i := range a {
			a[i] %= m.P
		}
		b.Run("backward/2^"+strconv.Itoa(s), func(b *testing.B) {
			for b.Loop() {
				table.backward(m, a, 5)
			}
			perPointAndLevel(b)
		})
	}
}
