package fibonacci

import (
	"sync"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/words"
)

const (
	// wordIndex is the largest n for which F(n) fits a word.
	wordIndex = 92
	// tableIndex is the largest n for which a table contains F(n), of six words.
	tableIndex = 500
)

// firstNumbers returns the table, which the first call calculates by addition and
// verifies.
var firstNumbers = sync.OnceValue(func() *[tableIndex + 1]firstNumber {
	f := new([tableIndex + 1]firstNumber)
	for n := range f {
		if n > wordIndex {
			a, b := f[n-2].words, f[n-1].words
			sum := make([]uint64, len(b)+1)
			sum[len(b)] = words.Add(sum[:len(b)], b, a)
			f[n].words = words.Trim(sum)
		} else {
			f[n].words = []uint64{firstWords[n]}
		}
		f[n].number = decimal.FromWords(f[n].words)
		if !verify(uint64(n), f[n].number, nil) {
			panic("fibonacci: the table of small numbers failed its verification")
		}
	}
	return f
})

// firstNumber is an entry of the table. It must not be changed.
type firstNumber struct {
	number decimal.Natural
	words  []uint64 // at least one
}

// stackWords is the largest length in words of numbers that are calculated in
// buffers on the stack.
const stackWords = 24

// small returns F(n) by schoolbook multiplication, for n above tableIndex and below
// transformIndex, so that F(n/2+1) and with it each factor that is squared has
// words.MaxShort words at most.
func small(n uint64) decimal.Natural {
	var pairBuffer [pairBuffers * stackWords]uint64
	a, b := pair(pairBuffer[:], n/2)
	var sumBuffer [3*stackWords + 3]uint64
	buffer := sumBuffer[:]
	if len(b) > stackWords {
		buffer = make([]uint64, 3*len(b)+3)
	}
	sum, square := buffer[:len(b)+1], buffer[len(b)+1:3*len(b)+1]
	sum[len(b)] = words.Add(sum[:len(b)], a, b)
	if n%2 == 0 { // F(2k) = F(k)(F(k) + 2F(k−1))
		f := make([]uint64, 2*len(b)+1)
		sum[len(b)] += words.Add(sum[:len(b)], sum[:len(b)], a)
		words.Mul(f, sum, b)
		return decimal.FromWords(f)
	}
	// F(2k+1) = F(k)² + (F(k−1) + F(k))²
	f := make([]uint64, 2*len(b)+2)
	sum = words.Trim(sum) // a leading zero might be one word too many
	words.Square(f[:2*len(sum)], sum)
	words.Square(square, b)
	words.Add(f, f, square)
	return decimal.FromWords(f)
}

// pairBuffers is the number of buffers that pair calculates in.
const pairBuffers = 6

// pair returns the words of F(k−1) and F(k), equally many, for k ≥ 1. It calculates
// in buffer if that has pairBuffers·(k/90 + 4) words.
//
// A doubling takes two squares: F(2k+1) = 4F(k)² − F(k−1)² + 2(−1)^k, F(2k−1) =
// F(k)² + F(k−1)². See the manual of GMP, "Fibonacci Numbers Algorithm".
func pair(buffer []uint64, k uint64) (a, b []uint64) {
	size := int(k)/90 + 4 // F(k) grows by a word every 90.9 indices
	if len(buffer) < pairBuffers*size {
		buffer = make([]uint64, pairBuffers*size)
	}
	slice := func(i, n int) []uint64 { return buffer[i*size : i*size+n : (i+1)*size] }

	table, step := firstNumbers(), 0
	for k>>step > tableIndex {
		step++
	}
	first := table[k>>step].words
	a, b = slice(0, len(first)), slice(1, len(first))
	clear(a[copy(a, table[k>>step-1].words):])
	copy(b, first)
	two := []uint64{2}
	for step--; step >= 0; step-- {
		n := 2*len(b) + 1
		a2, b2, down, up := slice(2, n), slice(3, n), slice(4, n), slice(5, n)
		a2[n-1], b2[n-1] = 0, 0
		words.Square(a2[:n-1], a)
		words.Square(b2[:n-1], b)
		words.Add(down, a2, b2)
		words.Add(up, b2, b2)
		words.Add(up, up, up)
		if k>>(step+1)%2 == 0 {
			words.Add(up, up, two)
			words.Sub(up, up, a2)
		} else {
			words.Sub(up, up, a2)
			words.Sub(up, up, two)
		}
		words.Sub(a2, up, down)
		if k>>step%2 == 0 {
			up, a2 = a2, down // F(2k) and F(2k−1)
		}
		n = len(words.Trim(up))
		a, b = slice(0, n), slice(1, n)
		copy(a, a2)
		copy(b, up)
	}
	return a, b
}

// firstWords holds F(0) to F(wordIndex+1), which fit a binary word.
var firstWords = func() (f [wordIndex + 2]uint64) {
	f[1] = 1
	for n := 2; n < len(f); n++ {
		f[n] = f[n-1] + f[n-2]
	}
	return f
}()

// firstStep returns the number of halvings after which n is at most wordIndex, and
// the result k.
func firstStep(n uint64) (step int, k uint64) {
	for n>>step > wordIndex {
		step++
	}
	return step, n >> step
}
