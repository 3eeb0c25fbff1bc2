package fibonacci

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"sync/atomic"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/team"
)

const (
	// checkPiece is how many words are checked between two steps, and by a
	// goroutine at a time.
	checkPiece = 1 << 14
	// checkUnits is the cost of checking a word, in units of the engines.
	checkUnits = 12
)

// verify reports whether f is F(n) modulo a random prime of 61 bits, and false
// when step did. A wrong f passes by chance with a probability below
// (digits/18)·2^−54: it differs from F(n) by a number that has no more than
// digits/18 prime factors of that size, of which there are over 2^54.
func verify(n uint64, f decimal.Natural, step func(work int64) bool) bool {
	p := checkPrime(f)
	pieces := int((f.DigitCount()-1)/(checkPiece*decimal.WordDigits)) + 1
	if pieces == 1 {
		return f.Mod(p) == mod(n, p)
	}
	rest := make([]uint64, pieces) // of each piece
	var all team.Team
	defer all.Close()
	if !all.Do(runtime.GOMAXPROCS(0), pieces, func(_, piece int) bool {
		high, _ := f.Split(piece * checkPiece)
		_, low := high.Split(checkPiece)
		rest[piece] = low.Mod(p)
		return step == nil || step(checkUnits*checkPiece)
	}) {
		return false
	}
	base := decimal.Base % p // Base^checkPiece
	for range bits.Len(checkPiece) - 1 {
		base = mulMod(base, base, p)
	}
	var got uint64
	for i := pieces - 1; i >= 0; i-- {
		got = addMod(mulMod(got, base, p), rest[i], p)
	}
	return got == mod(n, p)
}

// lentPrime is a prime that checks share: to draw one takes longer than to
// calculate a number of few digits.
type lentPrime struct {
	prime  uint64
	digits atomic.Int64 // of the numbers checked
}

const (
	// lentDigits is how many digits are checked by the same prime.
	lentDigits = 1_000_000
	// leastDigits is what a number counts for at least.
	leastDigits = 1000
)

var lent atomic.Pointer[lentPrime]

// checkPrime returns a random prime of 61 bits.
func checkPrime(f decimal.Natural) uint64 {
	l := lent.Load()
	if l == nil || l.digits.Add(max(leastDigits, f.DigitCount())) > lentDigits {
		l = &lentPrime{prime: randomPrime()}
		lent.Store(l)
	}
	return l.prime
}

func randomPrime() uint64 {
	for {
		// The test is exact for numbers of a word.
		if p := 1<<60 | rand.Uint64N(1<<60) | 1; new(big.Int).SetUint64(p).ProbablyPrime(0) {
			return p
		}
	}
}
