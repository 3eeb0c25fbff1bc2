package decimal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Parse returns the number that text, one or more of the digits 0 to 9, says.
// Leading zeros are allowed.
func Parse(text string) (Natural, error) {
	if text == "" {
		return Natural{}, errors.New("decimal: no digits")
	}
	words := make([]uint64, 0, len(text)/WordDigits+1)
	for end := len(text); end > 0; end -= WordDigits {
		var word uint64
		for _, c := range []byte(text[max(0, end-WordDigits):end]) {
			if c < '0' || c > '9' {
				return Natural{}, fmt.Errorf("decimal: %q is not a digit", c)
			}
			word = 10*word + uint64(c-'0')
		}
		words = append(words, word)
	}
	return FromWords(words), nil
}

// AppendDigits appends count decimal digits of x to dst, from digit first on;
// digit 0 is the most significant. Like a slice expression it panics if x has
// no such digits.
func (x Natural) AppendDigits(dst []byte, first, count int64) []byte {
	digits := x.DigitCount()
	checkRange(digits, first, count)
	if x.IsZero() {
		return append(dst, "0"[:count]...)
	}
	return appendWordDigits(dst, len(x.words), digits, first, count, func(i int) uint64 { return x.words[len(x.words)-1-i] })
}

// checkRange panics if a number of so many digits has no such slice.
func checkRange(digits, first, count int64) {
	if first < 0 || count < 0 || first > digits-count {
		panic(fmt.Sprintf("decimal: digits [%d:%d+%d] of a number of %d digits", first, first, count, digits))
	}
}

// appendWordDigits appends digits of a number in n words, of which word(i) is
// the i-th from the most significant.
func appendWordDigits(dst []byte, n int, digits, first, count int64, word func(i int) uint64) []byte {
	padding := int64(n)*WordDigits - digits // zeros that fill the first word
	at, end := first+padding, first+padding+count
	dst = slices.Grow(dst, int(count))
	for at < end {
		i := at / WordDigits
		from, to := at-i*WordDigits, min(WordDigits, end-i*WordDigits)
		if to-from == WordDigits {
			start := len(dst)
			dst = dst[:start+WordDigits]
			formatWord((*[WordDigits]byte)(dst[start:]), word(int(i)))
		} else {
			var text [WordDigits]byte
			formatWord(&text, word(int(i)))
			dst = append(dst, text[from:to]...)
		}
		at = i*WordDigits + to
	}
	return dst
}

// formatWord sets text to the digits of a word, zeros in front.
func formatWord(text *[WordDigits]byte, word uint64) {
	high, low := word/1e8, word%1e8
	top, middle := high/1e8, high%1e8
	text[0] = byte('0' + top/100)
	text[1] = byte('0' + top/10%10)
	text[2] = byte('0' + top%10)
	binary.LittleEndian.PutUint64(text[3:], eightDigits(middle))
	binary.LittleEndian.PutUint64(text[11:], eightDigits(low))
}

// eightDigits returns the text of x, below 10^8, first digit in the lowest
// byte. It divides two halves of four digits, then four of two, side by side in
// one word; the factors are reciprocals that are exact in that range.
func eightDigits(x uint64) uint64 {
	x = x/1e4 | x%1e4<<32
	hundreds := x * 10486 >> 20 & 0x7f_0000007f
	x = hundreds | (x-100*hundreds)<<16
	tens := x * 103 >> 10 & 0xf_000f_000f_000f
	x = tens | (x-10*tens)<<8
	return x + 0x3030303030303030
}

// String returns x in decimal.
func (x Natural) String() string {
	if x.IsZero() {
		return "0"
	}
	var text strings.Builder
	text.Grow(int(x.DigitCount()))
	_, _ = x.WriteTo(&text) // a Builder takes all
	return text.String()
}

// WriteTo writes x in decimal to w, piece by piece.
func (x Natural) WriteTo(w io.Writer) (int64, error) {
	const piece = 32 << 10
	var written int64
	buffer := make([]byte, 0, min(piece, x.DigitCount()))
	for digits := x.DigitCount(); written < digits; {
		buffer = x.AppendDigits(buffer[:0], written, min(piece, digits-written))
		n, err := w.Write(buffer)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}
