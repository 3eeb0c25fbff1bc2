package fibonacci

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func TestTerm_MatchesGoldenFacts(t *testing.T) {
	t.Parallel()
	for _, golden := range goldenExplorers(t) {
		for _, row := range golden.Facts {
			f := at(t, bigOf(t, row.N))
			checkFacts(t, f, row.DigitCount.String(), row.Leading, row.Trailing)
			checkRounded(t, f, row.Rounded, row.Exponent)
		}
		for _, row := range golden.LucasFacts {
			l := lucasAt(t, bigOf(t, row.N))
			checkFacts(t, l, row.DigitCount.String(), row.Leading, row.Trailing)
			checkRounded(t, l, row.Rounded, row.Exponent)
		}
	}
	for _, row := range goldenRows(t) {
		checkFacts(t, at(t, big.NewInt(int64(row.Index))), strconv.FormatInt(row.DigitCount, 10), row.Leading, row.Trailing)
	}
}

func checkFacts(t *testing.T, term Term, digits, leading, trailing string) {
	t.Helper()
	first, err := term.Leading(len(leading))
	if err != nil {
		t.Fatal(err)
	}
	last, err := term.Trailing(len(trailing))
	if err != nil {
		t.Fatal(err)
	}
	if got := term.DigitCount().String(); got != digits || first != leading || last != trailing {
		t.Errorf("%v: %s digits, %s … %s, want %s, %s … %s", term, got, first, last, digits, leading, trailing)
	}
}

// checkRounded compares the scientific notation with the digits of the mantissa, 20
// at most, unless there are none.
func checkRounded(t *testing.T, term Term, digits, exponent string) {
	t.Helper()
	if digits == "" {
		return
	}
	got, err := term.Scientific(20)
	if err != nil {
		t.Fatal(err)
	}
	if mantissa := strings.Replace(got.Mantissa, ".", "", 1); mantissa != digits || got.Exponent.String() != exponent {
		t.Errorf("%v is %v, want the digits %s and the exponent %s", term, got, digits, exponent)
	}
}

func TestTerm_DigitsAgreeWithTheNumber(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(18, 2))
	for range 300 {
		n := r.Int64N(1 << (1 + r.IntN(17)))
		for _, term := range bothAt(t, big.NewInt(n)) {
			number, err := term.Number(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			text := number.String()
			k := min(len(text), 1+r.IntN(MaxDigits))
			checkFacts(t, term, strconv.Itoa(len(text)), text[:k], text[len(text)-k:])
			if all, err := term.Leading(MaxDigits); err != nil || all != text[:min(len(text), MaxDigits)] {
				t.Errorf("%v does not lead with all its digits; %v", term, err)
			}
		}
	}
}

// With hardly more precision than digits, many attempts must not settle them, and
// those that do must be right.
func TestLeading_SettlesNoWrongDigit(t *testing.T) {
	t.Parallel()
	settled, open := 0, 0
	terms, err := Range(t.Context(), 201, 20_000)
	if err != nil {
		t.Fatal(err)
	}
	for n, f := range terms {
		term := at(t, big.NewInt(int64(n)))
		for _, k := range []int{1, 3, 10} {
			for precision := k + 2; precision <= k+8; precision += 2 {
				prefix, digits := term.approximate(term.index(), k, precision)
				if prefix == nil {
					open++
					continue
				}
				settled++
				if want := string(f.Abs().AppendDigits(nil, 0, int64(k))); prefix.String() != want || digits.Int64() != f.Abs().DigitCount() {
					t.Fatalf("%v begins with %v and has %v digits, want %s and %d", term, prefix, digits, want, f.Abs().DigitCount())
				}
			}
		}
	}
	t.Logf("%d settled, %d not", settled, open)
	if settled == 0 || open == 0 {
		t.Error("the precision is not the critical one")
	}
}

// The indices are made such that F(n) begins with given digits and then hundreds of
// zeros or nines: n log₁₀ φ is close to the logarithm of the digits and an integer,
// by the continued fraction of log₁₀ φ (A. Ostrowski's numeration).
func TestLeading_SettlesLongRunsOfZerosAndNines(t *testing.T) {
	t.Parallel()
	const first = 271828
	c := newLogarithms(1 << 13)
	target := sum(log10(c, first), c.log10Root5)
	for _, size := range []int{60, 201, 500, 902} {
		for _, above := range []bool{true, false} {
			want, run := strconv.Itoa(first), "0"
			if !above {
				want, run = strconv.Itoa(first-1), "9"
			}
			term := at(t, indexNear(c, target, size, above))
			text, err := term.Leading(MaxDigits)
			if err != nil {
				t.Fatal(err)
			}
			length := len(text) - len(want) - len(strings.TrimLeft(text[len(want):], run))
			t.Logf("a run of %d times %s", length, run)
			if !strings.HasPrefix(text, want) || length < size-20 {
				t.Errorf("F(n) begins with %.40s…, want %s and %d times %s", text, want, size, run)
			}
			for _, k := range []int{1, 3, 6, 7, 10} {
				if got, err := term.Leading(k); err != nil || got != text[:k] {
					t.Errorf("the first %d digits are %s, want %s; %v", k, got, text[:k], err)
				}
			}
			if prefix, _ := term.approximate(term.index(), len(want), len(want)+guardDigits); prefix != nil {
				t.Errorf("%d digits settle a run of %d", len(want)+guardDigits, length)
			}
		}
	}
}

// indexNear returns an index n of about the given number of digits for which the
// fraction of n log₁₀ φ is close to that of target, above or below.
func indexNear(c *logarithms, target *big.Int, digits int, above bool) *big.Int {
	unit := new(big.Int).Lsh(big.NewInt(1), c.bits)
	n := new(big.Int)
	rest := new(big.Int).Mod(target, unit) // of target − n log₁₀ φ, modulo 1; it keeps its sign
	if above {
		rest.Sub(rest, unit)
	}
	bound := powerOf10(digits)
	q0, q1 := new(big.Int), big.NewInt(1) // denominators of convergents, and the errors of these
	d0, d1 := new(big.Int).Neg(unit), new(big.Int).Set(c.log10Phi)
	for q1.Cmp(bound) < 0 {
		if rest.Sign() == d1.Sign() {
			times := new(big.Int).Quo(rest, d1)
			n.Add(n, product(times, q1))
			rest = sum(rest, new(big.Int).Neg(product(times, d1)))
		}
		a := new(big.Int).Quo(d0, d1)
		a.Neg(a)
		q0, q1 = q1, sum(q0, product(a, q1))
		d0, d1 = d1, sum(d0, product(a, d1))
	}
	return n
}

// log10 returns log₁₀ x as a fixed-point number, by Newton's iteration.
func log10(c *logarithms, x int64) *big.Int {
	scaled, exponent := x, int64(0)
	for scaled >= 10 {
		scaled /= 10
		exponent++
	}
	unit := new(big.Int).Lsh(big.NewInt(1), c.bits)
	want := new(big.Int).Quo(product(big.NewInt(x), unit), powerOf10(int(exponent)))
	// y ← y + (x/e^y − 1) doubles the exact digits.
	y := new(big.Int)
	for range 16 {
		e, _ := exponential(y, c.bits)
		y = sum(y, new(big.Int).Quo(product(want, unit), e), new(big.Int).Neg(unit))
	}
	y.Quo(product(y, unit), c.ln10)
	return sum(y, product(big.NewInt(exponent), unit))
}

func TestLogarithms_AreInverseToTheExponential(t *testing.T) {
	t.Parallel()
	for _, bits := range []uint{64, 1000, 7000} {
		c := newLogarithms(bits)
		unit := new(big.Int).Lsh(big.NewInt(1), bits)
		root := new(big.Int).Sqrt(new(big.Int).Lsh(big.NewInt(5), 2*bits))
		phi := sum(unit, root)
		phi.Rsh(phi, 1)
		for _, row := range []struct {
			name     string
			log10, x *big.Int
		}{{"10", unit, product(big.NewInt(10), unit)}, {"√5", c.log10Root5, root}, {"φ", c.log10Phi, phi}} {
			log := product(row.log10, c.ln10)
			got, bound := exponential(log.Rsh(log, bits), bits)
			if d := sum(got, new(big.Int).Neg(row.x)); d.CmpAbs(big.NewInt(10*(bound+10))) > 0 {
				t.Errorf("with %d bits the logarithm of %s is wrong by %v units", bits, row.name, d)
			}
		}
	}
}

func TestScientific_RoundsToNearest(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		n    int64
		k    int
		want string
	}{
		{0, 5, "0e+0"}, {1, 1, "1e+0"}, {-8, 3, "-2.1e+1"}, {10, 2, "5.5e+1"}, {10, 1, "6e+1"}, {100, 7, "3.542248e+20"},
		{-100, 3, "-3.54e+20"}, {16, 2, "9.9e+2"}, {16, 1, "1e+3"}, {1000, 4, "4.347e+208"},
	} {
		if got, err := at(t, big.NewInt(row.n)).Scientific(row.k); err != nil || got.String() != row.want {
			t.Errorf("F(%d) with %d digits is %v, want %s; %v", row.n, row.k, got, row.want, err)
		}
	}
}

func TestTerm_RefusesDigitsOutOfBounds(t *testing.T) {
	t.Parallel()
	term := at(t, big.NewInt(100))
	for _, k := range []int{-1, 0, MaxDigits + 1} {
		_, leading := term.Leading(k)
		_, trailing := term.Trailing(k)
		_, scientific := term.Scientific(k)
		for _, err := range []error{leading, trailing, scientific} {
			if core.KindOf(err) != core.KindInvalid {
				t.Errorf("%d digits: %v", k, err)
			}
		}
	}
}

// FuzzTerm tries that digits of |F(n)| or |L(n)| of any index agree with each other.
func FuzzTerm(f *testing.F) {
	f.Add([]byte{0}, true, false, uint16(1))
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, false, true, uint16(100))
	f.Fuzz(func(t *testing.T, index []byte, negative, lucas bool, k uint16) {
		n := new(big.Int).SetBytes(index[:min(len(index), 400)])
		if negative {
			n.Neg(n)
		}
		digits := int(k)%(MaxDigits/2) + 1
		term, err := newTerm(n, lucas)
		if err != nil {
			t.Fatal(err)
		}
		short, _ := term.Leading(digits)
		long, _ := term.Leading(2 * digits)
		if !strings.HasPrefix(long, short) {
			t.Errorf("%v begins with %s and with %s", term, short, long)
		}
		shortEnd, _ := term.Trailing(digits)
		longEnd, _ := term.Trailing(2 * digits)
		if !strings.HasSuffix(longEnd, shortEnd) {
			t.Errorf("%v ends with %s and with %s", term, shortEnd, longEnd)
		}
		count := term.DigitCount()
		if count.Cmp(big.NewInt(int64(len(long)))) < 0 {
			t.Errorf("%v has %v digits and begins with %s", term, count, long)
		}
		// One digit fewer or as many: the ratio is φ.
		larger, _ := newTerm(new(big.Int).Add(new(big.Int).Abs(n), big.NewInt(1)), lucas)
		if d := new(big.Int).Sub(larger.DigitCount(), count); d.Sign() < 0 || d.Cmp(big.NewInt(1)) > 0 {
			t.Errorf("%v has %v digits, and the next one %v more", term, count, d)
		}
	})
}
