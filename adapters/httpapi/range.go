package httpapi

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// rangeSpec is one range of a Range field: first-last, first- or -suffix. The
// unit is bytes, and a digit is a byte of the representation.
type rangeSpec struct {
	first, last int64 // last is math.MaxInt64 if it is omitted
	suffix      int64 // the number of digits at the end
	isSuffix    bool
}

var (
	errMalformedRange = errors.New("not a range of bytes")
	errSeveralRanges  = errors.New("more than one range")
)

// parseRange parses a Range field by the grammar of RFC 9110, section 14.1.1.
// It returns nil for a field that is empty or in another unit than bytes, which
// section 14.2 requires a server to ignore.
func parseRange(field string) (*rangeSpec, error) {
	unit, set, _ := strings.Cut(field, "=")
	if !strings.EqualFold(unit, "bytes") {
		return nil, nil
	}
	var only *rangeSpec
	for element := range strings.SplitSeq(set, ",") {
		element = strings.Trim(element, " \t")
		if element == "" {
			continue // section 5.6.1.2 allows empty elements in a list
		}
		spec, err := parseRangeSpec(element)
		switch {
		case err != nil:
			return nil, err
		case only != nil:
			return nil, errSeveralRanges
		}
		only = &spec
	}
	if only == nil {
		return nil, errMalformedRange
	}
	return only, nil
}

// parseRangeSpec parses one range.
func parseRangeSpec(text string) (rangeSpec, error) {
	from, to, found := strings.Cut(text, "-")
	first, hasFirst := parsePosition(from)
	last, hasLast := parsePosition(to)
	switch {
	case !found:
	case hasFirst && to == "":
		return rangeSpec{first: first, last: math.MaxInt64}, nil
	case hasFirst && hasLast && first <= last:
		return rangeSpec{first: first, last: last}, nil
	case from == "" && hasLast:
		return rangeSpec{suffix: last, isSuffix: true}, nil
	}
	return rangeSpec{}, errMalformedRange
}

// parsePosition parses a decimal number. One that overflows becomes
// math.MaxInt64, which is beyond the end of every value.
func parsePosition(text string) (int64, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return math.MaxInt64, true // all digits: it is out of range
	}
	return n, true
}

// span is a run of digits: count of them from first on. Digit 0 is the most
// significant.
type span struct{ first, count int64 }

// contentRange returns the Content-Range field for the digits of a value of
// size digits.
func (s span) contentRange(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", s.first, s.first+s.count-1, size)
}

// within returns the digits that the range selects from a value of size
// digits, and false if it selects none.
func (r rangeSpec) within(size int64) (span, bool) {
	first, last := r.first, min(r.last, size-1)
	if r.isSuffix {
		first, last = size-min(r.suffix, size), size-1
	}
	if first >= size {
		return span{}, false
	}
	return span{first, last - first + 1}, true
}
