package core

import "strconv"

// Index is the index n of the Fibonacci number F(n), where F(0) = 0, F(1) = 1,
// and negative indices continue the sequence to the left:
// F(−n) = (−1)^(n+1) F(n).
type Index int64

// MaxIndex is the largest absolute value of an Index. Up to it, every index is
// exact as a JSON number. A service usually accepts far less, see Limits.
const MaxIndex Index = 1<<53 - 1

// Abs returns the absolute value of n.
func (n Index) Abs() Index {
	if n < 0 {
		return -n
	}
	return n
}

// Negative reports whether F(n) is negative, as it is for negative even n.
func (n Index) Negative() bool { return n < 0 && n%2 == 0 }

// String returns n in decimal.
func (n Index) String() string { return strconv.FormatInt(int64(n), 10) }
