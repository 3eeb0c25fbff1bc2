package decimal

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"unsafe"

	"github.com/pisano-dev/pisano/core/internal/engine"
	"github.com/pisano-dev/pisano/core/internal/team"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// Parse returns the number that text represents: one or more ASCII digits, with
// leading zeros or without. Anything else is an error.
func Parse(text string) (Natural, error) {
	if text == "" {
		return Natural{}, errors.New("decimal: empty text")
	}
	w := make([]uint64, 0, len(text)/WordDigits+1)
	for end := len(text); end > 0; end -= WordDigits {
		var word uint64
		for _, c := range []byte(text[max(0, end-WordDigits):end]) {
			if c < '0' || c > '9' {
				return Natural{}, fmt.Errorf("decimal: %q is not a digit", c)
			}
			word = 10*word + uint64(c-'0')
		}
		w = append(w, word)
	}
	return natural(w), nil
}

// AppendDigits appends count decimal digits of x to dst, starting at digit first;
// digit 0 is the most significant. Like a slice expression it panics if x has no
// such digits. Its cost is proportional to count.
func (x Natural) AppendDigits(dst []byte, first, count int64) []byte {
	digits := x.DigitCount()
	checkRange(digits, first, count)
	if x.IsZero() {
		return append(dst, "0"[:count]...)
	}
	n := int64(len(x.words))
	return appendWordDigits(dst, n, digits, first, count, func(from, to int64) []uint64 { return x.words[n-to : n-from] })
}

// AppendText implements encoding.TextAppender: it appends all digits of x. The
// error is always nil.
func (x Natural) AppendText(dst []byte) ([]byte, error) {
	return x.AppendDigits(dst, 0, x.DigitCount()), nil
}

// checkRange panics if first and count are no slice of a number with the given
// number of digits.
func checkRange(digits, first, count int64) {
	if first < 0 || count < 0 || first > digits-count {
		panic(fmt.Sprintf("decimal: digits [%d:%d+%d] out of range of a number of %d digits", first, first, count, digits))
	}
}

// appendWordDigits appends digits of a number of n words. between(from, to)
// returns words from to to−1, word 0 being the most significant, in ascending
// order of significance.
func appendWordDigits(dst []byte, n, digits, first, count int64, between func(from, to int64) []uint64) []byte {
	padding := n*WordDigits - digits // leading zeros of the first word
	at, end := first+padding, first+padding+count
	dst = slices.Grow(dst, int(count))
	for at < end {
		word := at / WordDigits
		skip, whole := at-word*WordDigits, end/WordDigits
		if skip == 0 && whole > word {
			start, size := len(dst), int(whole-word)*WordDigits
			dst = dst[:start+size]
			formatWords(dst[start:], between(word, whole))
			at = whole * WordDigits
			continue
		}
		var text [WordDigits]byte
		words.Format(&text, between(word, word+1)[0])
		to := min(WordDigits, end-word*WordDigits)
		dst = append(dst, text[skip:to]...)
		at = word*WordDigits + to
	}
	return dst
}

// textPiece is the number of words that a goroutine formats at a time.
const textPiece = 1 << 14

// formatWords sets dst to the digits of words, in parallel if they are many.
func formatWords(dst []byte, w []uint64) {
	e := engine.Chosen()
	if len(w) < 2*textPiece {
		e.Text(dst, w)
		return
	}
	var all team.Team
	defer all.Close()
	all.Do(runtime.GOMAXPROCS(0), (len(w)+textPiece-1)/textPiece, func(_, piece int) bool {
		from, to := piece*textPiece, min((piece+1)*textPiece, len(w))
		e.Text(dst[(len(w)-to)*WordDigits:(len(w)-from)*WordDigits], w[from:to])
		return true
	})
}

// String returns x in decimal.
func (x Natural) String() string { return Signed(x, false).String() }

// WriteTo implements io.WriterTo: it writes x in decimal to w.
func (x Natural) WriteTo(w io.Writer) (int64, error) { return x.WriteDigits(w, 0, x.DigitCount()) }

// WriteDigits writes count decimal digits of x to w, starting at digit first, in
// pieces of some 40 kB. It returns the number of bytes written and the first
// error of w, which is io.ErrShortWrite if w writes less without one. Like AppendDigits it panics if x has no such digits.
func (x Natural) WriteDigits(w io.Writer, first, count int64) (int64, error) {
	const piece = 2048 * WordDigits
	checkRange(x.DigitCount(), first, count)
	var written int64
	buffer := make([]byte, 0, min(piece, count))
	for written < count {
		buffer = x.AppendDigits(buffer[:0], first+written, min(piece, count-written))
		n, err := write(w, buffer)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// write is w.Write, with an error also if w breaks its contract and writes less
// without one.
func write(w io.Writer, p []byte) (int, error) {
	n, err := w.Write(p)
	switch {
	case n < 0 || n > len(p):
		return 0, errors.New("decimal: invalid count of bytes written")
	case n < len(p) && err == nil:
		err = io.ErrShortWrite
	}
	return n, err
}

// stringOf returns text as a string that is valid while text does not change.
func stringOf(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }
