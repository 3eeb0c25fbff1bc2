package decimal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// The stored form of a number is its words, most significant first, 8 bytes
// big-endian each; 0 is stored as one word. The words are split into chunks,
// each of which can be read and verified alone: it ends in a CRC-32C,
// big-endian, of the tag, the digit count, the number of the chunk, 8 bytes
// big-endian each, and the words of the chunk.

const (
	// ChunkWords is the number of words in a chunk; the last chunk may have
	// fewer. A full chunk takes 65,540 bytes.
	ChunkWords = 8192

	wordBytes     = 8
	checksumBytes = crc32.Size
	chunkDigits   = ChunkWords * WordDigits
)

// ErrCorrupt reports that the chunks of a stored number are not those it was
// stored as.
var ErrCorrupt = errors.New("decimal: stored number is corrupt")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ChunkCount returns the number of chunks that x is stored in, at least 1.
func (x Natural) ChunkCount() int { return Chunked{Digits: x.DigitCount()}.ChunkCount() }

// StoredSize returns the number of bytes of all chunks that x is stored in.
func (x Natural) StoredSize() int64 {
	c := Chunked{Digits: x.DigitCount()}
	return c.wordCount()*wordBytes + int64(c.ChunkCount())*checksumBytes
}

// AppendChunk appends chunk k of the stored form of x to dst; chunk 0 holds
// the most significant words. The tag, chosen by the caller, identifies the
// number: a Chunked with another tag does not accept the chunk. AppendChunk
// panics if k is not between 0 and x.ChunkCount()−1.
func (x Natural) AppendChunk(dst []byte, tag uint64, k int) []byte {
	c := Chunked{Tag: tag, Digits: x.DigitCount()}
	if k < 0 || k >= c.ChunkCount() {
		panic(fmt.Sprintf("decimal: no chunk %d in a number of %d chunks", k, c.ChunkCount()))
	}
	start, n := len(dst), int(c.wordCount())
	for i := k * ChunkWords; i < min(n, (k+1)*ChunkWords); i++ {
		var word uint64
		if !x.IsZero() {
			word = x.words[n-1-i]
		}
		dst = binary.BigEndian.AppendUint64(dst, word)
	}
	return binary.BigEndian.AppendUint32(dst, c.checksum(k, dst[start:]))
}

// Chunked is a number in its stored form, the chunks that Natural.AppendChunk
// makes. Its methods fetch the chunks they need, one at a time, and verify each
// of them: they return an error that wraps ErrCorrupt if one is damaged or
// belongs to a number of another tag or digit count, and an error of Fetch
// unchanged.
type Chunked struct {
	Tag    uint64                      // as given to AppendChunk
	Digits int64                       // Natural.DigitCount of the number
	Fetch  func(k int) ([]byte, error) // returns chunk k, which is only read until the next call
}

// ChunkCount returns the number of chunks. It does not call Fetch.
func (c Chunked) ChunkCount() int { return int((c.wordCount() + ChunkWords - 1) / ChunkWords) }

// ChunkOf returns the number of the chunk that holds the given digit, digit 0
// being the most significant. It does not call Fetch.
func (c Chunked) ChunkOf(digit int64) int { return int((c.padding() + digit) / chunkDigits) }

// AppendDigits appends count decimal digits to dst, starting at digit first;
// digit 0 is the most significant. It fetches only the chunks that hold them.
// Like Natural.AppendDigits it panics if the number has no such digits.
func (c Chunked) AppendDigits(dst []byte, first, count int64) ([]byte, error) {
	checkRange(c.Digits, first, count)
	n := c.wordCount()
	for at, end := first, first+count; at < end; {
		k := c.ChunkOf(at)
		data, err := c.fetch(k)
		if err != nil {
			return dst, err
		}
		to := min(end, int64(k+1)*chunkDigits-c.padding())
		dst = appendWordDigits(dst, n, c.Digits, at, to-at, func(from, to int64) []uint64 {
			words, last := make([]uint64, to-from), int(to-int64(k)*ChunkWords)-1
			for i := range words {
				words[i] = binary.BigEndian.Uint64(data[(last-i)*wordBytes:])
			}
			return words
		})
		at = to
	}
	return dst, nil
}

// Natural returns the number. It fetches all chunks in ascending order. On a system
// of 32 bits the error is another than ErrCorrupt if the number is too long for it.
func (c Chunked) Natural() (Natural, error) {
	if c.Digits < 1 {
		return Natural{}, fmt.Errorf("%w: digit count %d is not positive", ErrCorrupt, c.Digits)
	}
	var words []uint64 // allocated after chunk 0 has confirmed the digit count
	at := c.wordCount()
	for k := 0; at > 0; k++ {
		data, err := c.fetch(k)
		switch {
		case err != nil:
			return Natural{}, err
		case k == 0 && at > math.MaxInt/wordBytes:
			return Natural{}, fmt.Errorf("decimal: %d digits are too many for this system", c.Digits)
		case k == 0:
			words = make([]uint64, at)
		}
		for i := 0; i < len(data); i += wordBytes {
			at--
			words[at] = binary.BigEndian.Uint64(data[i:])
		}
	}
	return natural(words), nil
}

// wordCount returns the number of words.
func (c Chunked) wordCount() int64 { return (c.Digits-1)/WordDigits + 1 }

// padding returns the number of zeros in front of the first digit in its word.
func (c Chunked) padding() int64 { return c.wordCount()*WordDigits - c.Digits }

// fetch returns the words of chunk k, verified, as they are stored.
func (c Chunked) fetch(k int) ([]byte, error) {
	chunk, err := c.Fetch(k)
	if err != nil {
		return nil, err
	}
	size := wordBytes * int(min(ChunkWords, c.wordCount()-int64(k)*ChunkWords))
	if len(chunk) != size+checksumBytes {
		return nil, fmt.Errorf("%w: chunk %d has %d bytes, want %d", ErrCorrupt, k, len(chunk), size+checksumBytes)
	}
	data := chunk[:size]
	if binary.BigEndian.Uint32(chunk[size:]) != c.checksum(k, data) {
		return nil, fmt.Errorf("%w: the checksum of chunk %d does not match", ErrCorrupt, k)
	}
	for i := 0; i < size; i += wordBytes {
		if binary.BigEndian.Uint64(data[i:]) >= Base {
			return nil, fmt.Errorf("%w: chunk %d holds a word above 10^19−1", ErrCorrupt, k)
		}
	}
	if k == 0 {
		top := max(1, digitsOf(binary.BigEndian.Uint64(data)))
		if (c.wordCount()-1)*WordDigits+int64(top) != c.Digits {
			return nil, fmt.Errorf("%w: it does not have %d digits", ErrCorrupt, c.Digits)
		}
	}
	return data, nil
}

// checksum returns the CRC-32C of chunk k with the given words.
func (c Chunked) checksum(k int, data []byte) uint32 {
	var place [24]byte
	binary.BigEndian.PutUint64(place[0:], c.Tag)
	binary.BigEndian.PutUint64(place[8:], uint64(c.Digits))
	binary.BigEndian.PutUint64(place[16:], uint64(k))
	return crc32.Update(crc32.Checksum(place[:], castagnoli), castagnoli, data)
}
