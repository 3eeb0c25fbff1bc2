package ntt

import (
	"math/rand/v2"
	"testing"
)

func TestColumn_TransformsAndInvertsEveryLength(t *testing.T) {
	t.Parallel()
	const width = 3
	for k, m := range primes {
		table := newRoots(m, 64)
		c := column{m, table, width}
		for rows := 1; rows <= 32; rows *= 2 {
			r := rand.New(rand.NewPCG(uint64(k), uint64(rows)))
			for wanted := 1; wanted <= rows; wanted++ {
				for given := 1; given <= wanted; given++ {
					a := make([]uint64, rows*width)
					for i := range a[:given*width] {
						a[i] = r.Uint64N(m.P)
					}
					got := append([]uint64(nil), a...)
					for i := given * width; i < len(got); i++ {
						got[i] = r.Uint64() // ignored
					}
					c.forward(got, 0, given, wanted)
					for row := range wanted {
						x := table[row/2].W
						if row%2 == 1 {
							x = m.P - x
						}
						for w := range width {
							var coefficients []uint64
							for i := range rows {
								coefficients = append(coefficients, a[i*width+w])
							}
							if got[row*width+w]%m.P != evaluate(m, coefficients, x) {
								t.Fatalf("%d of %d rows from %d: row %d is wrong", wanted, rows, given, row)
							}
						}
					}
					for i := range got {
						got[i] %= m.P
						if i >= wanted*width {
							got[i] = 0
						}
					}
					c.backward(got, 0, wanted)
					for i, v := range got[:wanted*width] {
						if v >= 2*m.P || v%m.P != m.Mul(a[i], uint64(rows)) {
							t.Fatalf("%d of %d rows from %d: word %d came back wrong", wanted, rows, given, i)
						}
					}
				}
			}
		}
	}
}
