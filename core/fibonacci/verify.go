package fibonacci

import (
	"crypto/rand"
	"math/big"

	"github.com/pisano-dev/pisano/core/decimal"
)

// primeBits is the size of the primes that results are checked by.
const primeBits = 61

// verify reports whether f is F(n) modulo a random prime of 61 bits. A wrong f
// passes by chance with a probability below (digits/18)·2^−56: it differs from
// F(n) by a number with so few prime factors of that size.
func verify(n uint64, f decimal.Natural) bool {
	prime, err := rand.Prime(rand.Reader, primeBits)
	if err != nil {
		prime = big.NewInt(1<<61 - 1)
	}
	p := prime.Uint64()
	return f.Mod(p) == mod(n, p)
}
