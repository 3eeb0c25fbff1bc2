package decimal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// The stored form of a number is its words, most significant first, 8 bytes
// big-endian each, cut into chunks that can be read and checked one by one.
// Each chunk is followed by a CRC-32C over what it belongs to and what it
// holds: the tag, the count of digits, its own number, and its bytes.

const (
	// ChunkWords is the count of words in a chunk; the last may have fewer.
	ChunkWords = 8192

	wordBytes = 8
	sumBytes  = crc32.Size
)

// ErrCorrupt says that a stored number is damaged.
var ErrCorrupt = errors.New("decimal: the stored number is damaged")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// wordCount returns how many words a number of so many digits has; 0 too is
// stored in one.
func wordCount(digits int64) int { return int((digits-1)/WordDigits) + 1 }

// ChunkCount returns how many chunks a number of so many digits is stored in.
func ChunkCount(digits int64) int { return (wordCount(digits) + ChunkWords - 1) / ChunkWords }

// AppendChunk appends chunk k of the stored form of x to dst; chunk 0 holds
// the most significant words. The tag, of the caller's choosing, must be given
// again to read it. It panics if x has no such chunk.
func (x Natural) AppendChunk(dst []byte, tag uint64, k int) []byte {
	digits := x.DigitCount()
	start := len(dst)
	n := wordCount(digits)
	if k < 0 || k >= ChunkCount(digits) {
		panic(fmt.Sprintf("decimal: chunk %d of a number of %d", k, ChunkCount(digits)))
	}
	for i := k * ChunkWords; i < min(n, (k+1)*ChunkWords); i++ {
		var word uint64
		if !x.IsZero() {
			word = x.words[n-1-i]
		}
		dst = binary.BigEndian.AppendUint64(dst, word)
	}
	return binary.BigEndian.AppendUint32(dst, chunkSum(tag, digits, k, dst[start:]))
}

func chunkSum(tag uint64, digits int64, k int, data []byte) uint32 {
	var place [24]byte
	binary.BigEndian.PutUint64(place[0:], tag)
	binary.BigEndian.PutUint64(place[8:], uint64(digits))
	binary.BigEndian.PutUint64(place[16:], uint64(k))
	return crc32.Update(crc32.Checksum(place[:], castagnoli), castagnoli, data)
}

// openChunk returns the words of chunk k, checked.
func openChunk(tag uint64, digits int64, k int, chunk []byte) ([]byte, error) {
	words := min(ChunkWords, wordCount(digits)-k*ChunkWords)
	if len(chunk) != words*wordBytes+sumBytes {
		return nil, fmt.Errorf("%w: chunk %d has %d bytes", ErrCorrupt, k, len(chunk))
	}
	data, sum := chunk[:words*wordBytes], chunk[words*wordBytes:]
	if binary.BigEndian.Uint32(sum) != chunkSum(tag, digits, k, data) {
		return nil, fmt.Errorf("%w: chunk %d has another checksum", ErrCorrupt, k)
	}
	for i := 0; i < len(data); i += wordBytes {
		if binary.BigEndian.Uint64(data[i:]) >= Base {
			return nil, fmt.Errorf("%w: chunk %d holds a word that is too large", ErrCorrupt, k)
		}
	}
	if k == 0 {
		top := max(1, digitsOf(binary.BigEndian.Uint64(data)))
		if int64(wordCount(digits)-1)*WordDigits+int64(top) != digits {
			return nil, fmt.Errorf("%w: it has not %d digits", ErrCorrupt, digits)
		}
	}
	return data, nil
}

// Slice appends count decimal digits of a stored number of the given count of
// digits to dst, from digit first on, digit 0 being the most significant. It
// fetches the chunks that hold them and no others, checks each, and returns an
// error that wraps ErrCorrupt if one is damaged; an error of fetch is returned
// as it is. It panics if there are no such digits.
func Slice(dst []byte, tag uint64, digits, first, count int64, fetch func(k int) ([]byte, error)) ([]byte, error) {
	checkRange(digits, first, count)
	n := wordCount(digits)
	padding := int64(n)*WordDigits - digits
	const chunkDigits = ChunkWords * WordDigits
	for at, end := first, first+count; at < end; {
		k := int((at + padding) / chunkDigits)
		chunk, err := fetch(k)
		if err != nil {
			return dst, err
		}
		data, err := openChunk(tag, digits, k, chunk)
		if err != nil {
			return dst, err
		}
		to := min(end, int64(k+1)*chunkDigits-padding)
		dst = appendWordDigits(dst, n, digits, at, to-at, func(from, to int) []uint64 {
			words := make([]uint64, to-from)
			for i := range words {
				words[i] = binary.BigEndian.Uint64(data[(to-1-i-k*ChunkWords)*wordBytes:])
			}
			return words
		})
		at = to
	}
	return dst, nil
}

// Load returns a stored number, all of it; the errors are those of Slice.
func Load(tag uint64, digits int64, fetch func(k int) ([]byte, error)) (Natural, error) {
	if digits < 1 {
		return Natural{}, fmt.Errorf("%w: a number has not %d digits", ErrCorrupt, digits)
	}
	var words []uint64 // made when a chunk has vouched for the count of digits
	n := wordCount(digits)
	for k := range ChunkCount(digits) {
		chunk, err := fetch(k)
		if err != nil {
			return Natural{}, err
		}
		data, err := openChunk(tag, digits, k, chunk)
		if err != nil {
			return Natural{}, err
		}
		if k == 0 {
			words = make([]uint64, n)
		}
		for i := 0; i < len(data); i += wordBytes {
			words[n-1-k*ChunkWords-i/wordBytes] = binary.BigEndian.Uint64(data[i:])
		}
	}
	return FromWords(words), nil
}
