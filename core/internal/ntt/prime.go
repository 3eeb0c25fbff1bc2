package ntt

import "github.com/pisano-dev/pisano/core/internal/modular"

// prime is a modulus with its constants. Residues are lazy: any representative
// below a small multiple of P, which comments name. P is below 2^61, so that 8P
// fits a word. See D. Harvey, "Faster arithmetic for number-theoretic
// transforms" (2014).
type prime struct {
	modular.Prime
	negInverse uint64 // modular.NegInverse(P)
	minusOne   factor
}

// factor is a constant that many residues are multiplied by.
type factor = modular.Factor

// maxOrder is the binary logarithm of the longest transform modulo both primes.
const maxOrder = 36

// primes are the two largest below 2^61 that are 1 modulo 2^36.
var primes = [2]*prime{newPrime(0x1ffffea0_00000001), newPrime(0x1ffffd80_00000001)}

func newPrime(p uint64) *prime {
	return &prime{modular.NewPrime(p, maxOrder), modular.NegInverse(p), modular.NewFactor(p-1, p)}
}

// factor returns the constant w, below P.
func (m *prime) factor(w uint64) factor { return modular.NewFactor(w, m.P) }

// reduce returns x, below 2·bound, reduced below bound.
func reduce(x, bound uint64) uint64 { return min(x, x-bound) }

// redc returns the wide number x divided by 2^64, modulo P and below it.
func (m *prime) redc(x wide) uint64 { return modular.Redc(x.hi, x.lo, m.P, m.negInverse) }
