package fibonacci

import (
	"sync"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/decimal/words"
)

// wordIndex is the largest n for which F(n) fits a word.
const wordIndex = 92

// firstNumbers returns the numbers that fit a word, made and checked once.
var firstNumbers = sync.OnceValue(func() []decimal.Natural {
	f := make([]decimal.Natural, wordIndex+1)
	for n := range f {
		a, _ := wordPair(uint64(n) + 1)
		f[n] = decimal.FromUint64(a)
		if !verify(uint64(n), f[n], nil) {
			panic("fibonacci: a number of one word did not pass its check")
		}
	}
	return f
})

// small returns F(n) by schoolbook multiplication. n is larger than wordIndex,
// and below 43,000, so that no factor has more than words.MaxShort
// words.
func small(n uint64) decimal.Natural {
	a, b := pair(n / 2)
	f := make([]uint64, 2*len(b)+1)
	sum := make([]uint64, len(b)+1)
	sum[len(b)] = words.Add(sum[:len(b)], a, b)
	if n%2 == 0 { // F(2k) = F(k)(F(k) + 2F(k−1))
		sum[len(b)] += words.Add(sum[:len(b)], sum[:len(b)], a)
		words.Mul(f, sum, b)
		return decimal.FromWords(f)
	}
	// F(2k+1) = F(k)² + (F(k−1) + F(k))²
	square := make([]uint64, 2*len(b)+2)
	words.Square(square, sum)
	words.Square(f[:2*len(b)], b)
	words.Add(square, square, f)
	return decimal.FromWords(square)
}

// pair returns the words of F(k−1) and of F(k), for k ≥ 1: as many of each.
// There are two squares to a doubling:
// F(2k+1) = 4F(k)² − F(k−1)² + 2(−1)^k, F(2k−1) = F(k)² + F(k−1)². See the
// manual of GMP, "Fibonacci Numbers Algorithm".
func pair(k uint64) (a, b []uint64) {
	shift := 0
	for k>>shift > wordIndex {
		shift++
	}
	size := int(k)/90 + 4 // a word has the digits that 90.9 indices add
	room := make([]uint64, 6*size)
	slice := func(i, n int) []uint64 { return room[i*size : i*size+n : (i+1)*size] }

	a, b = slice(0, 1), slice(1, 1)
	a[0], b[0] = wordPair(k >> shift)
	two := []uint64{2}
	for shift--; shift >= 0; shift-- {
		n := 2*len(b) + 1
		a2, b2, down, up := slice(2, n), slice(3, n), slice(4, n), slice(5, n)
		a2[n-1], b2[n-1] = 0, 0
		words.Square(a2[:n-1], a)
		words.Square(b2[:n-1], b)
		words.Add(down, a2, b2)
		words.Add(up, b2, b2)
		words.Add(up, up, up)
		if k>>(shift+1)%2 == 0 {
			words.Add(up, up, two)
			words.Sub(up, up, a2)
		} else {
			words.Sub(up, up, a2)
			words.Sub(up, up, two)
		}
		words.Sub(a2, up, down)
		if k>>shift%2 == 0 {
			up, a2 = a2, down // F(2k) and F(2k−1)
		}
		n = len(words.Trim(up))
		a, b = slice(0, n), slice(1, n)
		copy(a, a2)
		copy(b, up)
	}
	return a, b
}

// wordPair returns F(k−1) and F(k), binary words, for k within 1 and
// wordIndex+1.
func wordPair(k uint64) (a, b uint64) {
	a, b = 0, 1
	for range k - 1 {
		a, b = b, a+b
	}
	return a, b
}
