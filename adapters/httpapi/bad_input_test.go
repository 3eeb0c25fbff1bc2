package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
)

// badBodies are bodies that are not a submission, with the status of the
// response and the first location in it.
var badBodies = []struct {
	name, body string
	status     int
	location   string
}{
	{"no index", `{}`, 422, "body.index"},
	{"null", `{"index": null}`, 422, "body.index"},
	{"both null", `{"index": null, "indices": null}`, 422, "body.index"},
	{"text", `{"index": "abc"}`, 422, "body.index"},
	{"a number in a string", `{"index": "10"}`, 422, "body.index"},
	{"a fraction", `{"index": 1.5}`, 422, "body.index"},
	{"a tiny fraction", `{"index": 1e-5}`, 422, "body.index"},
	{"true", `{"index": true}`, 422, "body.index"},
	{"an array", `{"index": [1]}`, 422, "body.index"},
	{"an object", `{"index": {"index": 1}}`, 422, "body.index"},
	{"a fraction that rounds to an integer", `{"index": 1.0000000000000000000001}`, 422, "body.index"},
	{"a fraction that rounds to 0", `{"index": 1e-400}`, 422, "body.index"},
	{"a fraction among indices that rounds to 0", `{"indices": [1, -0.1e-999999999999]}`, 422, "body.indices[1]"},
	{"1e400", `{"index": 1e400}`, 422, "body.index"},
	{"a huge exponent", `{"index": -1e999999999999}`, 422, "body.index"},
	{"−2^63", `{"index": -9223372036854775808}`, 422, "body.index"},
	{"2^63", `{"index": 9223372036854775808}`, 422, "body.index"},
	{"2^53", `{"index": 9007199254740992}`, 422, "body.index"},
	{"a thousand nines", `{"index": ` + strings.Repeat("9", 1000) + `}`, 422, "body.index"},
	{"both", `{"index": 1, "indices": [2]}`, 422, "body.indices"},
	{"no indices", `{"indices": []}`, 422, "body.indices"},
	{"indices that are one", `{"indices": 5}`, 422, "body.indices"},
	{"1,001 indices", `{"indices": [0` + strings.Repeat(", 1", 1000) + `]}`, 422, "body.indices"},
	{"null among indices", `{"indices": [1, null]}`, 422, "body.indices[1]"},
	{"text among indices", `{"indices": [1, 2, "3"]}`, 422, "body.indices[2]"},
	{"2^53 among indices", `{"indices": [9007199254740992]}`, 422, "body.indices[0]"},
	{"1e400 among indices", `{"indices": [1, 1e400]}`, 422, "body.indices[1]"},
	{"too large among indices", `{"indices": [1, 1000001]}`, 422, "body.indices"},
	{"the same name twice", `{"index": 1, "index": 2}`, 422, "body.index"},
	{"the same name twice, once null", `{"index": 1, "index": null}`, 422, "body.index"},
	{"an escaped name twice", `{"index": 1, "\u0069ndex": 2}`, 422, "body.index"},
	{"a name in other letters", `{"Index": 1}`, 422, "body.Index"},
	{"an unknown name", `{"index": 1, "n": 2}`, 422, "body.n"},
	{"no object", `[1]`, 422, "body"},
	{"a number alone", `10`, 422, "body"},
	{"null alone", `null`, 422, "body"},
	{"nothing", ``, 400, "body"},
	{"blanks", " \n", 400, "body"},
	{"half of it", `{"index": 10`, 400, "body"},
	{"garbage behind", `{"index": 1} x`, 400, "body"},
	{"another behind", `{"index": 1}{"index": 2}`, 400, "body"},
	{"no JSON", `index=10`, 400, "body"},
	{"NaN", `{"index": NaN}`, 400, "body"},
	{"a plus sign", `{"index": +5}`, 400, "body"},
	{"a leading zero", `{"index": 007}`, 400, "body"},
	{"hexadecimal", `{"index": 0x10}`, 400, "body"},
	{"a comment", `{"index": 1 /* one */}`, 400, "body"},
	{"NUL", "{\"index\": 1\x00}", 400, "body"},
	{"NUL in a name", "{\"in\x00dex\": 1}", 400, "body"},
	{"an escaped NUL in a name", `{"index\u0000": 1}`, 422, "body.index\u0000"},
	{"invalid UTF-8", "{\"index\": \xff}", 400, "body"},
	{"invalid UTF-8 in a name", "{\"index\xff\": 1}", 422, "body.index\ufffd"},
	{"two byte order marks", "\ufeff\ufeff" + `{"index": 1}`, 400, "body"},
	{"a byte order mark in the middle", `{"index":` + "\ufeff" + `1}`, 400, "body"},
	{"a byte order mark in a name", "{\"\ufeffindex\": 1}", 422, "body.\ufeffindex"},
	{"a byte order mark alone", "\ufeff", 400, "body"},
	{"UTF-16", "{\x00\"\x00i\x00", 400, "body"},
	{"UTF-16, big-endian", "\x00{\x00\"\x00i", 400, "body"},
	{"UTF-16 with a byte order mark", "\xff\xfe{\x00\"\x00", 400, "body"},
	{"UTF-16 with a byte order mark, big-endian", "\xfe\xff\x00{\x00\"", 400, "body"},
	{"UTF-32", "\xff\xfe\x00\x00{\x00\x00\x00", 400, "body"},
	{"deep nesting", `{"index": ` + strings.Repeat("[", 30000) + strings.Repeat("]", 30000) + `}`, 400, "body"},
	{"nesting that is still JSON", `{"index": ` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, 422, "body.index"},
	{"twenty thousand faults", `{"indices": [""` + strings.Repeat(`,""`, 20000) + `]}`, 422, "body.indices"},
	{"64 KiB and a byte", `{"index": 1}` + strings.Repeat(" ", 64<<10-11), 413, "body"},
	{"2 MB", `{"index": 1}` + strings.Repeat(" ", 2_000_000), 413, "body"},
}

func TestBadInput_BodiesAreRefusedNamingTheField(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, bad := range badBodies {
		p := s.submit(bad.body).problem(bad.status)
		if len(p.Errors) == 0 || p.Errors[0].Location != bad.location || p.Errors[0].Message == "" {
			t.Errorf("%s: want a problem that names %q, got %+v", bad.name, bad.location, p)
		}
		if len(p.Errors) > 20 || p.Kind == "internal" {
			t.Errorf("%s: %d errors, of kind %s", bad.name, len(p.Errors), p.Kind)
		}
	}
	s.wantAlive()
}

func TestBadInput_IndexOverTheLimitIsRefusedWithItsEstimate(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for n, named := range map[string]string{
		"1000001": "F(1000001)", "-1000001": "F(-1000001)", "9007199254740991": "F(9007199254740991)", "9007199254740992": "F(9007199254740992)",
		"9223372036854775808": "This number", "-1e20": "This number", "1e400": "This number", "-1e999999999999": "This number",
	} {
		p := s.submit(fmt.Sprintf(`{"index": %s}`, n)).problem(422)
		if p.Kind != "tooLarge" || p.Errors[0].Location != "body.index" || !strings.Contains(p.Detail, "1000000") || !strings.Contains(p.Detail, named+" has") {
			t.Errorf("%s: %+v", n, p)
		}
		if p.Estimate == nil || p.Estimate.Digits < 208_988 || p.Estimate.Bytes <= p.Estimate.Digits/4 || p.Estimate.Seconds < 0 {
			t.Errorf("the estimate of %s is %+v", n, p.Estimate)
		}
	}
	for text, kind := range map[string]string{"9007199254740992": "tooLarge", "-99999999999999999999": "tooLarge", "1e17": "invalid", "1e20": "invalid", "x": "invalid"} {
		if p := s.get("/estimates/" + text).problem(422); p.Kind != kind {
			t.Errorf("%s: %+v", text, p)
		}
	}
	if p := s.submit(`{"index": "99999999999999999999"}`).problem(422); p.Kind != "invalid" {
		t.Errorf("in a string: %+v", p)
	}
	s.submit(`{"index": 1000000}`).want(202)
	s.wantAlive()
}

// badRequests are requests without a body, with the status of the response and
// the first location in it, if there is one.
var badRequests = []struct {
	method, target string
	header         string
	status         int
	location       string
}{
	{"GET", "/indices?limit=0", "", 422, "query.limit"},
	{"GET", "/indices?limit=-1", "", 422, "query.limit"},
	{"GET", "/indices?limit=1000000000", "", 422, "query.limit"},
	{"GET", "/indices?limit=99999999999999999999", "", 422, "query.limit"},
	{"GET", "/indices?limit=ten", "", 422, "query.limit"},
	{"GET", "/indices?limit=1.5", "", 422, "query.limit"},
	{"GET", "/indices?limit=%00", "", 422, "query.limit"},
	{"GET", "/indices?limit=%zz", "", 422, "query"},
	{"GET", "/indices?limit=5;cursor=AQ", "", 422, "query"},
	{"GET", "/indices?cursor=x", "", 422, "query.cursor"},
	{"GET", "/indices?cursor=!!!!", "", 422, "query.cursor"},
	{"GET", "/indices?cursor=AA", "", 422, "query.cursor"}, // sequence 0
	{"GET", "/indices?cursor=AQ", "", 422, "query.cursor"}, // sequence −1
	{"GET", "/indices?cursor=" + strings.Repeat("A", 101), "", 422, "query.cursor"},
	{"GET", "/indices?cursor=%ff%00", "", 422, "query.cursor"},
	{"GET", "/indices?cursor=____________", "", 422, "query.cursor"}, // an unterminated varint
	{"GET", "/values?limit=0", "", 422, "query.limit"},
	{"GET", "/values?limit=-1", "", 422, "query.limit"},
	{"GET", "/values?limit=1000000000", "", 422, "query.limit"},
	{"GET", "/values?cursor=x", "", 422, "query.cursor"},
	{"GET", "/values?cursor=Ag", "", 422, "query.cursor"}, // a cursor of the other list
	{"GET", "/values?cursor=AgICAg", "", 422, "query.cursor"},
	{"GET", "/values?index=", "", 422, "query.index"},
	{"GET", "/values?index=1,,2", "", 422, "query.index"},
	{"GET", "/values?index=%zz", "", 422, "query"}, // was answered with all values
	{"GET", "/values?index=1;2", "", 422, "query"}, // so was this
	{"GET", "/values?index=1&index=%", "", 422, "query"},
	{"GET", "/numbers/10/mod/7?steps=%zz", "", 422, "query"},   // was answered without steps, for a year
	{"GET", "/values?limit=1&limit=2", "", 422, "query.limit"}, // the second was ignored
	{"GET", "/indices?limit=1&cursor=&cursor=x", "", 422, "query.cursor"},
	{"GET", "/numbers?from=0&to=5&to=9", "", 422, "query.to"},
	{"GET", "/values?index=1,x", "", 422, "query.index"},
	{"GET", "/values?index=1&index=007", "", 422, "query.index"},
	{"GET", "/values?index=9007199254740992", "", 422, "query.index"},
	{"GET", "/values?index=1" + strings.Repeat(",1", 1000), "", 422, "query.index"},
	{"GET", "/values?index=1&cursor=AgI", "", 422, "query.index"},
	{"GET", "/values/abc", "", 422, "path.index"},
	{"GET", "/values/1e3", "", 422, "path.index"},
	{"GET", "/values/1.0", "", 422, "path.index"},
	{"GET", "/values/+5", "", 422, "path.index"},
	{"GET", "/values/%2B5", "", 422, "path.index"},
	{"GET", "/values/007", "", 422, "path.index"},
	{"GET", "/values/-0", "", 422, "path.index"},
	{"GET", "/values/%00", "", 422, "path.index"},
	{"GET", "/values/%20", "", 422, "path.index"},
	{"GET", "/values/%FF", "", 422, "path.index"},
	{"GET", "/values/٥", "", 422, "path.index"},
	{"GET", "/values/9007199254740992", "", 422, "path.index"},
	{"GET", "/values/-9223372036854775808", "", 422, "path.index"},
	{"GET", "/values/99999999999999999999", "", 422, "path.index"},
	{"GET", "/values/abc/digits", "", 422, "path.index"},
	{"GET", "/values/007/digits", "", 422, "path.index"},
	{"GET", "/values/5/digits?download=perhaps", "", 422, "query.download"},
	{"GET", "/values/5", "", 404, "path.index"},
	{"GET", "/values/5/digits", "Range: bytes=0-5,7-9", 404, "path.index"},
	{"GET", "/", "", 404, ""},
	{"GET", "/nothing", "", 404, ""},
	{"GET", "/values/5/", "", 404, ""},
	{"GET", "/values/5/digits/1", "", 404, ""},
	{"GET", "/values//digits", "", 404, ""},
	{"GET", "/values/%2F", "", 404, ""},
	{"GET", "//indices", "", 404, ""},
	{"GET", "/values/../indices", "", 404, ""},
	{"GET", "/values/%2E%2E/indices", "", 404, ""},
	{"GET", "/indices/", "", 404, ""},
	{"GET", "/Indices", "", 404, ""},
	{"GET", "/indices%00", "", 404, ""},
	{"GET", "/schemas/Problem.json", "", 404, ""},
	{"GET", "/openapi-3.0.json", "", 404, ""},
	{"PUT", "/indices", "", 405, ""},
	{"DELETE", "/values/5", "", 405, ""},
	{"POST", "/values", "", 405, ""},
	{"PATCH", "/values/5/digits", "", 405, ""},
	{"OPTIONS", "/indices", "", 405, ""},
	{"POST", "/events", "", 405, ""},
	{"POST", "/healthz", "", 405, ""},
	{"POST", "/openapi.json", "", 405, ""},
	{"TRACE", "/indices", "", 405, ""},
	{"BREW", "/indices", "", 405, ""},
}

func TestBadInput_RequestsAreRefusedNamingTheField(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, bad := range badRequests {
		var header []string
		if bad.header != "" {
			header = []string{bad.header}
		}
		a := s.ask(bad.method, bad.target, "", header...)
		p := a.problem(bad.status)
		var location string
		if len(p.Errors) > 0 {
			location = p.Errors[0].Location
		}
		if location != bad.location || len(p.Errors) > 1 {
			t.Errorf("%s %s: want a problem that names %q and nothing else, got %+v", bad.method, bad.target, bad.location, p)
		}
		if (a.Header.Get("Allow") != "") != (bad.status == http.StatusMethodNotAllowed) {
			t.Errorf("%s %s: %d with Allow: %q", bad.method, bad.target, bad.status, a.Header.Get("Allow"))
		}
	}
	s.ask(http.MethodPut, "/indices", "").wantHeader("Allow", "GET, HEAD, POST")
	s.wantAlive()
}

func TestBadInput_MalformedQueryIsIgnoredWhereNoneIsRead(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, path := range []string{"/healthz", "/readyz", "/status"} {
		s.get(path + "?%zz").want(200)
	}
}

// Each of these is read aloud by somebody who has to correct the request.
func TestBadInput_IsDescribedInWords(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for target, words := range map[string]string{
		"/values/abc":                     "path.index: must be an integer.",
		"/values/99999999999999999999":    "path.index: is too large in size.",
		"/values/9007199254740992":        "path.index: must be at most 9007199254740991.",
		"/values/-9007199254740992":       "path.index: must be at least -9007199254740991.",
		"/indices?limit=0":                "query.limit: must be at least 1.",
		"/indices?limit=201":              "query.limit: must be at most 200.",
		"/values/5/digits?download=yes":   "query.download: must be true or false.",
		"/numbers?from=1":                 "query.to: is missing.",
		"/numbers/+1":                     "path.n: must be an integer without a plus sign or leading zeros.",
		"/indices?cursor=" + longCursor:   "query.cursor: must have at most 100 characters.",
		"/periods/" + longCursor + "?a=b": "path.m: must be an integer without a plus sign or leading zeros.",
	} {
		if p := s.get(target).problem(422); p.Detail != words {
			t.Errorf("%s: %q, want %q", target, p.Detail, words)
		}
	}
	for body, words := range map[string]string{
		``:                "The request has no body. Send JSON.",
		`[]`:              "body: must be an object.",
		`{"index": "5"}`:  "body.index: must be an integer.",
		`{"indices": []}`: "body.indices: must have at least 1 item.",
		`{"indices": 5}`:  "body.indices: must be a list.",
		`{"n": 5}`:        "body.n: is not a property of this body.",
	} {
		status := 422
		if body == "" {
			status = 400
		}
		if p := s.submit(body).problem(status); p.Detail != words {
			t.Errorf("%s: %q, want %q", body, p.Detail, words)
		}
	}
	p := s.submit(`{"index": 1}`, "Idempotency-Key: a b").problem(422)
	if strings.ContainsAny(p.Detail, "^$[") || !strings.Contains(p.Detail, "128 visible ASCII characters") {
		t.Errorf("a key: %q", p.Detail)
	}
}

var longCursor = strings.Repeat("A", 101)

// The error of a cursor once quoted another one.
func TestBadInput_CursorIsQuotedAsItWasSent(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, target := range []string{"/indices?cursor=AA", "/indices?cursor=AQ", "/values?cursor=AA"} {
		if p := s.get(target).problem(422); !strings.HasSuffix(target, fmt.Sprintf("=%v", p.Errors[0].Value)) {
			t.Errorf("%s: %+v", target, p.Errors)
		}
	}
}

// Huma reads the first of several fields of one name.
func TestHeader_FieldsOfOneNameAreReadTogether(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.startWorker()
	s.calculated(1000)
	s.get("/numbers?from=1&to=3", "Accept: text/html", "Accept: text/csv").want(200).
		wantHeader("Content-Type", "text/csv; charset=utf-8; header=present")
	s.get("/numbers?from=1&to=3", `Accept: text/csv;x="a,b"`).want(200).wantHeader("Content-Type", "text/csv; charset=utf-8; header=present")
	if p := s.get("/values/1000/digits", "Range: bytes=0-1", "Range: bytes=5-6").problem(416); p.Errors[0].Location != "header.Range" {
		t.Errorf("two ranges: %+v", p)
	}
	s.submit(`{"index": 1}`, "Idempotency-Key: a", "Idempotency-Key: b").want(202)
	s.submit(`{"index": 2}`, "Idempotency-Key: a").want(202) // another key
}

func TestSubmit_AcceptsAByteOrderMark(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	if seen := decode[httpapi.Submitted](s.submit("\ufeff" + `{"index": 7}`).want(202)); seen.Index != 7 {
		t.Errorf("recorded: %+v", seen)
	}
	p := s.submit("\xff\xfe{\x00\"\x00").problem(400)
	if !strings.Contains(p.Detail, "UTF-8") {
		t.Errorf("UTF-16: %s", p.Detail)
	}
}

func TestBadInput_EncodedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	p := s.submit(`{"index": 1}`, "Content-Encoding: gzip").problem(415)
	if p.Errors[0].Location != "header.Content-Encoding" {
		t.Errorf("gzip: %+v", p)
	}
	s.submit(`{"index": 1}`, "Content-Encoding: identity").want(202)
	s.wantAlive()
}

func TestResponse_IsJSONWhateverAcceptSays(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	healthy := func(context.Context) core.Health { return core.Health{} }
	alone := &testServer{t: t, url: serve(t, httpapi.NewHealth(healthy, quiet))}
	for _, accept := range []string{"a;,", "a;b, c", ";", "json", "application/cbor", "text/html;q=x,*/*;q=", "application/json;q=0"} {
		s.get("/indices", "Accept: "+accept).want(200).wantHeader("Content-Type", "application/json")
		s.get("/values/5", "Accept: "+accept).problem(404)
		alone.get("/readyz", "Accept: "+accept).want(200).wantHeader("Content-Type", "application/json")
	}
}

// wantAlive checks that the server still works.
func (s *testServer) wantAlive() {
	s.t.Helper()
	s.get("/healthz").want(200)
	s.submit(`{"index": 10}`).want(202)
	s.startWorker()
	if v := decode[httpapi.ValueState](s.get("/values/10", "Prefer: wait=30").want(200)); v.Value != "55" {
		s.t.Errorf("F(10) is %+v after the bad requests", v)
	}
}
