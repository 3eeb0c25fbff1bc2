package fibonacci

import (
	"sync"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/words"
)

const (
	// wordIndex is the largest n for which F(n) fits a word.
	wordIndex = 92
	// tableIndex is the largest n for which F(n) is kept. It has six words.
	tableIndex = 500
)

// firstNumbers returns the numbers up to tableIndex, made by addition and checked
// once.
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
			panic("fibonacci: a number of the table did not pass its check")
		}
	}
	return f
})

// firstNumber is a number of the table, which must not be changed.
type firstNumber struct {
	number decimal.Natural
	words  []uint64 // one at least
}

// fewWords is how many words a number may have for memory on the stack to
// calculate with.
const fewWords = 24

// small returns F(n) by schoolbook multiplication. n is larger than tableIndex,
// and below 43,000, so that no factor has more than words.MaxShort words.
func small(n uint64) decimal.Natural {
	var few [pairRooms * fewWords]uint64
	a, b := pair(few[:], n/2)
	var fewSums [3*fewWords + 3]uint64
	room := fewSums[:]
	if len(b) > fewWords {
		room = make([]uint64, 3*len(b)+3)
	}
	sum, square := room[:len(b)+1], room[len(b)+1:3*len(b)+1]
	sum[len(b)] = words.Add(sum[:len(b)], a, b)
	if n%2 == 0 { // F(2k) = F(k)(F(k) + 2F(k−1))
		f := make([]uint64, 2*len(b)+1)
		sum[len(b)] += words.Add(sum[:len(b)], sum[:len(b)], a)
		words.Mul(f, sum, b)
		return decimal.FromWords(f)
	}
	// F(2k+1) = F(k)² + (F(k−1) + F(k))²
	f := make([]uint64, 2*len(b)+2)
	words.Square(f, sum)
	words.Square(square, b)
	words.Add(f, f, square)
	return decimal.FromWords(f)
}

// pairRooms is how many numbers pair calculates with.
const pairRooms = 6

// pair returns the words of F(k−1) and of F(k), for k ≥ 1: as many of each. They
// are in room if that is large enough.
// There are two squares to a doubling:
// F(2k+1) = 4F(k)² − F(k−1)² + 2(−1)^k, F(2k−1) = F(k)² + F(k−1)². See the
// manual of GMP, "Fibonacci Numbers Algorithm".
func pair(room []uint64, k uint64) (a, b []uint64) {
	size := int(k)/90 + 4 // a word has the digits that 90.9 indices add
	if len(room) < pairRooms*size {
		room = make([]uint64, pairRooms*size)
	}
	slice := func(i, n int) []uint64 { return room[i*size : i*size+n : (i+1)*size] }

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

// firstWords holds the numbers that fit a binary word: F(0) to F(wordIndex+1).
var firstWords = func() (f [wordIndex + 2]uint64) {
	f[1] = 1
	for n := 2; n < len(f); n++ {
		f[n] = f[n-1] + f[n-2]
	}
	return f
}()

// firstStep returns how often n is halved until it is no larger than wordIndex,
// and what it is then.
func firstStep(n uint64) (step int, k uint64) {
	for n>>step > wordIndex {
		step++
	}
	return step, n >> step
}
