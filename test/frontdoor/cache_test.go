package frontdoor

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

func (a answer) cached() string { return a.Header.Get("X-Cache-Status") }

// awaitCached asks until the answer comes from the cache: the first has come before it is there.
func (d *door) awaitCached(target string, fields ...string) {
	d.t.Helper()
	docker.Eventually(d.t, target, func() error {
		if a := d.get(target, fields...); a.cached() != "HIT" {
			return fmt.Errorf("%d, %s", a.StatusCode, a.cached())
		}
		return nil
	})
}

func TestValuesAreServedFromTheCacheWithTheAPIStopped(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	api.calculated(10, -8, 1000)
	server := serve(t, api)
	d := openDoor(t, "--env", "API_UPSTREAM="+server.seen)
	targets := []string{"/api/values/10", "/api/values/-8", "/api/values/1000", "/api/values/1000/digits", "/api/values/10/digits?download=1"}
	first := make(map[string]answer)
	for _, target := range targets {
		first[target] = d.get(target)
		if a := first[target]; a.StatusCode != http.StatusOK || a.cached() != "MISS" {
			t.Fatalf("%s: %d, %s", target, a.StatusCode, a.cached())
		}
		d.awaitCached(target)
	}
	server.Close()
	for _, target := range targets {
		before, a := first[target], d.get(target, "X-Request-Id: now")
		if a.StatusCode != http.StatusOK || a.cached() != "HIT" || a.text != before.text || a.text == "" {
			t.Errorf("%s: %d, %s, %q", target, a.StatusCode, a.cached(), a.text)
		}
		for _, name := range []string{"ETag", "Cache-Control", "Content-Type", "Content-Disposition"} {
			if a.Header.Get(name) != before.Header.Get(name) {
				t.Errorf("%s: %s was %q and is %q", target, name, before.Header.Get(name), a.Header.Get(name))
			}
		}
		if id := a.Header.Values("X-Request-Id"); len(id) != 1 || id[0] != "now" {
			t.Errorf("%s: the name of another request: %q", target, id)
		}
		if head := d.send(http.MethodHead, target, ""); head.StatusCode != http.StatusOK || head.cached() != "HIT" || head.ContentLength != int64(len(a.text)) {
			t.Errorf("HEAD %s: %d, %s, %d bytes", target, head.StatusCode, head.cached(), head.ContentLength)
		}
		if a := d.get(target, "If-None-Match: "+before.Header.Get("ETag")); a.StatusCode != http.StatusNotModified || a.text != "" {
			t.Errorf("%s, if it has changed: %d", target, a.StatusCode)
		}
		if a := d.get(target, `If-None-Match: "other"`); a.StatusCode != http.StatusOK {
			t.Errorf("%s, if it is another: %d", target, a.StatusCode)
		}
	}
	// A query that means nothing is no other value; the digits for a file are not those for a page.
	for target, hit := range map[string]bool{
		"/api/values/10?x=1": true, "/api/values/%31%30": true, "/api/values/1000/digits?x=1": true, "/api/values/10/digits?x=1&download=1": true,
		"/api/values/10/digits": false, "/api/values/1000/digits?download=1": false, "/api/values/11": false, "/api/values/+10": false, "/api/values/010": false,
	} {
		if a := d.get(target); (a.StatusCode == http.StatusOK && a.cached() == "HIT") != hit {
			t.Errorf("%s: %d, %s", target, a.StatusCode, a.cached())
		}
	}
}

func TestOnlyWhatNeverChangesIsCached(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	api.calculated(20, 30)
	d := openDoor(t, "--env", "API_UPSTREAM="+serve(t, api).seen)
	for _, row := range []struct {
		target string
		fields []string
		status int
	}{
		{"/api/values/77", nil, http.StatusNotFound}, // nobody has submitted it yet
		{"/api/values/77", []string{"Prefer: wait=0"}, http.StatusNotFound},
		{"/api/values/77/digits", nil, http.StatusNotFound},
		{"/api/values/10x", nil, http.StatusUnprocessableEntity},
		{"/api/values/007", nil, http.StatusUnprocessableEntity},
		{"/api/values/20/digits?download=perhaps", nil, http.StatusUnprocessableEntity},
		{"/api/values", nil, http.StatusOK},
		{"/api/indices", nil, http.StatusOK},
		{"/api/status", nil, http.StatusOK},
		{"/api/healthz", nil, http.StatusOK},
		{"/api/values/20", []string{"Prefer: wait=1"}, http.StatusOK}, // says that it waited
	} {
		for range 2 {
			api.takeAsked()
			a := d.get(row.target, row.fields...)
			if a.StatusCode != row.status || a.cached() == "HIT" || len(api.takeAsked()) != 1 {
				t.Errorf("%s %v: %d, %s", row.target, row.fields, a.StatusCode, a.cached())
			}
		}
	}
	// Once it is there, it is served, and from then on cached; also to those who would wait for it.
	api.calculated(77)
	if a := d.get("/api/values/77"); a.StatusCode != http.StatusOK || !strings.Contains(a.text, `"value":"5527939700884757"`) || a.cached() != "MISS" {
		t.Errorf("%d, %s, %s", a.StatusCode, a.cached(), a.text)
	}
	d.awaitCached("/api/values/77")
	if a := d.get("/api/values/77", "Prefer: wait=20"); a.cached() != "HIT" || a.Header.Get("Preference-Applied") != "" {
		t.Errorf("who would wait: %s, %v", a.cached(), a.Header)
	}
	if a := d.send(http.MethodPost, "/api/values/77", "{}"); a.StatusCode != http.StatusMethodNotAllowed || a.cached() == "HIT" {
		t.Errorf("POST: %d, %s", a.StatusCode, a.cached())
	}
}

func TestDigitsAreReadAndCachedByThePiece(t *testing.T) {
	t.Parallel()
	const n, count = 12_000_000, 2_507_852 // digits, in three pieces
	api := newAPI(t)
	api.calculated(n, 300)
	all, err := api.service.Digits(t.Context(), n, 0, count)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(all)
	last := len(whole) - 1
	server := serve(t, api)
	d := openDoor(t, "--env", "API_UPSTREAM="+server.seen)
	target := fmt.Sprintf("/api/values/%d/digits", n)

	api.takeAsked()
	ranges := func(step string) {
		t.Helper()
		for given, want := range map[string][2]int{
			"0-99": {0, 99}, "0-0": {0, 0}, "1048570-1048580": {1048570, 1048580}, "1000000-2200000": {1000000, 2200000},
			"2500000-": {2500000, last}, "-100": {last - 99, last}, fmt.Sprintf("%d-99999999", last): {last, last},
		} {
			a := d.get(target, "Range: bytes="+given, "Accept-Encoding: gzip")
			from, to := want[0], want[1]
			if a.StatusCode != http.StatusPartialContent || a.text != whole[from:to+1] || a.Header.Get("Content-Encoding") != "" ||
				a.Header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", from, to, len(whole)) {
				t.Errorf("%s, %s: %d, %s, %d bytes", step, given, a.StatusCode, a.Header.Get("Content-Range"), len(a.text))
			}
		}
	}
	if a := d.get(target, "Range: bytes=2200000-2200009"); a.text != whole[2200000:2200010] {
		t.Errorf("ten digits: %d, %q", a.StatusCode, a.text)
	}
	if asked := api.takeAsked(); !slices.Equal(asked, []string{"GET /values/12000000/digits bytes=2097152-3145727"}) {
		t.Errorf("for ten digits the API was asked %q", asked)
	}
	ranges("first")
	for _, piece := range []string{"0-0", "1048576-1048576", "2097152-2097152"} {
		d.awaitCached(target, "Range: bytes="+piece)
	}
	server.Close()
	ranges("with the API stopped")

	a := d.get(target)
	if a.StatusCode != http.StatusOK || a.text != whole || a.ContentLength != int64(len(whole)) || a.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("all digits: %d, %d of %d bytes, %v", a.StatusCode, len(a.text), len(whole), a.Header)
	}
	tag := a.Header.Get("ETag")
	if a := d.get(target, "Range: bytes=5-9", "If-Range: "+tag); a.StatusCode != http.StatusPartialContent || a.text != whole[5:10] {
		t.Errorf("a download goes on: %d, %q", a.StatusCode, a.text[:min(len(a.text), 20)])
	}
	if a := d.get(target, "Range: bytes=5-9", `If-Range: "other"`); a.StatusCode != http.StatusOK || a.text != whole {
		t.Errorf("a download of something else: %d, %d bytes", a.StatusCode, len(a.text))
	}
	if a := d.get(target, "If-Match: "+tag); a.StatusCode != http.StatusOK {
		t.Errorf("the digits that are known: %d", a.StatusCode)
	}
	if p := d.get(target, `If-Match: "other"`).problem(http.StatusPreconditionFailed); p.Kind != "invalid" || p.Errors[0].Location != "header.If-Match" {
		t.Errorf("other digits: %+v", p)
	}
	if head := d.send(http.MethodHead, target, ""); head.StatusCode != http.StatusOK || head.ContentLength != int64(len(whole)) || head.cached() != "HIT" {
		t.Errorf("HEAD: %d, %d bytes, %s", head.StatusCode, head.ContentLength, head.cached())
	}
	// Compressed they would have no length, and a download that broke off could not go on.
	if a := d.get(target, "Accept-Encoding: gzip"); a.Header.Get("Content-Encoding") != "" || a.text != whole ||
		a.ContentLength != int64(len(whole)) || a.Header.Get("ETag") != tag || a.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("for those who take gzip: %v, %d bytes", a.Header, len(a.text))
	}
}

func TestDigitsThatAreNotThereAreAProblem(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	api.calculated(core.Index(300)) // 63 digits
	server := serve(t, api)
	d := openDoor(t, "--env", "API_UPSTREAM="+server.seen)
	check := func(step string) {
		t.Helper()
		for _, given := range []string{"63-", "100-200", "-0"} {
			a := d.get("/api/values/300/digits", "Range: bytes="+given)
			if p := a.problem(http.StatusRequestedRangeNotSatisfiable); p.Kind != "invalid" || len(p.Errors) != 1 || p.Errors[0].Location != "header.Range" {
				t.Errorf("%s, %s: %+v", step, given, p)
			}
			if a.Header.Get("Content-Range") != "bytes */63" || !strings.Contains(strings.Join(a.Header.Values("Cache-Control"), ","), "no-store") ||
				len(a.Header.Values("X-Content-Type-Options")) != 1 || len(a.Header.Values("X-Request-Id")) != 1 {
				t.Errorf("%s, %s: %v", step, given, a.Header)
			}
		}
	}
	check("not cached")
	if a := d.get("/api/values/300/digits"); a.StatusCode != http.StatusOK || len(a.text) != 63 {
		t.Errorf("%d, %q", a.StatusCode, a.text)
	}
	d.awaitCached("/api/values/300/digits")
	server.Close()
	check("cached")
}
