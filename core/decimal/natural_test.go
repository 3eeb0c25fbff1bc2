package decimal

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// random returns a number of the given length in words, many of them at the ends
// of their range.
func random(r *rand.Rand, words int) Natural {
	w := make([]uint64, words)
	for i := range w {
		switch r.IntN(8) {
		case 0:
			w[i] = Base - 1
		case 1:
			w[i] = 0
		default:
			w[i] = r.Uint64N(Base)
		}
	}
	if words > 0 && w[words-1] == 0 {
		w[words-1] = 1
	}
	return FromWords(w)
}

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 19)) }

func mustParse(t *testing.T, text string) Natural {
	t.Helper()
	x, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

// sampleTexts are numbers on both sides of every boundary of a word.
func sampleTexts() []string {
	texts := []string{"0", "1", "9", "10"}
	for _, k := range []int{18, 19, 20, 37, 38, 39, 57, 1000} {
		texts = append(texts, strings.Repeat("9", k), "1"+strings.Repeat("0", k), "1"+strings.Repeat("0", k-1)+"1")
	}
	return texts
}

func TestParse_RoundTripsText(t *testing.T) {
	t.Parallel()
	for _, text := range sampleTexts() {
		for _, zeros := range []string{"", "0", strings.Repeat("0", 40)} {
			x := mustParse(t, zeros+text)
			if got := x.String(); got != text {
				t.Errorf("Parse(%q).String() = %q", zeros+text, got)
			}
			if got := x.DigitCount(); got != int64(len(text)) {
				t.Errorf("Parse(%q).DigitCount() = %d, want %d", zeros+text, got, len(text))
			}
		}
	}
}

func TestParse_RefusesAnythingButDigits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "-1", "+1", " 1", "1 ", "1_000", "0x10", "1e3", "1.0", "١", strings.Repeat("1", 40) + "a"} {
		if x, err := Parse(text); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", text, x)
		}
	}
}

func TestFromBig_RoundTrips(t *testing.T) {
	t.Parallel()
	r := seeded(1)
	for range 200 {
		want := new(big.Int).SetUint64(r.Uint64())
		want.Lsh(want, uint(r.IntN(5000)))
		want.Add(want, big.NewInt(r.Int64N(1<<62)))
		x, err := FromBig(want)
		if err != nil {
			t.Fatal(err)
		}
		if x.String() != want.String() || x.Big().Cmp(want) != 0 {
			t.Fatalf("%v became %v and %v", want, x, x.Big())
		}
	}
	if _, err := FromBig(big.NewInt(-1)); err == nil {
		t.Error("FromBig(−1) is no error")
	}
}

func TestFromUint64_AcceptsTheFullRange(t *testing.T) {
	t.Parallel()
	for _, x := range []uint64{0, 1, Base - 1, Base, Base + 1, 1<<64 - 1} {
		if got, want := FromUint64(x).String(), new(big.Int).SetUint64(x).String(); got != want {
			t.Errorf("FromUint64(%s) = %s", want, got)
		}
	}
}

func TestFromWords_PanicsForAWordBeyondTheBase(t *testing.T) {
	t.Parallel()
	for _, w := range [][]uint64{{Base}, {1, 1<<64 - 1}, {Base, 0}} {
		if !panics(func() { FromWords(w) }) {
			t.Errorf("FromWords(%d) does not panic", w)
		}
	}
	if x := FromWords([]uint64{Base - 1, 0, 0}); x.DigitCount() != WordDigits {
		t.Errorf("FromWords of Base−1 is %v", x)
	}
}

func TestNatural_Uint64ReturnsWhatFits(t *testing.T) {
	t.Parallel()
	for _, v := range []uint64{0, 1, Base - 1, Base, Base + 1, 1<<64 - 2, 1<<64 - 1} {
		x := FromUint64(v)
		if got := x.Uint64(); !x.IsUint64() || got != v {
			t.Errorf("%v.Uint64() = %d, IsUint64 %t", x, got, x.IsUint64())
		}
	}
	for _, text := range []string{"18446744073709551616", "20000000000000000000", "99999999999999999999", "1" + strings.Repeat("0", 38)} {
		if x := mustParse(t, text); x.IsUint64() {
			t.Errorf("%v fits 64 bits", x)
		}
	}
}

func TestNatural_CmpAgreesWithMathBig(t *testing.T) {
	t.Parallel()
	for _, a := range sampleTexts() {
		for _, b := range sampleTexts() {
			x, y := mustParse(t, a), mustParse(t, b)
			want := x.Big().Cmp(y.Big())
			if got := x.Cmp(y); got != want {
				t.Errorf("%s Cmp %s = %d, want %d", a, b, got, want)
			}
			if got := x.Equal(y); got != (want == 0) {
				t.Errorf("%s Equal %s = %t", a, b, got)
			}
		}
	}
}

func TestNatural_AppendDigitsAgreesWithTheText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "7", "1234567890123456789", "98765432109876543210123456789012345678901234567890"} {
		x := mustParse(t, text)
		for first := range len(text) + 1 {
			for count := range len(text) - first + 1 {
				got := x.AppendDigits([]byte("|"), int64(first), int64(count))
				if string(got) != "|"+text[first:first+count] {
					t.Fatalf("digits [%d:+%d] of %s are %s", first, count, text, got)
				}
			}
		}
	}
}

func TestNatural_AppendDigitsPanicsOutOfRange(t *testing.T) {
	t.Parallel()
	x := mustParse(t, "12345")
	const most = 1<<63 - 1
	for _, at := range [][2]int64{{-1, 1}, {0, -1}, {0, 6}, {5, 1}, {6, 0}, {most, most}, {1, most}} {
		if !panics(func() { x.AppendDigits(nil, at[0], at[1]) }) {
			t.Errorf("digits [%d:+%d] of five do not panic", at[0], at[1])
		}
	}
}

// shortWriter accepts room bytes and then fails.
type shortWriter struct{ room int }

var errFull = errors.New("full")

func (w *shortWriter) Write(p []byte) (int, error) {
	if len(p) > w.room {
		n := w.room
		w.room = 0
		return n, errFull
	}
	w.room -= len(p)
	return len(p), nil
}

func TestNatural_WriteToWritesTheText(t *testing.T) {
	t.Parallel()
	for _, words := range []int{0, 1, 2, 1723, 1724, 1725, 10_000} {
		x := random(seeded(uint64(words)), words)
		var text bytes.Buffer
		n, err := x.WriteTo(&text)
		if err != nil || n != x.DigitCount() || text.String() != x.String() {
			t.Errorf("%d words: wrote %d bytes of %d, %v", words, n, x.DigitCount(), err)
		}
	}
}

func TestNatural_WriteToCountsBytesBeforeAnError(t *testing.T) {
	t.Parallel()
	x := random(seeded(2), 5000)
	n, err := x.WriteTo(&shortWriter{room: 50_000})
	if n != 50_000 || !errors.Is(err, errFull) {
		t.Errorf("WriteTo a writer with room for 50000 = %d, %v", n, err)
	}
}

// brokenWriter breaks the contract of io.Writer: it returns the count, and no error,
// for any text.
type brokenWriter struct{ count int }

func (w brokenWriter) Write([]byte) (int, error) { return w.count, nil }

func TestNatural_WriteToReturnsAnErrorIfTheWriterDoesNot(t *testing.T) {
	t.Parallel()
	x := random(seeded(2), 5000)
	for _, count := range []int{0, 10} {
		if n, err := x.WriteTo(brokenWriter{count}); n != int64(count) || !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("WriteTo a writer that writes %d bytes at a time = %d, %v", count, n, err)
		}
	}
	for _, count := range []int{-1, 1 << 20} {
		if n, err := x.WriteTo(brokenWriter{count}); n != 0 || err == nil {
			t.Errorf("WriteTo a writer that returns %d = %d, %v", count, n, err)
		}
	}
}
