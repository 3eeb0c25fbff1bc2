package httpapi

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The forms of RFC 9110, section 14.1.2, and what is close to them. A field
// without a want and an error is ignored.
var rangeFields = []struct {
	field string
	want  *rangeSpec
	err   error
}{
	{"bytes=0-0", &rangeSpec{first: 0, last: 0}, nil},
	{"bytes=0-99", &rangeSpec{first: 0, last: 99}, nil},
	{"bytes=007-0099", &rangeSpec{first: 7, last: 99}, nil},
	{"bytes=5-", &rangeSpec{first: 5, last: math.MaxInt64}, nil},
	{"bytes=-50", &rangeSpec{suffix: 50, isSuffix: true}, nil},
	{"bytes=-0050", &rangeSpec{suffix: 50, isSuffix: true}, nil},
	{"bytes=-0", &rangeSpec{isSuffix: true}, nil},
	{"BYTES=1-2", &rangeSpec{first: 1, last: 2}, nil},
	{"bytes= \t1-2 ", &rangeSpec{first: 1, last: 2}, nil},
	{"bytes=,1-2", &rangeSpec{first: 1, last: 2}, nil},
	{"bytes=1-2, ,\t,", &rangeSpec{first: 1, last: 2}, nil},
	{"bytes=0-9223372036854775808", &rangeSpec{first: 0, last: math.MaxInt64}, nil},
	{"bytes=-99999999999999999999", &rangeSpec{suffix: math.MaxInt64, isSuffix: true}, nil},
	{"bytes=99999999999999999999-", &rangeSpec{first: math.MaxInt64, last: math.MaxInt64}, nil},

	{"bytes=0-1,5-6", nil, errSeveralRanges},
	{"bytes=0-,-1", nil, errSeveralRanges},
	{"bytes=0-1,", &rangeSpec{first: 0, last: 1}, nil},
	{"bytes=0-1,x", nil, errMalformedRange},

	{"bytes", nil, errMalformedRange},
	{"bytes=", nil, errMalformedRange},
	{"bytes= , ", nil, errMalformedRange},
	{"bytes=-", nil, errMalformedRange},
	{"bytes=--5", nil, errMalformedRange},
	{"bytes=5", nil, errMalformedRange},
	{"bytes=9-5", nil, errMalformedRange},
	{"bytes=1-2-3", nil, errMalformedRange},
	{"bytes=+1-2", nil, errMalformedRange},
	{"bytes=1 -2", nil, errMalformedRange},
	{"bytes=1- 2", nil, errMalformedRange},
	{"bytes=1e2-", nil, errMalformedRange},
	{"bytes=0x1-0x2", nil, errMalformedRange},
	{"bytes=1_0-2_0", nil, errMalformedRange},
	{"bytes=٥-", nil, errMalformedRange},
	{"bytes=0-9;5", nil, errMalformedRange},
	{"bytes==0-9", nil, errMalformedRange},

	{"", nil, nil},
	{"digits=0-9", nil, nil},
	{"bytesize=0-9", nil, nil},
	{"bytes =0-9", nil, nil},
	{"0-9", nil, nil},
	{"=0-9", nil, nil},
}

func TestRange_IsParsedByItsGrammar(t *testing.T) {
	t.Parallel()
	for _, test := range rangeFields {
		got, err := parseRange(test.field)
		if !errors.Is(err, test.err) || (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
			t.Errorf("Range: %s: %+v, %v, want %+v, %v", test.field, got, err, test.want, test.err)
		}
	}
}

func TestRange_SelectsDigitsWithinTheValue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		field string
		size  int64
		want  span // of no digits: the range is not satisfiable
	}{
		{"bytes=0-0", 209, span{0, 1}},
		{"bytes=0-99", 209, span{0, 100}},
		{"bytes=208-208", 209, span{208, 1}},
		{"bytes=200-99999999999999999999", 209, span{200, 9}},
		{"bytes=5-", 209, span{5, 204}},
		{"bytes=-50", 209, span{159, 50}},
		{"bytes=-209", 209, span{0, 209}},
		{"bytes=-99999999999999999999", 209, span{0, 209}},
		{"bytes=0-", 1, span{0, 1}},
		{"bytes=0-", math.MaxInt64, span{0, math.MaxInt64}},
		{"bytes=209-", 209, span{}},
		{"bytes=209-300", 209, span{}},
		{"bytes=99999999999999999999-", 209, span{}},
		{"bytes=-0", 209, span{}},
	} {
		spec, err := parseRange(test.field)
		if err != nil || spec == nil {
			t.Errorf("Range: %s: %v, %v", test.field, spec, err)
			continue
		}
		if got, satisfiable := spec.within(test.size); got != test.want || satisfiable != (test.want.count > 0) {
			t.Errorf("Range: %s of %d digits: %+v, %v, want %+v", test.field, test.size, got, satisfiable, test.want)
		}
	}
}

// FuzzRange checks that a range which is accepted lies within the value and is
// the one that net/http, too, makes of the field.
func FuzzRange(f *testing.F) {
	for _, test := range rangeFields {
		f.Add(test.field, uint16(208))
	}
	f.Fuzz(func(t *testing.T, field string, last uint16) {
		size := int64(last) + 1
		spec, err := parseRange(field)
		if err != nil || spec == nil {
			return
		}
		got, satisfiable := spec.within(size)
		if satisfiable && (got.first < 0 || got.count < 1 || got.first > size-got.count) || !satisfiable && got != (span{}) {
			t.Fatalf("Range: %q of %d digits: %+v, %v", field, size, got, satisfiable)
		}
		if spec.last == math.MaxInt64 && !strings.HasSuffix(strings.Trim(field, ", \t"), "-") || spec.first == math.MaxInt64 || spec.isSuffix && (spec.suffix == 0 || spec.suffix == math.MaxInt64) {
			return // where net/http differs from the RFC: numbers that overflow, and a suffix of no digits
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		_, set, _ := strings.Cut(field, "=")
		request.Header.Set("Range", "bytes="+set)
		response := httptest.NewRecorder()
		http.ServeContent(response, request, "x.txt", time.Time{}, strings.NewReader(strings.Repeat("1", int(size))))
		status, contentRange := http.StatusRequestedRangeNotSatisfiable, fmt.Sprintf("bytes */%d", size)
		if satisfiable {
			status, contentRange = http.StatusPartialContent, got.contentRange(size)
		}
		if response.Code != status || response.Header().Get("Content-Range") != contentRange {
			t.Errorf("Range: %q of %d digits: %d %s, net/http answers %d %s", field, size, status, contentRange, response.Code, response.Header().Get("Content-Range"))
		}
	})
}
