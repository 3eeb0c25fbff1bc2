package core

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"time"
)

// A stored Summary is the same in every adapter: a version byte; as varints the
// index, the number of digits, the time in microseconds since 1970 and the
// duration in microseconds; the digits as text, either all of them or the
// leading and the trailing ones; and a CRC-32C of all that, big-endian.
//
// Every version begins with its number and ends with this checksum, so that a
// Summary that another version has stored is told from a damaged one.

const summaryVersion = 1

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)

	// ErrCorruptSummary is returned for bytes that are not a stored Summary.
	ErrCorruptSummary = errors.New("stored summary is corrupt")

	// ErrSummaryVersion is returned for a Summary that another version of this
	// package has stored and this one can't read. Its value is not damaged: while
	// a deployment is upgraded, processes of the other version serve it.
	ErrSummaryVersion = errors.New("stored summary is of another version")
)

// AppendBinary appends the stored form of s to dst. The error is always nil.
func (s Summary) AppendBinary(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = append(dst, summaryVersion)
	dst = binary.AppendVarint(dst, int64(s.Index))
	dst = binary.AppendVarint(dst, s.DigitCount)
	dst = binary.AppendVarint(dst, s.CalculatedAt.UnixMicro())
	dst = binary.AppendVarint(dst, s.Duration.Microseconds())
	dst = append(dst, s.Digits...)
	dst = append(dst, s.Leading...)
	dst = append(dst, s.Trailing...)
	return binary.BigEndian.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli)), nil
}

// UnmarshalBinary sets s to the Summary whose stored form is data. It returns
// ErrSummaryVersion for one of another version, ErrCorruptSummary if there is
// none, and then leaves s unspecified.
func (s *Summary) UnmarshalBinary(data []byte) error {
	if len(data) < 1+crc32.Size {
		return ErrCorruptSummary
	}
	body, sum := data[:len(data)-crc32.Size], data[len(data)-crc32.Size:]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(sum) {
		return ErrCorruptSummary
	}
	if body[0] != summaryVersion {
		return ErrSummaryVersion
	}
	var fields [4]int64
	rest := body[1:]
	for i := range fields {
		x, n := binary.Varint(rest)
		if n <= 0 {
			return ErrCorruptSummary
		}
		fields[i], rest = x, rest[n:]
	}
	*s = Summary{
		Index:        Index(fields[0]),
		DigitCount:   fields[1],
		CalculatedAt: time.UnixMicro(fields[2]).UTC(),
		Duration:     time.Duration(fields[3]) * time.Microsecond,
	}
	switch {
	case s.DigitCount <= WholeDigits && int64(len(rest)) == s.DigitCount:
		s.Digits = string(rest)
	case s.DigitCount > WholeDigits && len(rest) == 2*EndDigits:
		s.Leading, s.Trailing = string(rest[:EndDigits]), string(rest[EndDigits:])
	default:
		return ErrCorruptSummary
	}
	return nil
}
