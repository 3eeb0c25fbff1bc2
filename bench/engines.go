package main

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// pisano returns F(n) as text, with its self-check.
func pisano(n uint64) (string, error) {
	return fibonacci.Text(context.Background(), core.Index(n))
}

// magnitude calculates F(n) without converting it to text.
func magnitude(n uint64) (string, error) {
	_, err := fibonacci.Magnitude(context.Background(), core.Index(n))
	return "", err
}

// mathBig returns F(n) as text by doubling F(k), F(k+1) in math/big.
func mathBig(n uint64) (string, error) {
	a, b := big.NewInt(0), big.NewInt(1)
	c, d, t := new(big.Int), new(big.Int), new(big.Int)
	// F(2k) = F(k)(2F(k+1) − F(k)), F(2k+1) = F(k)² + F(k+1)²
	for i := bits.Len64(n) - 1; i > 0; i-- {
		c.Lsh(b, 1)
		c.Mul(a, c.Sub(c, a))
		d.Mul(a, a)
		d.Add(d, t.Mul(b, b))
		if n>>i&1 == 0 {
			a, b, c, d = c, d, a, b
		} else {
			c.Add(c, d)
			a, b, c, d = d, c, a, b
		}
	}
	if n%2 == 1 {
		return d.Add(d.Mul(a, a), t.Mul(b, b)).String(), nil
	}
	c.Lsh(b, 1)
	return d.Mul(a, c.Sub(c, a)).String(), nil
}
