package decimal

import (
	"bytes"
	"math"
	"math/big"
	"strings"
	"testing"
)

// sampleInts are integers on both sides of every boundary of a word.
func sampleInts(t *testing.T) (ints []Int) {
	t.Helper()
	for _, text := range sampleTexts() {
		ints = append(ints, Signed(mustParse(t, text), false), Signed(mustParse(t, text), true))
	}
	return ints
}

func TestInt_ArithmeticAgreesWithMathBig(t *testing.T) {
	t.Parallel()
	for _, x := range sampleInts(t) {
		for _, y := range sampleInts(t) {
			a, b := x.Big(), y.Big()
			for name, got := range map[string]struct {
				Int
				want *big.Int
			}{
				"+": {x.Add(y), new(big.Int).Add(a, b)},
				"−": {x.Sub(y), new(big.Int).Sub(a, b)},
				"·": {x.Mul(y), new(big.Int).Mul(a, b)},
			} {
				if got.Big().Cmp(got.want) != 0 || got.negative && got.IsZero() {
					t.Fatalf("%v %s %v = %v", x, name, y, got.Int)
				}
			}
			if got, want := x.Cmp(y), a.Cmp(b); got != want || x.Equal(y) != (want == 0) {
				t.Fatalf("%v Cmp %v = %d, Equal %t", x, y, got, x.Equal(y))
			}
			if y.IsZero() {
				continue
			}
			q, r := x.QuoRem(y)
			if wantQ, wantR := new(big.Int).QuoRem(a, b, new(big.Int)); q.Big().Cmp(wantQ) != 0 || r.Big().Cmp(wantR) != 0 {
				t.Fatalf("%v QuoRem %v = %v, %v", x, y, q, r)
			}
		}
	}
}

func TestInt_UnaryOperationsAgreeWithMathBig(t *testing.T) {
	t.Parallel()
	for _, x := range sampleInts(t) {
		b := x.Big()
		if x.Sign() != b.Sign() || x.IsZero() != (b.Sign() == 0) || x.Neg().Big().Cmp(new(big.Int).Neg(b)) != 0 || x.Abs().Big().Cmp(new(big.Int).Abs(b)) != 0 {
			t.Errorf("%v: Sign %d, Neg %v, Abs %v", x, x.Sign(), x.Neg(), x.Abs())
		}
		if x.String() != b.String() || !IntFromBig(b).Equal(x) {
			t.Errorf("%v and %v are different", x, b)
		}
		if x.IsInt64() != b.IsInt64() || x.IsInt64() && x.Int64() != b.Int64() {
			t.Errorf("%v: IsInt64 %t, Int64 %d", x, x.IsInt64(), x.Int64())
		}
		for _, m := range []uint64{1, 7, 10, 1<<64 - 1} {
			if want := new(big.Int).Mod(b, new(big.Int).SetUint64(m)); x.Mod(m) != want.Uint64() {
				t.Errorf("%v modulo %d = %d, want %v", x, m, x.Mod(m), want)
			}
		}
		for _, n := range []int64{0, 1, 2, 5} {
			if want := new(big.Int).Exp(b, big.NewInt(n), nil); x.Exp(uint64(n)).Big().Cmp(want) != 0 {
				t.Errorf("%v to the power %d is %v", x, n, x.Exp(uint64(n)))
			}
		}
	}
}

func TestNewInt_AcceptsTheFullRange(t *testing.T) {
	t.Parallel()
	for _, v := range []int64{0, 1, -1, math.MaxInt64, -math.MaxInt64, math.MinInt64} {
		x := NewInt(v)
		if x.Big().Cmp(big.NewInt(v)) != 0 || !x.IsInt64() || x.Int64() != v {
			t.Errorf("NewInt(%d) is %v, IsInt64 %t", v, x, x.IsInt64())
		}
	}
	for _, text := range []string{"9223372036854775808", "-9223372036854775809"} {
		if x, err := ParseInt(text); err != nil || x.IsInt64() {
			t.Errorf("%v fits an int64; %v", x, err)
		}
	}
}

func TestParseInt_AcceptsASign(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"5": "5", "+5": "5", "-5": "-5", "-0": "0", "-007": "-7", "-" + strings.Repeat("9", 40): "-" + strings.Repeat("9", 40)} {
		if x, err := ParseInt(text); err != nil || x.String() != want {
			t.Errorf("ParseInt(%q) = %v, %v", text, x, err)
		}
	}
	for _, text := range []string{"", "-", "+", "--5", "+-5", "- 5", "−5", "5-"} {
		if x, err := ParseInt(text); err == nil || !x.IsZero() {
			t.Errorf("ParseInt(%q) = %v, %v, want an error", text, x, err)
		}
	}
}

func TestInt_WriteToWritesTheText(t *testing.T) {
	t.Parallel()
	for _, words := range []int{0, 1, 2, 5000} {
		for _, negative := range []bool{false, true} {
			x := Signed(random(seeded(uint64(words)), words), negative)
			var text bytes.Buffer
			n, err := x.WriteTo(&text)
			if err != nil || n != int64(text.Len()) || text.String() != x.String() {
				t.Errorf("%d words, negative %t: wrote %d bytes, %v", words, negative, n, err)
			}
		}
	}
	if n, err := NewInt(-5).WriteTo(brokenWriter{}); n != 0 || err == nil {
		t.Errorf("WriteTo a writer that writes nothing = %d, %v", n, err)
	}
}
