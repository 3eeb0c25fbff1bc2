package decimal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// store is a number in its stored form, in memory. It records the chunks fetched.
type store struct {
	Chunked
	chunks  [][]byte
	fetched []int
}

const tag = 1234567

func stored(x Natural) *store {
	s := &store{Chunked: Chunked{Tag: tag, Digits: x.DigitCount()}}
	s.Fetch = func(k int) ([]byte, error) {
		s.fetched = append(s.fetched, k)
		return s.chunks[k], nil
	}
	for k := range x.ChunkCount() {
		s.chunks = append(s.chunks, x.AppendChunk(nil, tag, k))
	}
	return s
}

var storedWords = []int{0, 1, 2, ChunkWords - 1, ChunkWords, ChunkWords + 1, 3*ChunkWords + 5}

func TestChunked_NaturalReadsBackWhatWasStored(t *testing.T) {
	t.Parallel()
	for _, words := range storedWords {
		x := random(seeded(uint64(words)), words)
		s := stored(x)
		if len(s.chunks) != max(1, (words+ChunkWords-1)/ChunkWords) || s.ChunkCount() != len(s.chunks) {
			t.Errorf("%d words are stored in %d chunks, read from %d", words, len(s.chunks), s.ChunkCount())
		}
		got, err := s.Natural()
		if err != nil || !got.Equal(x) {
			t.Errorf("%d words: Natural: %v", words, err)
		}
	}
}

// Stores and caches hold numbers in this form: it must not change.
func TestNatural_AppendChunkKeepsTheStoredForm(t *testing.T) {
	t.Parallel()
	x := mustParse(t, "12345678901234567890")
	got := x.AppendChunk([]byte("|"), 100, 0)
	want := []byte("|" + // two words, and the checksum, calculated by another program
		"\x00\x00\x00\x00\x00\x00\x00\x01" + "\x20\x8d\x86\x88\x61\x37\x0a\xd2" + "\x53\xc5\xfa\xb2")
	if !bytes.Equal(got, want) {
		t.Errorf("stored as %x, want %x", got, want)
	}
}

func TestChunked_AppendDigitsAgreesWithTheText(t *testing.T) {
	t.Parallel()
	const chunk = ChunkWords * WordDigits
	for _, words := range storedWords {
		x := random(seeded(uint64(words)), words)
		s, text := stored(x), x.String()
		for _, first := range []int64{0, 1, 18, 19, chunk - 20, chunk - 1, chunk, 2*chunk - 7, s.Digits - 1, s.Digits} {
			for _, count := range []int64{0, 1, 19, 20, 1000, chunk, 2 * chunk, s.Digits} {
				if first < 0 || first+count > s.Digits {
					continue
				}
				s.fetched = nil
				got, err := s.AppendDigits([]byte("|"), first, count)
				if err != nil || string(got) != "|"+text[first:first+count] {
					t.Fatalf("%d words, digits [%d:+%d]: %v", words, first, count, err)
				}
				if most := int(count/chunk) + 2; len(s.fetched) > most || count == 0 && len(s.fetched) > 0 {
					t.Errorf("%d words, digits [%d:+%d]: fetched chunks %v", words, first, count, s.fetched)
				}
				if last := first + count - 1; count > 0 && s.fetched[len(s.fetched)-1] != s.ChunkOf(last) {
					t.Errorf("%d words: digit %d is in chunk %d of %v", words, last, s.ChunkOf(last), s.fetched)
				}
			}
		}
	}
}

func TestChunked_AppendDigitsPanicsOutOfRange(t *testing.T) {
	t.Parallel()
	s := stored(FromUint64(12345))
	const most = 1<<63 - 1
	for _, at := range [][2]int64{{-1, 1}, {0, -1}, {0, 6}, {5, 1}, {6, 0}, {most, most}, {1, most}} {
		if !panics(func() { _, _ = s.AppendDigits(nil, at[0], at[1]) }) {
			t.Errorf("digits [%d:+%d] of five do not panic", at[0], at[1])
		}
	}
}

// wantCorrupt asserts that no method accepts what is stored.
func wantCorrupt(t *testing.T, what string, s *store) {
	t.Helper()
	if _, err := s.Natural(); !errors.Is(err, ErrCorrupt) {
		t.Errorf("%s: Natural: %v, want ErrCorrupt", what, err)
	}
	if _, err := s.AppendDigits(nil, 0, s.Digits); !errors.Is(err, ErrCorrupt) {
		t.Errorf("%s: AppendDigits: %v, want ErrCorrupt", what, err)
	}
}

func TestChunked_DetectsDamage(t *testing.T) {
	t.Parallel()
	x := random(seeded(9), 2*ChunkWords+3)
	for _, at := range []int{0, 7, 8 * ChunkWords / 2, 8*ChunkWords - 1, 8 * ChunkWords, 8*ChunkWords + 3} {
		s := stored(x)
		s.chunks[1][at] ^= 1
		wantCorrupt(t, "a flipped bit", s)
	}
	s := stored(x)
	s.Tag++
	wantCorrupt(t, "another tag", s)

	s = stored(x)
	s.chunks[0], s.chunks[1] = s.chunks[1], s.chunks[0]
	wantCorrupt(t, "chunks in another order", s)

	s = stored(x)
	s.chunks[1] = stored(random(seeded(10), 2*ChunkWords+4)).chunks[1]
	wantCorrupt(t, "a chunk of a longer number", s)

	for _, length := range []int{0, 3, 4, 8*ChunkWords + 3} {
		s = stored(x)
		s.chunks[1] = s.chunks[1][:length]
		wantCorrupt(t, "a short chunk", s)
	}
	s = stored(x)
	s.chunks[2] = append(s.chunks[2], 0)
	wantCorrupt(t, "a long chunk", s)

	s = stored(x)
	s.Digits--
	wantCorrupt(t, "one digit fewer", s)
}

// reseal gives a damaged chunk the checksum of what it holds.
func reseal(s *store, k int) {
	data := s.chunks[k][:len(s.chunks[k])-4]
	s.chunks[k] = binary.BigEndian.AppendUint32(data, s.checksum(k, data))
}

func TestChunked_DetectsInvalidWordsWithAValidChecksum(t *testing.T) {
	t.Parallel()
	s := stored(random(seeded(11), 2*ChunkWords))
	binary.BigEndian.PutUint64(s.chunks[1][80:], Base)
	reseal(s, 1)
	wantCorrupt(t, "a word that is too large", s)

	s = stored(mustParse(t, strings.Repeat("7", 25)))
	binary.BigEndian.PutUint64(s.chunks[0], 77777)
	reseal(s, 0)
	wantCorrupt(t, "a digit that is missing", s)
}

func TestChunked_ReturnsErrorsOfFetchUnchanged(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	c := Chunked{Tag: tag, Digits: 5, Fetch: func(int) ([]byte, error) { return nil, gone }}
	if _, err := c.Natural(); err != gone { //nolint:errorlint // the very error is promised
		t.Errorf("Natural: %v", err)
	}
	if _, err := c.AppendDigits(nil, 0, 1); err != gone { //nolint:errorlint // the very error is promised
		t.Errorf("AppendDigits: %v", err)
	}
}

// The digit count of a damaged entry may be any number. On 32 bits it must not
// overflow.
func TestChunked_DetectsAWrongDigitCount(t *testing.T) {
	t.Parallel()
	for _, digits := range []int64{0, -1, 20, 1 << 37, 19 << 32, 19<<32 + 1, 19<<44 + 1, 1<<63 - 1} {
		s := stored(FromUint64(5))
		s.Digits = digits
		if x, err := s.Natural(); !errors.Is(err, ErrCorrupt) {
			t.Errorf("5 with %d digits is read as %v, %v", digits, x, err)
		}
	}
}

func FuzzChunked_Natural(f *testing.F) {
	f.Add(int64(1), stored(Natural{}).chunks[0])
	f.Add(int64(20), stored(FromUint64(12345678901234567890)).chunks[0])
	f.Add(int64(0), []byte{})
	f.Add(int64(-1), []byte("x"))
	f.Fuzz(func(t *testing.T, digits int64, chunk []byte) {
		c := Chunked{Tag: tag, Digits: digits, Fetch: func(int) ([]byte, error) { return chunk, nil }}
		x, err := c.Natural()
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("Natural: %v, want ErrCorrupt", err)
			}
			return
		}
		if x.DigitCount() != digits || !bytes.Equal(x.AppendChunk(nil, tag, 0), chunk) {
			t.Errorf("%d digits are read as %v", digits, x)
		}
	})
}

func FuzzChunked_AppendDigits(f *testing.F) {
	f.Add("0", int64(0), int64(1))
	f.Add("12345678901234567890", int64(3), int64(17))
	f.Add(strings.Repeat("8", 100), int64(99), int64(1))
	f.Fuzz(func(t *testing.T, text string, first, count int64) {
		x, err := Parse(text)
		if err != nil {
			t.Skip()
		}
		text, s := x.String(), stored(x)
		if first < 0 || count < 0 || first > s.Digits-count {
			t.Skip()
		}
		got, err := s.AppendDigits(nil, first, count)
		if want := text[first : first+count]; err != nil || string(got) != want {
			t.Errorf("digits [%d:+%d] of %s are %s, %v", first, count, text, got, err)
		}
		if got := x.AppendDigits(nil, first, count); string(got) != text[first:first+count] {
			t.Errorf("digits [%d:+%d] of %s are %s", first, count, text, got)
		}
	})
}
