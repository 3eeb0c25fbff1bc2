package frontdoor_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pisano-dev/pisano/cmd/internal/frontdoor"
)

const (
	script    = "/assets/index-B4d.js"
	immutable = "public, max-age=31536000, immutable"
)

// compressedPage has a script in all encodings, a style sheet in one, and a file
// whose name only looks like that of a compressed one.
var compressedPage = fstest.MapFS{
	"index.html":              {Data: []byte("<!doctype html>" + strings.Repeat("<p>Pisano", 1000))},
	"assets/index-B4d.js":     {Data: []byte("start(); // as it is")},
	"assets/index-B4d.js.br":  {Data: []byte("start(), brotli")},
	"assets/index-B4d.js.gz":  {Data: []byte("start(), gzip")},
	"assets/index-A3c.css":    {Data: []byte("body{}, as it is")},
	"assets/index-A3c.css.gz": {Data: []byte("body{}, gzip")},
	"assets/font.woff2":       {Data: []byte("wOF2")},
	"data.gz":                 {Data: []byte("an archive")},
}

// ask sends a request with header fields such as "Range: bytes=0-1".
func ask(t *testing.T, method, target string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	frontdoor.New(api, previews, compressedPage).ServeHTTP(w, r)
	return w
}

func TestAssets_ComeInTheEncodingThatTheClientLikesBest(t *testing.T) {
	t.Parallel()
	for accepted, want := range map[string]string{
		"": "", "gzip, deflate, br, zstd": "br", "gzip": "gzip", "br": "br", "BR": "br", "deflate, zstd": "", "identity": "",
		"br;q=0": "", "br;q=0, gzip": "gzip", "gzip;q=0, br;q=0.000": "", "br;q=0.5, gzip;q=0.8": "gzip", "br;q=0.5,gzip;q=0.5": "br",
		" gzip ; q=0.2 , br ; q=0.1 ": "gzip", "*": "br", "*;q=0": "", "br;q=0, *": "gzip", "gzip, *;q=0": "gzip", "*;q=0.5, gzip": "gzip",
		"br;q=0.5, identity": "", "br, identity;q=0": "br", "identity;q=0": "", "br;q=x": "", "br;q=NaN, gzip;q=0.1": "gzip", ";,;": "", "bro, xbr, gzipped": "",
	} {
		r := ask(t, http.MethodGet, script, "Accept-Encoding: "+accepted)
		body := map[string]string{"": "start(); // as it is", "br": "start(), brotli", "gzip": "start(), gzip"}[want]
		if r.Code != http.StatusOK || r.Header().Get("Content-Encoding") != want || r.Body.String() != body {
			t.Errorf("%q: %d, %q, %v", accepted, r.Code, r.Body.String(), r.Header())
		}
		for name, want := range map[string]string{
			"Content-Type": "text/javascript; charset=utf-8", "Vary": "Accept-Encoding", "Cache-Control": immutable, "Content-Length": strconv.Itoa(len(body)),
		} {
			if got := strings.Join(r.Header().Values(name), " | "); got != want {
				t.Errorf("%q: %s is %q, want %q", accepted, name, got, want)
			}
		}
	}
	// The field may be absent, or there several times.
	if r := ask(t, http.MethodGet, script); r.Header().Get("Content-Encoding") != "" || r.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("without Accept-Encoding: %v", r.Header())
	}
	if r := ask(t, http.MethodGet, script, "Accept-Encoding: deflate", "Accept-Encoding: gzip"); r.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("with two fields: %v", r.Header())
	}
	// Not every file is there in every encoding.
	if r := ask(t, http.MethodGet, "/assets/index-A3c.css", "Accept-Encoding: br, gzip;q=0.1"); r.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("a style sheet without Brotli: %v", r.Header())
	}
	if r := ask(t, http.MethodGet, "/assets/font.woff2", "Accept-Encoding: br, gzip"); r.Header().Get("Content-Encoding") != "" || r.Header().Get("Vary") != "" ||
		r.Header().Get("Content-Type") != "font/woff2" {
		t.Errorf("a font: %v", r.Header())
	}
}

func TestAssets_CompressedHaveNoAddressesOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, target := range []string{script + ".br", script + ".gz", script + ".br/", script + ".br.gz", "/assets/index-A3c.css.br", "/index.html.br"} {
		r := ask(t, http.MethodGet, target, "Accept-Encoding: br, gzip")
		if r.Code != http.StatusNotFound || r.Header().Get("Cache-Control") != "" || r.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: %d, %v", target, r.Code, r.Header())
		}
	}
	if r := ask(t, http.MethodGet, "/data.gz", "Accept-Encoding: gzip"); r.Code != http.StatusOK || r.Body.String() != "an archive" || r.Header().Get("Content-Encoding") != "" {
		t.Errorf("an archive: %d, %v", r.Code, r.Header())
	}
}

func TestAssets_AreRevalidatedAndReadInPartsByEncoding(t *testing.T) {
	t.Parallel()
	etags := make(map[string]string)
	for accepted, whole := range map[string]string{"identity": "start(); // as it is", "br": "start(), brotli", "gzip": "start(), gzip"} {
		field := "Accept-Encoding: " + accepted
		etag := ask(t, http.MethodGet, script, field).Header().Get("ETag")
		if other := etags[etag]; other != "" || !strings.HasPrefix(etag, `"`) {
			t.Errorf("%s has the ETag %s, as has %q", accepted, etag, other)
		}
		etags[etag] = accepted

		if r := ask(t, http.MethodGet, script, field, "If-None-Match: "+etag); r.Code != http.StatusNotModified || r.Body.Len() > 0 ||
			r.Header().Get("Vary") != "Accept-Encoding" || r.Header().Get("Cache-Control") != immutable || r.Header().Get("ETag") != etag {
			t.Errorf("%s, not modified: %d, %v", accepted, r.Code, r.Header())
		}
		if r := ask(t, http.MethodGet, script, "Accept-Encoding: deflate", "If-None-Match: "+etag); (r.Code == http.StatusNotModified) != (accepted == "identity") {
			t.Errorf("%s, in another encoding: %d", accepted, r.Code)
		}
		if r := ask(t, http.MethodGet, script, field, `If-Match: "another"`); r.Code != http.StatusPreconditionFailed || r.Header().Get("Content-Length") != "" {
			t.Errorf("%s, if it is another: %d, %v", accepted, r.Code, r.Header())
		}

		part := ask(t, http.MethodGet, script, field, "Range: bytes=8-10", "If-Range: "+etag)
		if part.Code != http.StatusPartialContent || part.Body.String() != whole[8:11] || part.Header().Get("Content-Length") != "3" ||
			part.Header().Get("Content-Range") != "bytes 8-10/"+strconv.Itoa(len(whole)) || part.Header().Get("ETag") != etag {
			t.Errorf("%s, in part: %d, %q, %v", accepted, part.Code, part.Body.String(), part.Header())
		}
		if r := ask(t, http.MethodGet, script, field, "Range: bytes=8-10", `If-Range: "another"`); r.Code != http.StatusOK || r.Body.String() != whole {
			t.Errorf("%s, in part, of another: %d, %q", accepted, r.Code, r.Body.String())
		}
		if r := ask(t, http.MethodGet, script, field, "Range: bytes=100-"); r.Code != http.StatusRequestedRangeNotSatisfiable ||
			r.Header().Get("Content-Encoding") != "" || r.Header().Get("Cache-Control") != "" {
			t.Errorf("%s, beyond its end: %d, %v", accepted, r.Code, r.Header())
		}

		if r := ask(t, http.MethodHead, script, field); r.Code != http.StatusOK || r.Body.Len() > 0 ||
			r.Header().Get("Content-Length") != strconv.Itoa(len(whole)) || r.Header().Get("ETag") != etag {
			t.Errorf("HEAD, %s: %d, %v", accepted, r.Code, r.Header())
		}
	}
}

func TestPage_IsCompressedIfTheClientAcceptsIt(t *testing.T) {
	t.Parallel()
	for target, status := range map[string]int{"/": http.StatusOK, "/nowhere": http.StatusNotFound} {
		plain := ask(t, http.MethodGet, target)
		r := ask(t, http.MethodGet, target, "Accept-Encoding: gzip, br")
		if r.Code != status || r.Header().Get("Content-Encoding") != "gzip" || r.Header().Get("Vary") != "Accept-Encoding" || r.Header().Get("Cache-Control") != noCache {
			t.Fatalf("%s: %d, %v", target, r.Code, r.Header())
		}
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(unpacked); err != nil || string(body) != plain.Body.String() || plain.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: %d bytes, %v", target, len(body), err)
		}
	}
}
