package pisano

import (
	"fmt"
	"strings"
)

// String returns the value in words, such as "F(10) = 55".
func (v Value) String() string { return v.state().String() }

// String returns the state in words, such as "F(10) = 55" or "F(10) is pending".
func (v ValueState) String() string {
	switch {
	case v.State == StateFailed:
		return fmt.Sprintf("F(%d) failed: %s", v.Index, v.Reason)
	case v.State == StateCalculating:
		return fmt.Sprintf("F(%d) is calculating, %.0f %%", v.Index, 100*v.Progress)
	case v.State != StateCalculated:
		return fmt.Sprintf("F(%d) is %s", v.Index, v.State)
	case v.Value != "":
		return fmt.Sprintf("F(%d) = %s", v.Index, v.Value)
	}
	return fmt.Sprintf("F(%d) = %s%s…%s, %d digits", v.Index, minus(v.Sign), v.Leading, v.Trailing, v.DigitCount)
}

func minus(sign int64) string { return strings.Repeat("-", max(0, int(-sign))) }

// String returns the state in words, such as "F(10) is pending, submitted 2 times".
func (s SeenIndex) String() string {
	state := ValueState{Index: s.Index, State: s.State, Progress: s.Progress, Reason: s.Reason}
	words := state.String()
	if s.State == StateCalculated {
		words = fmt.Sprintf("F(%d) is calculated", s.Index)
	}
	if s.Submissions == 1 {
		return words + ", submitted once"
	}
	return fmt.Sprintf("%s, submitted %d times", words, s.Submissions)
}

// String returns the event in words, such as "calculated F(10)".
func (e StreamEvent) String() string {
	switch e.Kind {
	case EventRefetch:
		return string(e.Kind)
	case EventProgress:
		return fmt.Sprintf("progress F(%d) %.0f %%", e.Index, 100*e.Progress)
	case EventFailed:
		return fmt.Sprintf("failed F(%d): %s", e.Index, e.Reason)
	}
	return fmt.Sprintf("%s F(%d)", e.Kind, e.Index)
}

// String returns the number, such as "F(10) = 55", or its ends if it is long.
func (f NumberFacts) String() string { return fmt.Sprintf("F(%s) = %s", f.Index, f.Number) }

// String returns the number, or its ends if it is long.
func (f TermFacts) String() string {
	if f.Value != "" {
		return f.Value
	}
	return fmt.Sprintf("%s%s…%s, %s digits", minus(f.Sign), f.Leading, f.Trailing, f.DigitCount)
}

// String returns the number, such as "F(10) = 55".
func (n Number) String() string { return fmt.Sprintf("F(%d) = %s", n.Index, n.Value) }

// String returns the remainder, such as "F(10) mod 7 = 6".
func (r Remainder) String() string {
	return fmt.Sprintf("F(%s) mod %s = %s", r.Index, r.Modulus, r.Remainder)
}

// String returns the period and the rank, such as "π(10) = 60, α(10) = 15".
func (p Period) String() string {
	return fmt.Sprintf("π(%[1]s) = %[2]s, α(%[1]s) = %[3]s", p.Modulus, p.Period, p.Rank)
}

// String returns the Fibonacci numbers that x is, such as "F(-1) = F(1) = F(2)", or
// those that it is between, such as "between F(11) and F(12)".
func (p Preimage) String() string {
	if len(p.Indices) == 0 {
		return fmt.Sprintf("between F(%d) and F(%d)", p.Below, p.Above)
	}
	return terms(p.Indices, " = ")
}

// String returns the sum, such as "100 = F(11) + F(6) + F(4)".
func (z Zeckendorf) String() string {
	if len(z.Indices) == 0 {
		return z.Value + " is the empty sum"
	}
	return z.Value + " = " + terms(z.Indices, " + ")
}

// terms returns the names of the Fibonacci numbers of the indices.
func terms(indices []int64, separator string) string {
	var names []string
	for _, n := range indices {
		names = append(names, fmt.Sprintf("F(%d)", n))
	}
	return strings.Join(names, separator)
}
