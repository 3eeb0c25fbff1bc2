package core

import "strconv"

// Index is the position n of the Fibonacci number F(n). F(0) = 0, F(1) = 1,
// and negative positions continue the sequence to the left:
// F(−n) = (−1)^(n+1) F(n).
type Index int64

// MaxIndex is the largest size of an Index: every size up to it is exact in a
// JSON number. What a service accepts is usually far less, see Limits.
const MaxIndex Index = 1<<53 - 1

// Abs returns the size of n, its distance from 0.
func (n Index) Abs() Index {
	if n < 0 {
		return -n
	}
	return n
}

// Negative reports whether F(n) is below zero: n is negative and even.
func (n Index) Negative() bool { return n < 0 && n%2 == 0 }

// String returns n in decimal.
func (n Index) String() string { return strconv.FormatInt(int64(n), 10) }
