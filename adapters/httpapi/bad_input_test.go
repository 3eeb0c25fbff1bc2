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
	w := newWorld(t, nil)
	for _, bad := range badBodies {
		p := w.submit(bad.body).problem(bad.status)
		if len(p.Errors) == 0 || p.Errors[0].Location != bad.location || p.Errors[0].Message == "" {
			t.Errorf("%s: want a problem that names %q, got %+v", bad.name, bad.location, p)
		}
		if len(p.Errors) > 20 || p.Kind == "internal" {
			t.Errorf("%s: %d errors, of kind %s", bad.name, len(p.Errors), p.Kind)
		}
	}
	w.wantAlive()
}

func TestBadInput_IndexOverTheLimitIsRefusedWithItsEstimate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, n := range []int64{1_000_001, -1_000_001, 9007199254740991} {
		p := w.submit(fmt.Sprintf(`{"index": %d}`, n)).problem(422)
		if p.Kind != "tooLarge" || p.Errors[0].Location != "body.index" || !strings.Contains(p.Detail, "1000000") {
			t.Errorf("%d: %+v", n, p)
		}
		if p.Estimate == nil || p.Estimate.Digits < 208_988 || p.Estimate.Bytes <= p.Estimate.Digits/4 || p.Estimate.Seconds < 0 {
			t.Errorf("the estimate of %d is %+v", n, p.Estimate)
		}
	}
	w.submit(`{"index": 1000000}`).want(202)
	w.wantAlive()
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
	w := newWorld(t, nil)
	for _, bad := range badRequests {
		var header []string
		if bad.header != "" {
			header = []string{bad.header}
		}
		a := w.ask(bad.method, bad.target, "", header...)
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
	w.ask(http.MethodPut, "/indices", "").wantHeader("Allow", "GET, HEAD, POST")
	w.wantAlive()
}

func TestSubmit_AcceptsAByteOrderMark(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	if seen := decode[httpapi.SeenIndex](w.submit("\ufeff" + `{"index": 7}`).want(202)); seen.Index != 7 {
		t.Errorf("recorded: %+v", seen)
	}
	p := w.submit("\xff\xfe{\x00\"\x00").problem(400)
	if !strings.Contains(p.Detail, "UTF-8") {
		t.Errorf("UTF-16: %s", p.Detail)
	}
}

func TestBadInput_EncodedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.submit(`{"index": 1}`, "Content-Encoding: gzip").problem(415)
	if p.Errors[0].Location != "header.Content-Encoding" {
		t.Errorf("gzip: %+v", p)
	}
	w.submit(`{"index": 1}`, "Content-Encoding: identity").want(202)
	w.wantAlive()
}

func TestResponse_IsJSONWhateverAcceptSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	healthy := func(context.Context) core.Health { return core.Health{} }
	alone := &world{t: t, url: serve(t, httpapi.NewHealth(healthy, quiet))}
	for _, accept := range []string{"a;,", "a;b, c", ";", "json", "application/cbor", "text/html;q=x,*/*;q=", "application/json;q=0"} {
		w.get("/indices", "Accept: "+accept).want(200).wantHeader("Content-Type", "application/json")
		w.get("/values/5", "Accept: "+accept).problem(404)
		alone.get("/readyz", "Accept: "+accept).want(200).wantHeader("Content-Type", "application/json")
	}
}

// wantAlive checks that the server still works.
func (w *world) wantAlive() {
	w.t.Helper()
	w.get("/healthz").want(200)
	w.submit(`{"index": 10}`).want(202)
	w.startWorker()
	if v := decode[httpapi.ValueState](w.get("/values/10", "Prefer: wait=30").want(200)); v.Value != "55" {
		w.t.Errorf("F(10) is %+v after the bad requests", v)
	}
}
