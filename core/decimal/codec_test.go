package decimal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// store is a number in its stored form, and counts the chunks fetched.
type store struct {
	digits  int64
	chunks  [][]byte
	fetched []int
}

const tag = 1234567

func stored(x Natural) *store {
	s := &store{digits: x.DigitCount()}
	for k := range ChunkCount(s.digits) {
		s.chunks = append(s.chunks, x.AppendChunk(nil, tag, k))
	}
	return s
}

func (s *store) fetch(k int) ([]byte, error) {
	s.fetched = append(s.fetched, k)
	return s.chunks[k], nil
}

var storedWords = []int{0, 1, 2, ChunkWords - 1, ChunkWords, ChunkWords + 1, 3*ChunkWords + 5}

func TestStoredNumbersAreReadBack(t *testing.T) {
	t.Parallel()
	for _, words := range storedWords {
		x := random(seeded(uint64(words)), words)
		s := stored(x)
		if len(s.chunks) != max(1, (words+ChunkWords-1)/ChunkWords) {
			t.Errorf("%d words are stored in %d chunks", words, len(s.chunks))
		}
		got, err := Load(tag, s.digits, s.fetch)
		if err != nil || !got.Equal(x) {
			t.Errorf("%d words: Load: %v", words, err)
		}
	}
}

// The stored form is on disks and in caches: it must not change unnoticed.
func TestTheStoredFormIsWhatItAlwaysWas(t *testing.T) {
	t.Parallel()
	x := mustParse(t, "12345678901234567890")
	got := x.AppendChunk([]byte("|"), 100, 0)
	want := []byte("|" + // two words, and the checksum as another program calculated it
		"\x00\x00\x00\x00\x00\x00\x00\x01" + "\x20\x8d\x86\x88\x61\x37\x0a\xd2" + "\x53\xc5\xfa\xb2")
	if !bytes.Equal(got, want) {
		t.Errorf("stored as %x, want %x", got, want)
	}
}

func TestSlicesAreThoseOfTheText(t *testing.T) {
	t.Parallel()
	const chunk = ChunkWords * WordDigits
	for _, words := range storedWords {
		x := random(seeded(uint64(words)), words)
		s, text := stored(x), x.String()
		for _, first := range []int64{0, 1, 18, 19, chunk - 20, chunk - 1, chunk, 2*chunk - 7, s.digits - 1, s.digits} {
			for _, count := range []int64{0, 1, 19, 20, 1000, chunk, 2 * chunk, s.digits} {
				if first < 0 || first+count > s.digits {
					continue
				}
				s.fetched = nil
				got, err := Slice([]byte("|"), tag, s.digits, first, count, s.fetch)
				if err != nil || string(got) != "|"+text[first:first+count] {
					t.Fatalf("%d words, digits [%d:+%d]: %v", words, first, count, err)
				}
				if most := int(count/chunk) + 2; len(s.fetched) > most || count == 0 && len(s.fetched) > 0 {
					t.Errorf("%d words, digits [%d:+%d]: fetched chunks %v", words, first, count, s.fetched)
				}
			}
		}
	}
}

func TestSlicesOutOfRangePanic(t *testing.T) {
	t.Parallel()
	s := stored(FromUint64(12345))
	const most = 1<<63 - 1
	for _, at := range [][2]int64{{-1, 1}, {0, -1}, {0, 6}, {5, 1}, {6, 0}, {most, most}, {1, most}} {
		if !panics(func() { _, _ = Slice(nil, tag, s.digits, at[0], at[1], s.fetch) }) {
			t.Errorf("digits [%d:+%d] of five do not panic", at[0], at[1])
		}
	}
}

// damaged asserts that neither Load nor Slice takes what is stored for a number.
func damaged(t *testing.T, what string, useTag uint64, s *store) {
	t.Helper()
	if _, err := Load(useTag, s.digits, s.fetch); !errors.Is(err, ErrCorrupt) {
		t.Errorf("%s: Load: %v, want ErrCorrupt", what, err)
	}
	if _, err := Slice(nil, useTag, s.digits, 0, s.digits, s.fetch); !errors.Is(err, ErrCorrupt) {
		t.Errorf("%s: Slice: %v, want ErrCorrupt", what, err)
	}
}

func TestDamageIsNoticed(t *testing.T) {
	t.Parallel()
	x := random(seeded(9), 2*ChunkWords+3)
	for _, at := range []int{0, 7, 8 * ChunkWords / 2, 8*ChunkWords - 1, 8 * ChunkWords, 8*ChunkWords + 3} {
		s := stored(x)
		s.chunks[1][at] ^= 1
		damaged(t, "a flipped bit", tag, s)
	}
	damaged(t, "another tag", tag+1, stored(x))

	s := stored(x)
	s.chunks[0], s.chunks[1] = s.chunks[1], s.chunks[0]
	damaged(t, "chunks in another order", tag, s)

	s = stored(x)
	s.chunks[1] = stored(random(seeded(10), 2*ChunkWords+4)).chunks[1]
	damaged(t, "a chunk of a longer number", tag, s)

	for _, length := range []int{0, 3, 4, 8*ChunkWords + 3} {
		s = stored(x)
		s.chunks[1] = s.chunks[1][:length]
		damaged(t, "a short chunk", tag, s)
	}
	s = stored(x)
	s.chunks[2] = append(s.chunks[2], 0)
	damaged(t, "a long chunk", tag, s)

	s = stored(x)
	s.digits--
	damaged(t, "one digit fewer", tag, s)
}

// reseal gives a damaged chunk the checksum of what it holds.
func reseal(s *store, k int) {
	data := s.chunks[k][:len(s.chunks[k])-4]
	s.chunks[k] = binary.BigEndian.AppendUint32(data, chunkSum(tag, s.digits, k, data))
}

func TestWhatTheChecksumCannotSeeIsNoticed(t *testing.T) {
	t.Parallel()
	s := stored(random(seeded(11), 2*ChunkWords))
	binary.BigEndian.PutUint64(s.chunks[1][80:], Base)
	reseal(s, 1)
	damaged(t, "a word that is too large", tag, s)

	s = stored(mustParse(t, strings.Repeat("7", 25)))
	binary.BigEndian.PutUint64(s.chunks[0], 77777)
	reseal(s, 0)
	damaged(t, "a digit that is missing", tag, s)
}

func TestErrorsOfFetchComeBackAsTheyAre(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	fetch := func(int) ([]byte, error) { return nil, gone }
	if _, err := Load(tag, 5, fetch); err != gone { //nolint:errorlint // the very error is promised
		t.Errorf("Load: %v", err)
	}
	if _, err := Slice(nil, tag, 5, 0, 1, fetch); err != gone { //nolint:errorlint // the very error is promised
		t.Errorf("Slice: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(int64(1), stored(Natural{}).chunks[0])
	f.Add(int64(20), stored(FromUint64(12345678901234567890)).chunks[0])
	f.Add(int64(0), []byte{})
	f.Add(int64(-1), []byte("x"))
	f.Fuzz(func(t *testing.T, digits int64, chunk []byte) {
		fetch := func(int) ([]byte, error) { return chunk, nil }
		x, err := Load(tag, digits, fetch)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("Load: %v, want ErrCorrupt", err)
			}
			return
		}
		if x.DigitCount() != digits || !bytes.Equal(x.AppendChunk(nil, tag, 0), chunk) {
			t.Errorf("loaded %d digits as %v", digits, x)
		}
	})
}

func FuzzSlice(f *testing.F) {
	f.Add("0", int64(0), int64(1))
	f.Add("12345678901234567890", int64(3), int64(17))
	f.Add(strings.Repeat("8", 100), int64(99), int64(1))
	f.Fuzz(func(t *testing.T, text string, first, count int64) {
		x, err := Parse(text)
		if err != nil {
			t.Skip()
		}
		text, s := x.String(), stored(x)
		if first < 0 || count < 0 || first > s.digits-count {
			t.Skip()
		}
		got, err := Slice(nil, tag, s.digits, first, count, s.fetch)
		if want := text[first : first+count]; err != nil || string(got) != want {
			t.Errorf("digits [%d:+%d] of %s are %s, %v", first, count, text, got, err)
		}
		if got := x.AppendDigits(nil, first, count); string(got) != text[first:first+count] {
			t.Errorf("digits [%d:+%d] of %s are %s", first, count, text, got)
		}
	})
}
