package fibonacci

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/pisano-dev/pisano/core"
)

// Verdict is what is known of the primality of a number.
type Verdict int

// The verdicts.
const (
	VerdictUnknown  Verdict = iota
	Prime                   // proven
	ProbablePrime           // passed probabilistic tests, and no proof is known
	Composite               // proven, or found by a complete search
	NeitherNorPrime         // 0 and 1 are neither prime nor composite
)

var verdictNames = [...]string{"unknown", "prime", "probable prime", "composite", "neither"}

// String returns the verdict in words, such as "probable prime".
func (v Verdict) String() string { return verdictNames[max(0, min(int(v), len(verdictNames)-1))] }

// Primality is what is known of the primality of |t|, and why.
type Primality struct {
	Verdict Verdict
	Reason  string   // a sentence
	Divisor *big.Int // of a composite: the index of a term that divides it, if one is known
	Factor  *big.Int // of a composite: a factor, if one is known that is not a term
}

// primeList is a list of the indices of prime terms.
type primeList struct {
	name     string // of the sequence's terms
	source   string
	indices  []core.Index // of all that are prime up to searched, in ascending order
	proven   core.Index   // up to this index primality is proven
	searched core.Index
}

var (
	// fibonacciPrimes is sequence A001605 of the On-Line Encyclopedia of Integer
	// Sequences, with the proofs listed by the PrimePages in September 2021.
	fibonacciPrimes = primeList{
		name:   "F",
		source: "OEIS A001605 of 30 October 2024",
		indices: []core.Index{
			3, 4, 5, 7, 11, 13, 17, 23, 29, 43, 47, 83, 131, 137, 359, 431, 433, 449, 509, 569, 571, 2971, 4723, 5387, 9311,
			9677, 14431, 25561, 30757, 35999, 37511, 50833, 81839, 104911, 130021, 148091, 201107, 397379, 433781, 590041,
			593689, 604711, 931517, 1049897, 1285607, 1636007, 1803059, 1968721, 2904353, 3244369, 3340367,
		},
		proven:   148_091,
		searched: 3_340_367,
	}
	// lucasPrimes is the beginning of sequence A001606, with the extent of the search
	// and the proofs that the PrimePages had in 2009.
	lucasPrimes = primeList{
		name:   "L",
		source: "OEIS A001606 and the PrimePages of 2009",
		indices: []core.Index{
			0, 2, 4, 5, 7, 8, 11, 13, 16, 17, 19, 31, 37, 41, 47, 53, 61, 71, 79, 113, 313, 353, 503, 613, 617, 863, 1097, 1361,
			4787, 4793, 5851, 7741, 8467, 10691, 12251, 13963, 14449, 19469, 35449, 36779, 44507, 51169, 56003, 81671, 89849,
			94823, 140057, 148091, 159521, 183089, 193201, 202667, 344293, 387433,
		},
		proven:   51_169,
		searched: 400_000,
	}
)

// Primality returns what is known of the primality of |t|.
//
// A term of the list of known primes is one, and up to the end of the search for
// that list no other is. Above, F(n) is composite if n is, as F(d) divides F(n) for a
// divisor d of n; and L(n) is if n has an odd divisor k > 1 and k ≠ n, as L(n/k)
// divides L(n): É. Lucas (1878), see Divisors. That n is composite is known by a
// divisor, or proven by the test of R. Baillie and S. S. Wagstaff (1980). If n is
// prime, a prime factor of F(n) or L(n) is 1 or −1 modulo 2n, by Lucas too, and the
// first of these numbers are tried if n has at most 64 bits.
func (t Term) Primality() Primality {
	n := new(big.Int).Abs(t.index())
	list := &fibonacciPrimes
	if t.lucas {
		list = &lucasPrimes
	}
	if t.lucas && n.Cmp(big.NewInt(1)) == 0 || !t.lucas && n.Cmp(big.NewInt(2)) <= 0 {
		return Primality{Verdict: NeitherNorPrime, Reason: "0 and 1 are neither prime nor composite."}
	}
	searched := n.Cmp(big.NewInt(int64(list.searched))) <= 0
	if searched {
		if _, found := slices.BinarySearch(list.indices, core.Index(n.Int64())); found {
			return list.primality(n.Int64())
		}
	}
	if d := t.properDivisor(n); d != nil {
		return Primality{Verdict: Composite, Divisor: d, Reason: divisorReason(list.name, d, new(big.Int).Quo(n, d))}
	}
	if searched {
		return Primality{Verdict: Composite, Reason: list.extent() + " This is not one of them."}
	}
	if n.TrailingZeroBits() < uint(n.BitLen()-1) { // no power of 2
		if !n.ProbablyPrime(0) {
			return Primality{Verdict: Composite, Reason: fmt.Sprintf("n is composite, and %[1]s(d) divides %[1]s(n) for its divisors d.", list.name)}
		}
		if q := t.factorOfPrimeIndex(n); q != nil {
			return Primality{Verdict: Composite, Factor: q, Reason: fmt.Sprintf("%d divides it.", q)}
		}
	}
	return Primality{Reason: list.extent() + " This is a larger one, of which no divisor is known here."}
}

// primality returns the Primality of the term of index n, which the list has.
func (l *primeList) primality(n int64) Primality {
	if core.Index(n) <= l.proven {
		return Primality{Verdict: Prime, Reason: fmt.Sprintf("%s(%d) is proven to be prime: %s.", l.name, n, l.source)}
	}
	return Primality{Verdict: ProbablePrime, Reason: fmt.Sprintf("%s(%d) passes the tests of primality, but is not in the list of proofs: %s.", l.name, n, l.source)}
}

// extent says how far the list goes.
func (l *primeList) extent() string {
	return fmt.Sprintf("All primes %s(n) up to n = %d are known: %s.", l.name, l.searched, l.source)
}

// divisorReason says that the term of index d divides that of index n = d·k, by the
// shorter one of d and k.
func divisorReason(name string, d, k *big.Int) string {
	if d.CmpAbs(k) < 0 {
		return fmt.Sprintf("%[1]s(%[2]d) divides %[1]s(n).", name, d)
	}
	return fmt.Sprintf("%[1]s(n/%[2]d) divides %[1]s(n).", name, k)
}

// properDivisor returns an index d of a term that divides the term of index n and is
// neither 1 nor that term, or nil if it finds none. It finds one for each composite
// index up to core.MaxIndex that has one.
func (t Term) properDivisor(n *big.Int) *big.Int {
	least := big.NewInt(3) // F(3) = 2
	if t.lucas {
		least = big.NewInt(2) // L(2) = 3
	}
	d, remainder, divisor := new(big.Int), new(big.Int), new(big.Int)
	for _, p := range smallPrimes() {
		if t.lucas && p == 2 {
			continue
		}
		if d.QuoRem(n, divisor.SetUint64(p), remainder); remainder.Sign() == 0 && d.Cmp(least) >= 0 {
			return d
		}
	}
	if twos := n.TrailingZeroBits(); t.lucas && twos > 0 && twos < uint(n.BitLen()-1) {
		return d.Lsh(big.NewInt(1), twos)
	}
	// All prime factors are above smallPrimeLimit, or n is a power of 2.
	if divisors, err := (Term{n, t.lucas}).Divisors(); err == nil && len(divisors) > 2 {
		return d.SetInt64(int64(divisors[len(divisors)-2]))
	}
	return nil
}

// factorOfPrimeIndex returns a factor 2kn ± 1 of t for the prime index n, or nil if
// none is found for small k.
func (t Term) factorOfPrimeIndex(n *big.Int) *big.Int {
	const most = 100
	if n.BitLen() > 64 {
		return nil
	}
	twice, middle := new(big.Int).Lsh(n, 1), new(big.Int)
	for range most {
		middle.Add(middle, twice)
		for _, sign := range []int64{-1, 1} {
			if q := new(big.Int).Add(middle, big.NewInt(sign)); t.mod(q).Sign() == 0 {
				return q
			}
		}
	}
	return nil
}
