package fibonacci

import (
	"math/bits"
	"math/rand/v2"
	"sync/atomic"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/modular"
)

const (
	// verifyPiece is the number of words that a task verifies.
	verifyPiece = 1 << 14
	// verifyUnits is the cost of a word, in units of the engines.
	verifyUnits = 5
)

// runner runs tasks in parallel: see ntt.Multiplier.Run.
type runner interface {
	Run(tasks int, work int64, do func(task int)) bool
}

// verify reports whether f = F(n) modulo a random prime of 61 bits. r runs the pieces
// of a number of more than verifyPiece words, and may be nil for a shorter one. If
// r.Run returns false, so does verify.
//
// The probability that it accepts a wrong f is below (digits/18)·2^−54: the
// difference to F(n) has at most digits/18 prime factors of 61 bits, and there are
// more than 2^54 such primes.
func verify(n uint64, f decimal.Natural, r runner) bool {
	digits := f.DigitCount()
	prime := sharedPrime(digits)
	pieces := int((digits-1)/(verifyPiece*decimal.WordDigits)) + 1
	if pieces == 1 {
		return prime.Of(f) == prime.fibonacci(n)
	}
	remainders := make([]uint64, pieces) // of each piece
	if !r.Run(pieces, verifyUnits*verifyPiece, func(piece int) {
		high, _ := f.Split(piece * verifyPiece)
		_, low := high.Split(verifyPiece)
		remainders[piece] = prime.Of(low)
	}) {
		return false
	}
	p := prime.p
	base := decimal.Base % p // Base^verifyPiece
	for range bits.Len(verifyPiece) - 1 {
		base = modular.Mul(base, base, p)
	}
	var got uint64
	for i := pieces - 1; i >= 0; i-- {
		got = modular.Add(modular.Mul(got, base, p), remainders[i], p)
	}
	return got == prime.fibonacci(n)
}

// randomPrime is a random prime of 61 bits with its constants. Verifications share
// it, because to generate one takes longer than to calculate a short number.
type randomPrime struct {
	decimal.Modulus
	p          uint64
	negInverse uint64 // modular.NegInverse(p)
	square     uint64 // 2^128 modulo p

	digits atomic.Int64 // total of the numbers verified
}

const (
	// maxPrimeDigits is the total number of digits that one prime verifies.
	maxPrimeDigits = 1_000_000
	// minNumberDigits is the least that a number counts in this total.
	minNumberDigits = 1000
)

var currentPrime atomic.Pointer[randomPrime]

// sharedPrime returns the prime to verify a number of the given number of digits.
func sharedPrime(digits int64) *randomPrime {
	p := currentPrime.Load()
	if p == nil || p.digits.Add(max(minNumberDigits, digits)) > maxPrimeDigits {
		p = newRandomPrime()
		currentPrime.Store(p)
	}
	return p
}

func newRandomPrime() *randomPrime {
	for {
		p := 1<<60 | rand.Uint64N(1<<60) | 1
		if !modular.IsPrime(p) {
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

// fibonacci returns F(n) modulo p, like mod, with residues in Montgomery form.
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
