package httpapi_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
)

// digitsOf returns the digits of F(n), calculated directly.
func digitsOf(t *testing.T, n core.Index) string {
	t.Helper()
	magnitude, err := fibonacci.New().Calculate(t.Context(), n, nil)
	if err != nil {
		t.Fatal(err)
	}
	return magnitude.String()
}

func TestDigits_AreServedWhole(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(-8, maxIndex) // the second takes two chunks
	all := s.get("/values/1000000/digits").want(200)
	all.wantHeader("Content-Type", "text/plain; charset=utf-8").wantHeader("Content-Length", "208988").wantHeader("Accept-Ranges", "bytes")
	all.wantHeader("Cache-Control", cacheImmutable+", no-transform").wantHeader("Content-Disposition", "").wantHeader("X-Content-Type-Options", "nosniff")
	if all.text != digitsOf(t, maxIndex) {
		t.Error("the digits are wrong")
	}
	if a := s.get("/values/-8/digits").want(200); a.text != "21" {
		t.Errorf("the digits of F(−8) are %q", a.text)
	}
}

func TestDigits_AreServedByTheRange(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(maxIndex)
	all := digitsOf(t, maxIndex)
	for _, test := range []struct{ field, digits, content string }{
		{"bytes=0-99", all[:100], "bytes 0-99/208988"},
		{"bytes=131070-131080", all[131070:131081], "bytes 131070-131080/208988"},
		{"bytes=208980-", all[208980:], "bytes 208980-208987/208988"},
		{"bytes=208987-99999999", all[208987:], "bytes 208987-208987/208988"},
		{"bytes=-50", all[208938:], "bytes 208938-208987/208988"},
		{"bytes=-0050", all[208938:], "bytes 208938-208987/208988"},
		{"bytes=-99999999", all, "bytes 0-208987/208988"},
		{"Bytes= 0-9 ", all[:10], "bytes 0-9/208988"},
	} {
		a := s.get("/values/1000000/digits", "Range: "+test.field).want(206).wantHeader("Content-Range", test.content)
		if a.text != test.digits {
			t.Errorf("%s: got %d digits, and not those of the range: %.60s", test.field, len(a.text), a.text)
		}
	}
}

func TestDigits_BadRangesAreRefused(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(1000)
	for _, field := range []string{
		"bytes=0-9,20-29", "bytes=209-", "bytes=1000-2000", "bytes=9-5", "bytes=-0", "bytes=-", "bytes=", "bytes=a-b", "bytes=0-9;5",
		"bytes=99999999999999999999-", "bytes=--5", "bytes", "bytes=1e2-", "bytes=0x1-0x2",
	} {
		a := s.get("/values/1000/digits", "Range: "+field)
		if p := a.problem(416); p.Errors[0].Location != "header.Range" || p.Errors[0].Value != field {
			t.Errorf("Range: %s: %+v", field, p)
		}
		a.wantHeader("Content-Range", "bytes */209")
	}
}

func TestDigits_RangeBeyondTheEndIsRefusedInDigits(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(10)
	p := s.get("/values/10/digits", "Range: bytes=2-5").problem(416)
	if !strings.Contains(p.Detail, "F(10) has 2 digits") || !strings.Contains(p.Detail, "the last is digit 1") || strings.Contains(p.Detail, "bytes") {
		t.Errorf("the problem is %+v", p)
	}
}

func TestDigits_RangesOfOtherUnitsAreIgnored(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(1000)
	for _, field := range []string{"digits=0-9", "bytesize=0-9", "nonsense"} {
		if a := s.get("/values/1000/digits", "Range: "+field).want(200); len(a.text) != 209 {
			t.Errorf("Range: %s gave %d digits", field, len(a.text))
		}
	}
}

func TestDigits_HonourPreconditions(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(1000)
	const path = "/values/1000/digits"
	tag := s.get(path).want(200).Header.Get("ETag")
	s.get(path, "If-None-Match: "+tag).want(304).wantHeader("ETag", tag)
	s.get(path, "If-None-Match: *").want(304)
	s.get(path, `If-None-Match: "other"`).want(200)
	s.get(path, "If-Match: "+tag).want(200)
	if p := s.get(path, `If-Match: "other"`).problem(412); p.Errors[0].Location != "header.If-Match" {
		t.Errorf("If-Match of another ETag: %+v", p)
	}
	s.get(path, "Range: bytes=0-9", "If-Range: "+tag).want(206)
	s.get(path, "Range: bytes=0-9", `If-Range: "other"`).want(200)
}

// RFC 9110, section 13.2.2, evaluates the range last, and section 14.2 only for
// GET.
func TestDigits_EvaluatePreconditionsBeforeTheRange(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(1000)
	const path = "/values/1000/digits"
	tag := s.get(path).want(200).Header.Get("ETag")
	for _, field := range []string{"bytes=0-9", "bytes=0-9,20-29", "bytes=1000-", "bytes=nonsense"} {
		s.get(path, "Range: "+field, "If-None-Match: "+tag).want(304)
		s.get(path, "Range: "+field, `If-Match: "other"`).problem(412)
		s.get(path, "Range: "+field, `If-Range: "other"`).want(200).wantHeader("Content-Length", "209").wantHeader("Content-Range", "")
		s.get(path, "Range: "+field, "If-Range: W/"+tag).want(200)
		s.get(path, "Range: "+field, "If-Range: Sat, 14 Mar 2026 15:09:26 GMT").want(200)
		s.ask(http.MethodHead, path, "", "Range: "+field).want(200).wantHeader("Content-Length", "209").wantHeader("Content-Range", "")
	}
	s.get(path, "Range: bytes=0-9", "If-Match: "+tag, "If-Range: "+tag).want(206)
	s.get(path, "Range: bytes=0-9", "If-Modified-Since: Sat, 14 Mar 2099 15:09:26 GMT").want(206)
	s.ask(http.MethodHead, path, "", "If-None-Match: "+tag).want(304)
	s.ask(http.MethodHead, path, "", `If-Match: "other"`).want(412)
}

// RFC 9110, section 14.1.2, does not allow errors for numbers that overflow.
func TestDigits_RangesThatOverflowEndWithTheValue(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(1000)
	for field, content := range map[string]string{
		"bytes=200-99999999999999999999": "bytes 200-208/209",
		"bytes=-99999999999999999999":    "bytes 0-208/209",
		"bytes=,0-9,":                    "bytes 0-9/209",
	} {
		s.get("/values/1000/digits", "Range: "+field).want(206).wantHeader("Content-Range", content)
	}
}

func TestDigits_AnswerHEADWithTheirLength(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(1000)
	a := s.ask(http.MethodHead, "/values/1000/digits", "").want(200)
	a.wantHeader("Content-Length", "209").wantHeader("Accept-Ranges", "bytes").wantHeader("Content-Type", "text/plain; charset=utf-8")
	if a.text != "" {
		t.Errorf("the response to HEAD has the body %q", a.text)
	}
	s.ask(http.MethodHead, "/values/7/digits", "").want(404).wantHeader("Content-Type", "application/problem+json")
}

func TestDigits_AreDownloadedAsAFileOnRequest(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(8, -8)
	a := s.get("/values/8/digits?download=1").want(200).wantHeader("Content-Disposition", `attachment; filename="F(8).txt"`)
	if a.text != "21" {
		t.Errorf("the file of F(8) has %q", a.text)
	}
	s.get("/values/-8/digits?download=false").want(200).wantHeader("Content-Disposition", "")
	s.get("/values/-8/digits?download=1", "Range: bytes=5-").problem(416)
	s.get("/values/-8/digits?download=perhaps").problem(422)
}

// Byte ranges of the file resume an interrupted download, so they count the sign.
func TestDigits_OfANegativeNumberAreDownloadedWithTheirSign(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(-8)
	const path = "/values/-8/digits?download=1"
	file := s.get(path).want(200).wantHeader("Content-Disposition", `attachment; filename="F(-8).txt"`).wantHeader("Content-Length", "3")
	if file.text != "-21" {
		t.Errorf("the file of F(-8) has %q", file.text)
	}
	digits := s.get("/values/-8/digits").want(200)
	if digits.text != "21" || digits.Header.Get("ETag") == file.Header.Get("ETag") {
		t.Errorf("the digits are %q with the ETag %s, that of the file is %s", digits.text, digits.Header.Get("ETag"), file.Header.Get("ETag"))
	}
	for field, want := range map[string][2]string{
		"bytes=0-0": {"-", "bytes 0-0/3"}, "bytes=0-1": {"-2", "bytes 0-1/3"}, "bytes=1-": {"21", "bytes 1-2/3"},
		"bytes=2-": {"1", "bytes 2-2/3"}, "bytes=-1": {"1", "bytes 2-2/3"}, "bytes=-9": {"-21", "bytes 0-2/3"},
	} {
		if a := s.get(path, "Range: "+field).want(206).wantHeader("Content-Range", want[1]); a.text != want[0] {
			t.Errorf("%s: %q, want %q", field, a.text, want[0])
		}
	}
	s.get(path, "Range: bytes=3-").problem(416)
	s.get(path, "If-None-Match: "+file.Header.Get("ETag")).want(304)
	s.ask(http.MethodHead, path, "").want(200).wantHeader("Content-Length", "3")
}

func TestDigits_NotReadyAreAConflictToBeRetried(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"index": 1000}`).want(202)
	a := s.get("/values/1000/digits").wantHeader("Retry-After", "2")
	if p := a.problem(409); p.Kind != "notReady" {
		t.Errorf("digits of a pending value: %+v", p)
	}
}

func TestDigits_DamagedAreNeverServed(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(1000)
	s.cache.Damage(1000, 0)
	s.get("/values/1000/digits").problem(409)
	s.get("/values/1000", "Prefer: wait=30").want(200)
	if a := s.get("/values/1000/digits").want(200); a.text != digitsOf(t, 1000) {
		t.Errorf("F(1000) after damage is %s", a.text)
	}
}

// A truncated response must not look complete.
func TestDigits_LostMidwayAbortTheResponse(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(){
		"an error": nil,
		"a panic":  func() { panic("secret-host") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, func(s *testServer) { s.intercept("ValueCache.Digits", lostMidway(fail)) })
			s.calculated(maxIndex)
			response, err := transport.RoundTrip(s.request(http.MethodGet, "/values/1000000/digits", ""))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			text, err := io.ReadAll(response.Body)
			if err == nil {
				t.Errorf("read %d of 208,988 digits without an error", len(text))
			}
			if !strings.HasPrefix(digitsOf(t, maxIndex), string(text)) {
				t.Error("the body is not a prefix of the digits")
			}
		})
	}
}

// lostMidway fails to read digits after the first ones: with an error, or as
// fail does.
func lostMidway(fail func()) intercept.Interceptor {
	return func(ctx context.Context, call intercept.Call) error {
		if *intercept.Arg[int64](call) == 0 {
			return call.Next(ctx)
		}
		if fail != nil {
			fail()
		}
		return core.NewError(core.KindUnavailable, "The cache can't be reached.")
	}
}
