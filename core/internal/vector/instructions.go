package vector

import (
	"sync"
	"sync/atomic"
)

// Instructions is a set of vector instructions of amd64, with its kernels and the
// constants that they take.
type Instructions struct {
	name      string
	available bool
	doubles   bool // residues are integers in double precision, else words of 52 bits
	units     units
	short     int // see ShortWords
	pair      int // see PairWords
	parallel  int // points of a product: see Parallel
	long      int // points of the largest product: see Parallel

	once        sync.Once // prepares what follows
	arithmetics [primeCount]arithmetic
	first       [primeCount]record // of block 1

	shared      atomic.Pointer[tables] // a larger product extends a copy
	growing     sync.Mutex
	recombiners [maxDigits - minDigits + 1][maxOrder + 1]atomic.Pointer[recombiner]
}

var (
	// IFMA is AVX-512 IFMA: eight residues at a time, as words of 52 bits.
	IFMA = &Instructions{name: "ifma", available: ifmaAvailable, units: ifmaUnits, short: 38, pair: 18, parallel: 12_288, long: 49_152}
	// AVX2 is AVX2 with FMA: four residues at a time, as integers in double precision.
	AVX2 = &Instructions{name: "avx2", available: avx2Available, doubles: true, units: avx2Units, short: 50, pair: 34, parallel: 8_192, long: 32_768}
)

// Name returns the name of the engine.
func (s *Instructions) Name() string { return s.name }

// Available reports whether this machine can run the kernels: whether the processor
// has the instructions and the operating system saves the registers.
func (s *Instructions) Available() bool { return s.available }

// NewMultiplier returns a Multiplier with these instructions, which must be
// available.
func (s *Instructions) NewMultiplier() *Multiplier {
	s.once.Do(func() {
		for k := range primes {
			e := encoder{&primes[k], s.doubles}
			s.arithmetics[k] = arithmetic{encoder: e, lanes: e.newLaneRoots(), zero: e.newZeroRoots()}
			s.first[k] = e.blockRecord(1)
			if s.doubles {
				s.arithmetics[k].kernels.doubles = &doubleModuli[k]
			} else {
				s.arithmetics[k].kernels.words = &moduli[k]
			}
		}
	})
	return &Multiplier{set: s}
}

// Release frees the shared tables. The next product calculates new ones.
func (s *Instructions) Release() { s.shared.Store(nil) }

// kernels calls the kernels of a set of instructions, modulo a prime.
type kernels struct {
	words   *constants       // of IFMA, or nil
	doubles *doubleConstants // of AVX2, or nil
}

// arithmetic is the arithmetic modulo a prime: the kernels of a set of instructions
// and the constants that are the same for all products.
type arithmetic struct {
	encoder
	kernels kernels
	lanes   *laneRoots
	zero    *zeroRoots
}

// field is the arithmetic modulo a prime with its tables.
type field struct {
	*table
	*arithmetic
}

func (s *Instructions) field(t *tables, k int) field { return field{&t[k], &s.arithmetics[k]} }
