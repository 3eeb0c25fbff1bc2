package decimal

import "github.com/pisano-dev/pisano/core/internal/words"

// Add returns x + y.
func (x Natural) Add(y Natural) Natural {
	a, b := x.words, y.words
	if len(a) < len(b) {
		a, b = b, a
	}
	sum := make([]uint64, len(a)+1)
	sum[len(a)] = words.Add(sum[:len(a)], a, b)
	return natural(sum)
}

// Sub returns x − y. It panics if x < y.
func (x Natural) Sub(y Natural) Natural {
	if x.Cmp(y) < 0 {
		panic("decimal: negative difference")
	}
	difference := make([]uint64, len(x.words))
	words.Sub(difference, x.words, y.words)
	return natural(difference)
}
