package frontdoor_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/preview"
	"github.com/pisano-dev/pisano/cmd/internal/frontdoor"
)

const (
	pageText = "<!doctype html><title>Pisano</title>"
	noCache  = "no-cache"
)

var page = fstest.MapFS{
	"index.html":           {Data: []byte(pageText)},
	"favicon.svg":          {Data: []byte("<svg/>")},
	"assets/index-B4d.js":  {Data: []byte("start()")},
	"assets/index-A3c.css": {Data: []byte("body{}")},
}

// api answers with the method and address of the request in X-Api.
var api = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Api", r.Method+" "+r.URL.RequestURI())
	w.WriteHeader(http.StatusTeapot)
})

var previews = preview.New(slog.New(slog.DiscardHandler))

func request(t *testing.T, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	return requestFrom(t, frontdoor.New(api, previews, page), method, target)
}

func requestFrom(t *testing.T, door http.Handler, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	door.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, nil))
	return w
}

func TestPage_IsServedAtItsAddressesAndRevalidated(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/", "/index.html", "/otherpage", "/values/10", "/values/-8", "/pisano", "/pisano/10", "/table?from=0&to=100", "/otherpage/", "/otherpage?x=1.js"} {
		r := request(t, http.MethodGet, target)
		if body := r.Body.String(); r.Code != http.StatusOK || body != pageText {
			t.Errorf("%s: %d, %q", target, r.Code, body)
		}
		if kind, cache := r.Header().Get("Content-Type"), r.Header().Get("Cache-Control"); kind != "text/html; charset=utf-8" || cache != noCache {
			t.Errorf("%s: %s, %s", target, kind, cache)
		}
	}
}

func TestPage_AnswersUnknownAddressesWithStatus404(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/no/such", "/nowhere", "/values", "/values/", "/values/1/2", "/Explore", "/explore/more", "/apifoo"} {
		r := request(t, http.MethodGet, target)
		if body := r.Body.String(); r.Code != http.StatusNotFound || body != pageText {
			t.Errorf("%s: %d, %q", target, r.Code, body)
		}
		if cache := r.Header().Get("Cache-Control"); cache != noCache {
			t.Errorf("%s: cached %q", target, cache)
		}
	}
}

func TestAssets_AreCachedForeverAndOtherFilesAreNot(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]struct{ kind, cache, body string }{
		"/assets/index-B4d.js":  {"text/javascript; charset=utf-8", immutable, "start()"},
		"/assets/index-A3c.css": {"text/css; charset=utf-8", immutable, "body{}"},
		"/favicon.svg":          {"image/svg+xml", "", "<svg/>"},
	} {
		r := request(t, http.MethodGet, target)
		if body := r.Body.String(); r.Code != http.StatusOK || body != want.body {
			t.Errorf("%s: %d, %q", target, r.Code, body)
		}
		if kind, cache := r.Header().Get("Content-Type"), r.Header().Get("Cache-Control"); kind != want.kind || cache != want.cache {
			t.Errorf("%s: %s, cached %q", target, kind, cache)
		}
	}
}

// An old page that requests a script which no longer exists must not receive the
// new page in its place, nor cache the answer.
func TestAssets_MissingOnesAreNotAnsweredWithThePage(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/assets/index-old.js", "/assets/", "/assets/index-old", "/favicon.ico", "/values/app.js", "/assets/index-B4d.js/x.js"} {
		r := request(t, http.MethodGet, target)
		if body := r.Body.String(); r.Code != http.StatusNotFound || strings.Contains(body, "<title>") {
			t.Errorf("%s: %d, %q", target, r.Code, body)
		}
		if cache := r.Header().Get("Cache-Control"); cache != "" {
			t.Errorf("%s: cached %q", target, cache)
		}
	}
}

func TestAPI_IsServedBelowItsPrefixOnly(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/api":                        "/api",
		"/api//values":                "/api//values",
		"/api/":                       "/api/",
		"/api/indices":                "/api/indices",
		"/api/values/10/digits?a=b":   "/api/values/10/digits?a=b",
		"/api/values/%2B5":            "/api/values/%2B5",
		"/healthz":                    "/healthz",
		"/readyz":                     "/readyz",
		"/api/healthz":                "/api/healthz",
		"/apifoo":                     "",
		"/apifoo/indices":             "",
		"/API/indices":                "",
		"/indices":                    "",
		"/healthz/more":               "",
		"/otherpage?next=/api/values": "",
	} {
		r := request(t, http.MethodGet, target)
		if got := r.Header().Get("X-Api"); got != strings.TrimSuffix("GET "+want, "GET ") {
			t.Errorf("%s reached the API as %q, want %q", target, got, want)
		}
		if want == "" && r.Body.String() != pageText {
			t.Errorf("%s is not the page: %d", target, r.Code)
		}
	}
	if got := request(t, http.MethodPost, "/api/indices").Header().Get("X-Api"); got != "POST /api/indices" {
		t.Errorf("a submission reached the API as %q", got)
	}
}

func TestPage_LoadsOnlyItsOwnFiles(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/", "/otherpage", "/assets/index-B4d.js", "/missing.js"} {
		header := request(t, http.MethodGet, target).Header()
		policy := make(map[string][]string)
		for directive := range strings.SplitSeq(header.Get("Content-Security-Policy"), ";") {
			words := strings.Fields(directive)
			policy[words[0]] = words[1:]
		}
		for name, want := range map[string]string{
			"default-src": "'self'", "script-src": "'self'", "connect-src": "'self'",
			"object-src": "'none'", "base-uri": "'self'", "frame-ancestors": "'none'",
		} {
			if got := strings.Join(policy[name], " "); got != want {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", target, header)
		}
	}
}

func TestPage_IsReadOnly(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		for _, target := range []string{"/", "/otherpage", "/assets/index-B4d.js", "/healthz"} {
			r := request(t, method, target)
			if r.Code != http.StatusMethodNotAllowed || r.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, Allow: %s", method, target, r.Code, r.Header().Get("Allow"))
			}
		}
	}
	if r := request(t, http.MethodHead, "/"); r.Code != http.StatusOK {
		t.Errorf("HEAD /: %d", r.Code)
	}
}

func TestPage_MissingFromTheProgramSaysHowToBuildIt(t *testing.T) {
	t.Parallel()
	door := frontdoor.New(api, previews, fstest.MapFS{".keep": {}})
	r := requestFrom(t, door, http.MethodGet, "/")
	if body := r.Body.String(); r.Code != http.StatusNotFound || !strings.Contains(body, "make build") {
		t.Errorf("/: %d, %q", r.Code, body)
	}
	if r := requestFrom(t, door, http.MethodGet, "/api/indices"); r.Header().Get("X-Api") != "GET /api/indices" {
		t.Errorf("/api/indices: %d", r.Code)
	}
}

func TestPage_PathsOutsideItReachNoFile(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2fsecret.txt", "/..%5csecret.txt", "/%00.js"} {
		r := request(t, http.MethodGet, target)
		if r.Code == http.StatusOK {
			t.Errorf("%s: %q", target, r.Body.String())
		}
	}
}

func TestDocs_HaveTheSecurityPolicyOfThePage(t *testing.T) {
	t.Parallel()
	door := frontdoor.New(httpapi.New(nil, httpapi.Software{}, httpapi.Options{}, slog.New(slog.DiscardHandler)), previews, page)
	policy := requestFrom(t, door, http.MethodGet, "/").Header().Get("Content-Security-Policy")
	docs := requestFrom(t, door, http.MethodGet, "/api/docs")
	if docs.Code != http.StatusOK || policy == "" || docs.Header().Get("Content-Security-Policy") != policy {
		t.Errorf("docs: %d with the policy %q, the page's is %q", docs.Code, docs.Header().Get("Content-Security-Policy"), policy)
	}
}
