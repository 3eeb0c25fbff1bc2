package core

import (
	"time"

	"github.com/pisano-dev/pisano/core/decimal"
)

// Value is a calculated Fibonacci number.
type Value struct {
	Index        Index
	Magnitude    decimal.Natural // |F(Index)|; the sign is Index.Negative()
	CalculatedAt time.Time       // to the microsecond, in UTC
	Duration     time.Duration   // what the calculation took, to the microsecond
}

const (
	// WholeDigits is the largest count of digits that a Summary holds in full.
	WholeDigits = 1000
	// EndDigits is the count of leading and of trailing digits that a Summary
	// of a longer value holds.
	EndDigits = 50
)

// Summary is what is known of a value without reading its digits.
type Summary struct {
	Index        Index
	DigitCount   int64
	Digits       string // all digits, without sign, if there are up to WholeDigits
	Leading      string // the first EndDigits digits otherwise
	Trailing     string // the last EndDigits digits otherwise
	CalculatedAt time.Time
	Duration     time.Duration
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

// Sign returns −1, 0 or 1: the sign of the value.
func (s Summary) Sign() int {
	switch {
	case s.Index == 0:
		return 0
	case s.Index.Negative():
		return -1
	}
	return 1
}

// Position returns the place of the value in a ValueCache's list.
func (s Summary) Position() Position {
	return Position{CalculatedAt: s.CalculatedAt, Index: s.Index}
}
