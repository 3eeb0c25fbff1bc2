package httpapi_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

// compressingProxies are proxies that compress responses. Each wraps a handler
// that forwards requests.
var compressingProxies = map[string]func(http.Handler) http.Handler{
	// As Caddy, Apache and Express do: it honours no-transform, and buffers everything else.
	"honours no-transform": func(pass http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			pass.ServeHTTP(&compressor{ResponseWriter: w}, r)
		})
	},
	"a library": func(pass http.Handler) http.Handler { return gzhttp.GzipHandler(pass) },
}

// compressor compresses a response unless no-transform forbids it. It does not
// flush the compressed data.
type compressor struct {
	http.ResponseWriter
	gzip *gzip.Writer
}

func (c *compressor) WriteHeader(status int) {
	if !strings.Contains(c.Header().Get("Cache-Control"), "no-transform") {
		c.Header().Set("Content-Encoding", "gzip")
		c.Header().Del("Content-Length")
		c.gzip = gzip.NewWriter(c.ResponseWriter)
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *compressor) Write(p []byte) (int, error) {
	if c.gzip != nil {
		return c.gzip.Write(p)
	}
	return c.ResponseWriter.Write(p)
}

func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// behind starts a proxy in front of the server and returns its URL.
func (s *testServer) behind(proxy func(http.Handler) http.Handler) string {
	s.t.Helper()
	target, err := url.Parse(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	return serve(s.t, proxy(httputil.NewSingleHostReverseProxy(target)))
}

func TestEvents_ArriveAtOnceBehindAProxyThatCompresses(t *testing.T) {
	t.Parallel()
	for name, proxy := range compressingProxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, nil)
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			request := s.request(http.MethodGet, "/events", "", "Accept-Encoding: gzip").WithContext(ctx)
			behind, err := url.Parse(s.behind(proxy))
			if err != nil {
				t.Fatal(err)
			}
			request.URL.Host = behind.Host
			response, err := transport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			var stream io.Reader = response.Body
			if response.Header.Get("Content-Encoding") == "gzip" {
				if stream, err = gzip.NewReader(response.Body); err != nil {
					t.Fatal(err)
				}
			}
			lines := bufio.NewScanner(stream)
			s.submit(`{"index": 5}`).want(202)
			began := time.Now()
			for lines.Scan() && lines.Text() != "event: seen" {
			}
			if lines.Text() != "event: seen" {
				t.Fatalf("the stream ended without the event: %v", lines.Err())
			}
			t.Logf("the event arrived after %v", time.Since(began).Round(time.Millisecond))
		})
	}
}

func TestDigits_KeepLengthRangesAndETagBehindAProxyThatCompresses(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(10_000)
	direct := s.get("/values/10000/digits").want(200)
	s.url = s.behind(compressingProxies["honours no-transform"])
	a := s.get("/values/10000/digits", "Accept-Encoding: gzip").want(200)
	a.wantHeader("Content-Encoding", "").wantHeader("Content-Length", "2090").wantHeader("ETag", direct.Header.Get("ETag"))
	if a.text != direct.text {
		t.Error("the digits are wrong")
	}
	part := s.get("/values/10000/digits", "Accept-Encoding: gzip", "Range: bytes=100-199", "If-Range: "+a.Header.Get("ETag")).want(206)
	if part.wantHeader("Content-Encoding", "").text != direct.text[100:200] {
		t.Errorf("the range is %q", part.text)
	}
}

func TestRanges_AreNotBufferedByAProxyThatCompresses(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	const path = "/numbers?from=0&to=1000"
	direct := s.get(path).want(200)
	s.url = s.behind(compressingProxies["honours no-transform"])
	if a := s.get(path, "Accept-Encoding: gzip").want(200).wantHeader("Content-Encoding", ""); a.text != direct.text {
		t.Error("the numbers are wrong")
	}
}
