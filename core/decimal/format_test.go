package decimal

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// A big.Int prints as an integer of the language does.
func TestNumbers_PrintAsIntegersDo(t *testing.T) {
	t.Parallel()
	for _, format := range []string{
		"%d", "%v", "%s", "%+d", "% d", "%30d", "%-30d|", "%030d", "%+030d", "%-030d|", "%.25d", "%30.25d", "%030.25d", "%-30.25d|", "%+.3d", "%1d", "% 30d", "%.0d", "%.1d",
	} {
		for _, x := range sampleInts(t) {
			if got, want := fmt.Sprintf(format, x), fmt.Sprintf(format, x.Big()); got != want {
				t.Errorf("%s of %v prints %q, want %q", format, x, got, want)
			}
			if got, want := fmt.Sprintf(format, x.Abs()), fmt.Sprintf(format, new(big.Int).Abs(x.Big())); got != want {
				t.Errorf("%s of the Natural %v prints %q, want %q", format, x.Abs(), got, want)
			}
		}
	}
}

func TestNumbers_PrintInQuotesAndInOtherValues(t *testing.T) {
	t.Parallel()
	x, y := FromUint64(55), NewInt(-21)
	for want, got := range map[string]string{
		`"55" "-21"`:                      fmt.Sprintf("%q %q", x, y),
		`|  "55"|"-21" |`:                 fmt.Sprintf("|%6q|%-6q|", x, y),
		"55 -21":                          fmt.Sprint(x, y),
		"{55 -21} [-21]":                  fmt.Sprintf("%v %v", struct{ A, B any }{x, y}, []Int{y}),
		"{A:55 B:-21}":                    fmt.Sprintf("%+v", struct{ A, B any }{x, y}),
		"%!x(decimal.Natural=55)":         fmt.Sprintf("%x", x),
		"%!t(decimal.Int=-21)":            fmt.Sprintf("%t", y),
		strings.Repeat("0", 99_999) + "5": fmt.Sprintf("%.100000d", FromUint64(5)),
		"0 0 0":                           fmt.Sprint(Natural{}, " ", Int{}, " ", NewInt(0)),
	} {
		if got != want {
			t.Errorf("printed %q, want %q", got, want)
		}
	}
}

func TestNumbers_ScanWhatTheyPrint(t *testing.T) {
	t.Parallel()
	for _, want := range sampleInts(t) {
		var x Int
		var magnitude Natural
		n, err := fmt.Sscan(fmt.Sprint("  ", want, "\n", want.Abs()), &x, &magnitude)
		if n != 2 || err != nil || !x.Equal(want) || !magnitude.Equal(want.Abs()) {
			t.Errorf("%v was scanned as %v and %v; %v", want, x, magnitude, err)
		}
	}
	var x Natural
	var y Int
	if _, err := fmt.Sscanf("F(8)=21,-13;", "F(8)=%d,%v;", &x, &y); err != nil || x.Uint64() != 21 || y.Int64() != -13 {
		t.Errorf("scanned %v and %v; %v", x, y, err)
	}
	if _, err := fmt.Sscanf("12345", "%2d%3d", &x, &y); err != nil || x.Uint64() != 12 || y.Int64() != 345 {
		t.Errorf("scanned %v and %v by width; %v", x, y, err)
	}
}

func TestNumbers_KeepTheirValueIfTheyCannotScan(t *testing.T) {
	t.Parallel()
	x, y := FromUint64(7), NewInt(-7)
	for _, text := range []string{"", "  ", "abc", "--5"} {
		if _, err := fmt.Sscan(text, &y); err == nil {
			t.Errorf("%q was scanned as %v", text, y)
		}
	}
	for _, text := range []string{"", "abc", "-5", "+5"} {
		if _, err := fmt.Sscan(text, &x); err == nil {
			t.Errorf("%q was scanned as %v", text, x)
		}
	}
	if _, err := fmt.Sscanf("5", "%x", &x); err == nil {
		t.Errorf("%%x was scanned as %v", x)
	}
	if x.Uint64() != 7 || y.Int64() != -7 {
		t.Errorf("7 and −7 became %v and %v", x, y)
	}
}
