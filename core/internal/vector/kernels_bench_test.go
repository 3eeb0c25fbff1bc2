//go:build amd64 && !purego

package vector

import (
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/team"
)

// BenchmarkKernels runs each kernel on words in the first-level cache, 1024 in each
// operand.
func BenchmarkKernels(b *testing.B) {
	const n = 1024
	for _, set := range sets {
		l := set.newLayout(1<<14, 1<<14)
		multiplier := set.NewMultiplier()
		f := set.field(multiplier.sharedTables(&l), 0)
		multiplier.End()
		to := set.recombiner(l.scaleOrder(), maxDigits)
		to18 := set.recombiner(l.scaleOrder(), maxDigits-1)
		words, other, points := team.AlignedWords(8*n), team.AlignedWords(8*n), team.AlignedWords(8*n)
		text := make([]byte, n*wordDigits)
		factors := [2]factor{f.roots[1], f.roots[2]}
		for _, k := range []struct {
			name string
			do   func()
		}{
			{"split4", func() { f.kernels.split4(&words[0], n/16, 4, &f.records[4]) }},
			{"split4To", func() { f.kernels.split4To(&other[0], n/4, &words[0], n/4, n/4, &f.records[4]) }},
			{"split4Lanes", func() { f.kernels.split4Lanes(&words[0], n/4, &f.rows[10][1]) }},
			{"splitLeaves", func() {
				f.kernels.splitLeaves(f.lanes, &words[0], n/64, &f.roots[16], &f.roots[32], &f.roots[64], &f.leaf[0])
			}},
			{"joinLeaves", func() {
				f.kernels.joinLeaves(f.lanes, &words[0], n/64, &f.roots[31], &f.roots[63], &f.roots[127], &f.leafBack[0])
			}},
			{"join4", func() { f.kernels.join4(&words[0], n/16, 4, &f.records[15]) }},
			{"join4From", func() { f.kernels.join4From(&other[0], n/4, &words[0], n/4, n/4, &f.records[4]) }},
			{"join4Lanes", func() { f.kernels.join4Lanes(&words[0], n/4, &f.rowsBack[10][1]) }},
			{"split2", func() { f.kernels.split2(&words[0], &words[n/2], n/2, &f.roots[1]) }},
			{"join2", func() { f.kernels.join2(&words[0], &words[n/2], n/2, &f.roots[1]) }},
			{"linear2", func() { f.kernels.linear2(&words[0], &words[0], &other[0], n, &factors) }},
			{"square", func() { f.kernels.form(ntt.Square, &words[0], &other[0], n) }},
			{"doubleDown", func() { f.kernels.form(ntt.DoubleDown, &words[0], &other[0], n) }},
			{"first4", func() { set.first4(&words[0], n, n/4, &points[0], &points[n/4], n/4) }},
			{"first8", func() {
				set.first8(&words[0], n, n/8, &points[0], &points[n/8], &points[n/4], &points[3*n/8], n/8)
			}},
			{"recombine19", func() { to.recombine(points[24:n+24], words[40:], n+72) }},
			{"recombine18", func() { to18.recombine(points[24:n+24], words[40:], n+72) }},
			{"text", func() { set.Text(text, points[:n]) }},
		} {
			b.Run(set.Name()+"/"+k.name, func(b *testing.B) {
				for b.Loop() {
					k.do()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n*64, "ns/64-words")
			})
		}
	}
}
