//go:build amd64 && !purego

package vector

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/team"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// sets are the sets of instructions that this machine runs.
var sets []*Instructions

func TestMain(m *testing.M) {
	for _, set := range []*Instructions{IFMA, AVX2} {
		if set.Available() {
			sets = append(sets, set)
		} else {
			fmt.Printf("engine: this processor does not run %s; its kernels were not tested here\n", set.Name())
		}
	}
	if len(sets) > 0 {
		os.Exit(m.Run())
	}
}

// runs skips a test of kernels that this machine does not run, as TestMain says.
func runs(t testing.TB, set *Instructions) {
	t.Helper()
	if !set.Available() {
		t.SkipNow()
	}
}

// number returns the integer of a word.
func (s *Instructions) number(word uint64) int64 {
	if s.doubles {
		return int64(math.Float64frombits(word))
	}
	return int64(word & low52)
}

// word returns a word whose number is x plus a multiple of p, as large as the
// kernels of the way back take it, for x below p.
func (s *Instructions) word(r *source, x, p uint64) uint64 {
	if s.doubles {
		return math.Float64bits(float64(x) - float64(r.Uint64N(2)*p))
	}
	return x + r.Uint64N(3)*p
}

// residue returns the number of a word modulo p.
func (s *Instructions) residue(word, p uint64) uint64 {
	x := s.number(word) % int64(p)
	return uint64(x + int64(p)&(x>>63))
}

// isBack reports whether a word is what the way back may leave: below 3p, or 1.2p in
// double precision.
func (s *Instructions) isBack(word, p uint64) bool {
	if s.doubles {
		return max(s.number(word), -s.number(word)) < int64(p+p/5)
	}
	return word&low52 < 3*p
}

// source generates words from the bytes of a fuzzer: the bytes select which words
// are at the ends of their range and seed the others.
type source struct {
	data []byte
	at   int
	*rand.Rand
}

func newSource(data []byte) *source {
	h := fnv.New64a()
	_, _ = h.Write(data)
	return &source{data: data, Rand: rand.New(rand.NewPCG(h.Sum64(), 1))}
}

// word returns a word that is below the given bound modulo 2^52; its upper bits are
// random.
func (s *source) word(below uint64) uint64 {
	return s.residue(s.mode(), below) | s.Uint64()<<wordBits
}

// mode returns the next byte of the fuzzer.
func (s *source) mode() byte {
	if len(s.data) == 0 {
		return 255
	}
	mode := s.data[s.at%len(s.data)]
	s.at++
	return mode
}

func (s *source) residue(mode byte, below uint64) uint64 {
	switch mode % 8 {
	case 0:
		return 0
	case 1:
		return below - 1
	case 2:
		return below - 1 - s.Uint64N(1000)
	case 3:
		return s.Uint64N(1000)
	}
	return s.Uint64N(below)
}

func (s *source) words(n int, below uint64) []uint64 {
	w := team.AlignedWords(n)
	for i := range w {
		w[i] = s.word(below)
	}
	return w
}

// points returns words below 10^19.
func (s *source) points(n int) []uint64 {
	w := make([]uint64, n)
	for i := range w {
		w[i] = s.Uint64N(words.PowersOf10[19])
		switch {
		case len(s.data) == 0:
		case s.data[i%len(s.data)]%4 == 0:
			w[i] = words.PowersOf10[19] - 1
		case s.data[i%len(s.data)]%4 == 1:
			w[i] = 0
		}
	}
	return w
}

func same(t testing.TB, what string, got, want []uint64) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s: word %d is %#x, want %#x", what, i, got[i], want[i])
		}
	}
}

func seeds(f *testing.F) {
	for _, data := range [][]byte{nil, {0}, {1}, {2}, {0, 1}, {1, 0, 0}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {4, 1, 255}} {
		f.Add(data)
	}
}

// eachPrime calls test for each prime with tables for 2^14 points.
func eachPrime(t *testing.T, set *Instructions, data []byte, test func(k int, f field, s *source)) {
	t.Helper()
	multiplier := set.NewMultiplier()
	defer multiplier.End()
	l := set.newLayout(1<<14, 1<<14)
	all := multiplier.sharedTables(&l)
	for k := range primes {
		test(k, set.field(all, k), newSource(data))
	}
}
