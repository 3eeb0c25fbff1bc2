package fibonacci

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"sync/atomic"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/modular"
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
	digits := f.DigitCount()
	prime := checkPrime(digits)
	pieces := int((digits-1)/(checkPiece*decimal.WordDigits)) + 1
	if pieces == 1 {
		return prime.Of(f) == prime.fibonacci(n)
	}
	rest := make([]uint64, pieces) // of each piece
	var all team.Team
	defer all.Close()
	if !all.Do(runtime.GOMAXPROCS(0), pieces, func(_, piece int) bool {
		high, _ := f.Split(piece * checkPiece)
		_, low := high.Split(checkPiece)
		rest[piece] = prime.Of(low)
		return step == nil || step(checkUnits*checkPiece)
	}) {
		return false
	}
	p := prime.p
	base := decimal.Base % p // Base^checkPiece
	for range bits.Len(checkPiece) - 1 {
		base = modular.Mul(base, base, p)
	}
	var got uint64
	for i := pieces - 1; i >= 0; i-- {
		got = modular.Add(modular.Mul(got, base, p), rest[i], p)
	}
	return got == prime.fibonacci(n)
}

// randomPrime is a prime that checks share: to draw one takes longer than to
// calculate a number of few digits.
type randomPrime struct {
	decimal.Modulus
	p          uint64
	negInverse uint64 // modular.NegInverse(p)
	square     uint64 // 2^128 modulo p

	digits atomic.Int64 // of the numbers checked
}

const (
	// lentDigits is how many digits are checked by the same prime.
	lentDigits = 1_000_000
	// leastDigits is what a number counts for at least.
	leastDigits = 1000
)

var lent atomic.Pointer[randomPrime]

// checkPrime returns a random prime of 61 bits for a number of so many digits.
func checkPrime(digits int64) *randomPrime {
	l := lent.Load()
	if l == nil || l.digits.Add(max(leastDigits, digits)) > lentDigits {
		l = newRandomPrime()
		lent.Store(l)
	}
	return l
}

func newRandomPrime() *randomPrime {
	for {
		p := 1<<60 | rand.Uint64N(1<<60) | 1
		if !new(big.Int).SetUint64(p).ProbablyPrime(0) { // exact for numbers of a word
			continue
		}
		word := -p % p // 2^64
		return &randomPrime{Modulus: decimal.NewModulus(p), p: p, negInverse: modular.NegInverse(p), square: modular.Mul(word, word, p)}
	}
}

// times returns x·y/2^64 modulo p, below p, for a product below 2^64·p.
func (m *randomPrime) times(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x, y)
	return modular.Redc(hi, lo, m.p, m.negInverse)
}

// fibonacci is mod(n, p) with numbers times 2^64.
func (m *randomPrime) fibonacci(n uint64) uint64 {
	step, k := firstStep(n)
	a, b := m.times(firstWords[k], m.square), m.times(firstWords[k+1], m.square)
	for step > 0 {
		step--
		// Below 3p, and 2p, which are below 2^63; p² is far below 2^64·p.
		c := m.times(a, 2*b+m.p-a)
		d := m.times(a, a) + m.times(b, b)
		d = min(d, d-m.p)
		a, b = c, d
		if n>>step&1 == 1 {
			c += d
			a, b = d, min(c, c-m.p)
		}
	}
	return m.times(a, 1)
}
