package frontdoor

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func cached(a pisano.Answer) string { return a.Header.Get("X-Cache-Status") }

// awaitCached sends requests until the answer comes from the cache, which is filled after the first answer.
func (p *proxy) awaitCached(target string, fields ...string) {
	p.t.Helper()
	testkit.Eventually(p.t, target, func() error {
		if a := p.Get(target, fields...); cached(a) != "HIT" {
			return fmt.Errorf("%d, %s", a.StatusCode, cached(a))
		}
		return nil
	})
}

func TestCache_ServesValuesWithTheAPIStopped(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	api.calculated(10, -8, 1000)
	server := serve(t, api)
	proxy := startProxy(t, "--env", "API_UPSTREAM="+server.address)
	targets := []string{"/api/values/10", "/api/values/-8", "/api/values/1000", "/api/values/1000/digits", "/api/values/10/digits?download=1"}
	first := make(map[string]pisano.Answer)
	for _, target := range targets {
		first[target] = proxy.Get(target)
		if a := first[target]; a.StatusCode != http.StatusOK || cached(a) != "MISS" {
			t.Fatalf("%s: %d, %s", target, a.StatusCode, cached(a))
		}
		proxy.awaitCached(target)
	}
	server.Close()
	for _, target := range targets {
		before, a := first[target], proxy.Get(target, "X-Request-Id: now")
		if a.StatusCode != http.StatusOK || cached(a) != "HIT" || a.Text != before.Text || a.Text == "" {
			t.Errorf("%s: %d, %s, %q", target, a.StatusCode, cached(a), a.Text)
		}
		for _, name := range []string{"ETag", "Cache-Control", "Content-Type", "Content-Disposition"} {
			if a.Header.Get(name) != before.Header.Get(name) {
				t.Errorf("%s: %s was %q and is %q", target, name, before.Header.Get(name), a.Header.Get(name))
			}
		}
		if id := a.Header.Values("X-Request-Id"); len(id) != 1 || id[0] != "now" {
			t.Errorf("%s: the identifier of another request: %q", target, id)
		}
		if head := proxy.Send(http.MethodHead, target, ""); head.StatusCode != http.StatusOK || cached(head) != "HIT" || head.ContentLength != int64(len(a.Text)) {
			t.Errorf("HEAD %s: %d, %s, %d bytes", target, head.StatusCode, cached(head), head.ContentLength)
		}
		if a := proxy.Get(target, "If-None-Match: "+before.Header.Get("ETag")); a.StatusCode != http.StatusNotModified || a.Text != "" {
			t.Errorf("%s, if it has changed: %d", target, a.StatusCode)
		}
		if a := proxy.Get(target, `If-None-Match: "other"`); a.StatusCode != http.StatusOK {
			t.Errorf("%s, if it is another: %d", target, a.StatusCode)
		}
	}
	// An unknown parameter makes no other value; the download has an entry of its own.
	for target, hit := range map[string]bool{
		"/api/values/10?x=1": true, "/api/values/%31%30": true, "/api/values/1000/digits?x=1": true, "/api/values/10/digits?x=1&download=1": true,
		"/api/values/10/digits": false, "/api/values/1000/digits?download=1": false, "/api/values/11": false, "/api/values/+10": false, "/api/values/010": false,
	} {
		if a := proxy.Get(target); (a.StatusCode == http.StatusOK && cached(a) == "HIT") != hit {
			t.Errorf("%s: %d, %s", target, a.StatusCode, cached(a))
		}
	}
}

func TestCache_KeepsOnlyWhatNeverChanges(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	api.calculated(20, 30)
	proxy := startProxy(t, "--env", "API_UPSTREAM="+serve(t, api).address)
	for _, row := range []struct {
		target string
		fields []string
		status int
	}{
		{"/api/values/77", nil, http.StatusNotFound}, // not submitted yet
		{"/api/values/77", []string{"Prefer: wait=0"}, http.StatusNotFound},
		{"/api/values/77/digits", nil, http.StatusNotFound},
		{"/api/values/10x", nil, http.StatusUnprocessableEntity},
		{"/api/values/007", nil, http.StatusUnprocessableEntity},
		{"/api/values/20/digits?download=perhaps", nil, http.StatusUnprocessableEntity},
		{"/api/values", nil, http.StatusOK},
		{"/api/indices", nil, http.StatusOK},
		{"/api/status", nil, http.StatusOK},
		{"/api/healthz", nil, http.StatusOK},
		{"/api/values/20", []string{"Prefer: wait=1"}, http.StatusOK}, // has Preference-Applied
	} {
		for range 2 {
			api.takeRequests()
			a := proxy.Get(row.target, row.fields...)
			if a.StatusCode != row.status || cached(a) == "HIT" || len(api.takeRequests()) != 1 {
				t.Errorf("%s %v: %d, %s", row.target, row.fields, a.StatusCode, cached(a))
			}
		}
	}
	// Once calculated it is served, and from then on from the cache, also to requests that would wait for it.
	api.calculated(77)
	if a := proxy.Get("/api/values/77"); a.StatusCode != http.StatusOK || !strings.Contains(a.Text, `"value":"5527939700884757"`) || cached(a) != "MISS" {
		t.Errorf("%d, %s, %s", a.StatusCode, cached(a), a.Text)
	}
	proxy.awaitCached("/api/values/77")
	if a := proxy.Get("/api/values/77", "Prefer: wait=20"); cached(a) != "HIT" || a.Header.Get("Preference-Applied") != "" {
		t.Errorf("with a preference to wait: %s, %v", cached(a), a.Header)
	}
	if a := proxy.Send(http.MethodPost, "/api/values/77", "{}"); a.StatusCode != http.StatusMethodNotAllowed || cached(a) == "HIT" {
		t.Errorf("POST: %d, %s", a.StatusCode, cached(a))
	}
}

func TestCache_KeepsDigitsInSlices(t *testing.T) {
	t.Parallel()
	const n, count = 12_000_000, 2_507_852 // digits, in three slices
	api := newAPI(t)
	api.calculated(n, 300)
	all, err := api.service.Digits(t.Context(), "a reader", n, 0, count)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(all)
	last := len(whole) - 1
	server := serve(t, api)
	proxy := startProxy(t, "--env", "API_UPSTREAM="+server.address)
	target := fmt.Sprintf("/api/values/%d/digits", n)

	api.takeRequests()
	ranges := func(step string) {
		t.Helper()
		for given, want := range map[string][2]int{
			"0-99": {0, 99}, "0-0": {0, 0}, "1048570-1048580": {1048570, 1048580}, "1000000-2200000": {1000000, 2200000},
			"2500000-": {2500000, last}, "-100": {last - 99, last}, fmt.Sprintf("%d-99999999", last): {last, last},
		} {
			a := proxy.Get(target, "Range: bytes="+given, "Accept-Encoding: gzip")
			from, to := want[0], want[1]
			if a.StatusCode != http.StatusPartialContent || a.Text != whole[from:to+1] || a.Header.Get("Content-Encoding") != "" ||
				a.Header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", from, to, len(whole)) {
				t.Errorf("%s, %s: %d, %s, %d bytes", step, given, a.StatusCode, a.Header.Get("Content-Range"), len(a.Text))
			}
		}
	}
	if a := proxy.Get(target, "Range: bytes=2200000-2200009"); a.Text != whole[2200000:2200010] {
		t.Errorf("ten digits: %d, %q", a.StatusCode, a.Text)
	}
	if requests := api.takeRequests(); !slices.Equal(requests, []string{"GET /values/12000000/digits bytes=2097152-3145727"}) {
		t.Errorf("for ten digits the API got %q", requests)
	}
	ranges("first")
	for _, piece := range []string{"0-0", "1048576-1048576", "2097152-2097152"} {
		proxy.awaitCached(target, "Range: bytes="+piece)
	}
	server.Close()
	ranges("with the API stopped")

	a := proxy.Get(target)
	if a.StatusCode != http.StatusOK || a.Text != whole || a.ContentLength != int64(len(whole)) || a.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("all digits: %d, %d of %d bytes, %v", a.StatusCode, len(a.Text), len(whole), a.Header)
	}
	tag := a.Header.Get("ETag")
	if a := proxy.Get(target, "Range: bytes=5-9", "If-Range: "+tag); a.StatusCode != http.StatusPartialContent || a.Text != whole[5:10] {
		t.Errorf("a resumed download: %d, %q", a.StatusCode, a.Text[:min(len(a.Text), 20)])
	}
	if a := proxy.Get(target, "Range: bytes=5-9", `If-Range: "other"`); a.StatusCode != http.StatusOK || a.Text != whole {
		t.Errorf("a download of something else: %d, %d bytes", a.StatusCode, len(a.Text))
	}
	if a := proxy.Get(target, "If-Match: "+tag); a.StatusCode != http.StatusOK {
		t.Errorf("the digits that are known: %d", a.StatusCode)
	}
	if p := proxy.Get(target, `If-Match: "other"`).Problem(http.StatusPreconditionFailed); p.Kind != "invalid" || p.Errors[0].Location != "header.If-Match" {
		t.Errorf("other digits: %+v", p)
	}
	if head := proxy.Send(http.MethodHead, target, ""); head.StatusCode != http.StatusOK || head.ContentLength != int64(len(whole)) || cached(head) != "HIT" {
		t.Errorf("HEAD: %d, %d bytes, %s", head.StatusCode, head.ContentLength, cached(head))
	}
	// Compressed digits would have no length, and an interrupted download could not be resumed.
	if a := proxy.Get(target, "Accept-Encoding: gzip"); a.Header.Get("Content-Encoding") != "" || a.Text != whole ||
		a.ContentLength != int64(len(whole)) || a.Header.Get("ETag") != tag || a.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("for those who take gzip: %v, %d bytes", a.Header, len(a.Text))
	}
}

func TestDigits_OutOfRangeAreAProblem(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	api.calculated(core.Index(300)) // 63 digits
	server := serve(t, api)
	proxy := startProxy(t, "--env", "API_UPSTREAM="+server.address)
	check := func(step string) {
		t.Helper()
		for _, given := range []string{"63-", "100-200", "-0"} {
			a := proxy.Get("/api/values/300/digits", "Range: bytes="+given)
			if p := a.Problem(http.StatusRequestedRangeNotSatisfiable); p.Kind != "invalid" || len(p.Errors) != 1 || p.Errors[0].Location != "header.Range" {
				t.Errorf("%s, %s: %+v", step, given, p)
			}
			if a.Header.Get("Content-Range") != "bytes */63" || !strings.Contains(strings.Join(a.Header.Values("Cache-Control"), ","), "no-store") ||
				len(a.Header.Values("X-Content-Type-Options")) != 1 || len(a.Header.Values("X-Request-Id")) != 1 {
				t.Errorf("%s, %s: %v", step, given, a.Header)
			}
		}
	}
	check("not cached")
	if a := proxy.Get("/api/values/300/digits"); a.StatusCode != http.StatusOK || len(a.Text) != 63 {
		t.Errorf("%d, %q", a.StatusCode, a.Text)
	}
	proxy.awaitCached("/api/values/300/digits")
	server.Close()
	check("cached")
}
