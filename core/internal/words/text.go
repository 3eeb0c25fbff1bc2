package words

import "encoding/binary"

// Text sets dst, of Digits bytes for each word, to the decimal digits of words,
// most significant first, with leading zeros.
func Text(dst []byte, words []uint64) {
	for i, word := range words {
		Format((*[Digits]byte)(dst[(len(words)-1-i)*Digits:]), word)
	}
}

// Format sets text to the decimal digits of a word, with leading zeros.
func Format(text *[Digits]byte, word uint64) {
	high, low := word/1e8, word%1e8
	top, middle := high/1e8, high%1e8
	text[0] = byte('0' + top/100)
	text[1] = byte('0' + top/10%10)
	text[2] = byte('0' + top%10)
	binary.LittleEndian.PutUint64(text[3:], eightDigits(middle))
	binary.LittleEndian.PutUint64(text[11:], eightDigits(low))
}

// eightDigits returns the decimal digits of x, below 10^8, as ASCII, the most
// significant in the lowest byte. It divides two halves of four digits, then four
// of two, in parallel within a word, by reciprocals that are exact in that range.
func eightDigits(x uint64) uint64 {
	x = x/1e4 | x%1e4<<32
	hundreds := x * 10486 >> 20 & 0x7f_0000007f
	x = hundreds | (x-100*hundreds)<<16
	tens := x * 103 >> 10 & 0xf_000f_000f_000f
	x = tens | (x-10*tens)<<8
	return x + 0x3030303030303030
}
