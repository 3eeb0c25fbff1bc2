package core

import (
	"time"

	"github.com/pisano-dev/pisano/core/decimal"
)

// Value is a calculated Fibonacci number.
type Value struct {
	Index        Index
	Magnitude    decimal.Natural // |F(Index)|; the sign is Index.Negative()
	CalculatedAt time.Time       // to the microsecond, in UTC; of a recovered value, when its index was first submitted
	Duration     time.Duration   // of the calculation, to the microsecond
}

const (
	// WholeDigits is how many digits a value may have for a Summary to hold all
	// of them.
	WholeDigits = 1000
	// EndDigits is how many leading and trailing digits a Summary holds of a
	// longer value.
	EndDigits = 50
)

// Summary is a value with its digits abridged.
type Summary struct {
	Index        Index
	DigitCount   int64
	Digits       string        // all digits, without sign, if there are at most WholeDigits; else empty
	Leading      string        // first EndDigits digits if there are more than WholeDigits; else empty
	Trailing     string        // last EndDigits digits if there are more than WholeDigits; else empty
	CalculatedAt time.Time     // to the microsecond, in UTC
	Duration     time.Duration // of the calculation, to the microsecond
}

// Summary returns the summary of v.
func (v Value) Summary() Summary {
	s := Summary{
		Index:        v.Index,
		DigitCount:   v.Magnitude.DigitCount(),
		CalculatedAt: v.CalculatedAt,
		Duration:     v.Duration,
	}
	if s.DigitCount <= WholeDigits {
		s.Digits = v.Magnitude.String()
		return s
	}
	s.Leading = string(v.Magnitude.AppendDigits(nil, 0, EndDigits))
	s.Trailing = string(v.Magnitude.AppendDigits(nil, s.DigitCount-EndDigits, EndDigits))
	return s
}

// Sign returns −1, 0 or 1 for a negative, zero or positive value.
func (s Summary) Sign() int {
	switch {
	case s.Index == 0:
		return 0
	case s.Index.Negative():
		return -1
	}
	return 1
}

// Position returns the position of the value in the list of a ValueCache.
func (s Summary) Position() Position {
	return Position{CalculatedAt: s.CalculatedAt, Index: s.Index}
}
