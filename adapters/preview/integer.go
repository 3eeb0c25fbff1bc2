package preview

import (
	"math/big"
	"strconv"
	"strings"
)

// maxGrouped is how many digits an integer has at most that is written whole.
// web/src/numbers/format.ts has the same rules.
const maxGrouped = 18

// grouped returns digits in groups of three, 100000 as "100,000", with a minus sign
// instead of a hyphen.
func grouped(digits string) string {
	digits, negative := strings.CutPrefix(digits, "-")
	var b strings.Builder
	if negative {
		b.WriteString("−")
	}
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}

// short returns an integer as part of a name: a long one as 10^100 or 25 × 10^30, or
// as 123,456…789,012, without what is between.
func short(digits string) string {
	text := grouped(digits)
	digits, negative := strings.CutPrefix(digits, "-")
	if len(digits) <= maxGrouped {
		return text
	}
	if factor := strings.TrimRight(digits, "0"); len(factor) <= 3 {
		power := "10^" + strconv.Itoa(len(digits)-len(factor))
		if factor != "1" {
			power = factor + " × " + power
		}
		if negative {
			return "−" + power
		}
		return power
	}
	groups := strings.Split(text, ",")
	return strings.Join(groups[:2], ",") + "…" + strings.Join(groups[len(groups)-2:], ",")
}

// size returns a positive integer of which the size matters: a long one as "about
// 2.0899 × 10^999".
func size(n *big.Int) string {
	digits := n.String()
	if len(digits) <= maxGrouped {
		return grouped(digits)
	}
	x, err := strconv.ParseFloat(digits[:1]+"."+digits[1:17], 64)
	if err != nil {
		panic(err) // unreachable: these are digits
	}
	mantissa, carry, _ := strings.Cut(strconv.FormatFloat(x, 'e', 4, 64), "e")
	exponent := len(digits) - 1
	if carry == "+01" { // 9.99995 is rounded to ten
		exponent++
	}
	return "about " + mantissa + " × 10^" + strconv.Itoa(exponent)
}
