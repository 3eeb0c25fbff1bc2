package frontdoor

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// A second proxy in front, which compresses all that it can and otherwise has the defaults of nginx.
const compressingProxy = `cat >/tmp/nginx.conf <<END
daemon off;
pid /tmp/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
  gzip on; gzip_types *; gzip_proxied any; gzip_min_length 1;
  server { listen 8080; location / { proxy_pass http://$BEHIND; $DIRECTIVE } }
}
END
exec nginx -e stderr -c /tmp/nginx.conf`

// startCompressing starts such a proxy, with one more directive.
func startCompressing(t *testing.T, behind, directive string) *proxy {
	t.Helper()
	return runProxy(t, "--env", "BEHIND="+behind, "--env", "DIRECTIVE="+directive, "--entrypoint", "sh", docker.Image("nginx"), "-c", compressingProxy)
}

// behindProxies runs a test with such proxies, each with its directive: before the API itself, which is below / then, and
// before Pisano's proxy.
func behindProxies(t *testing.T, directives []string, test func(t *testing.T, proxy *proxy, api *api, prefix string)) {
	t.Helper()
	for _, directive := range directives {
		for _, prefix := range []string{"", "/api"} {
			t.Run("before "+prefix+"/ with "+directive, func(t *testing.T) {
				t.Parallel()
				api := newAPI(t)
				behind := serve(t, api).address
				if prefix != "" {
					inner := startProxy(t, "--env", "API_UPSTREAM="+behind)
					behind = inner.IP() + ":8080"
				}
				test(t, startCompressing(t, behind, directive), api, prefix)
			})
		}
	}
}

func TestEvents_ArriveAtOnceBehindACompressingProxy(t *testing.T) {
	t.Parallel()
	behindProxies(t, []string{"", "proxy_http_version 1.0;"}, func(t *testing.T, proxy *proxy, api *api, prefix string) {
		connection, stream := proxy.Open(http.MethodGet, prefix+"/events", "Accept: text/event-stream", "Accept-Encoding: gzip")
		if err := connection.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(stream, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = connection.Close() // or closing the body would read it to its end
			_ = response.Body.Close()
		}()
		var body io.Reader = response.Body
		if response.Header.Get("Content-Encoding") == "gzip" {
			if body, err = gzip.NewReader(body); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("Content-Encoding: %q", response.Header.Get("Content-Encoding"))
		lines := bufio.NewScanner(body)
		for n := range core.Index(5) {
			began := time.Now()
			if _, err := api.service.Submit(t.Context(), "a client", n); err != nil {
				t.Fatal(err)
			}
			for want := fmt.Sprintf(`{"index":%d,`, n); ; {
				if !lines.Scan() {
					t.Fatalf("the stream ended before %s: %v", want, lines.Err())
				}
				if strings.Contains(lines.Text(), want) {
					break
				}
			}
			t.Logf("F(%d): %v from its submission to its event", n, time.Since(began).Round(time.Millisecond))
		}
	})
}

func TestDigits_AreReadBehindACompressingProxy(t *testing.T) {
	t.Parallel()
	behindProxies(t, []string{""}, func(t *testing.T, proxy *proxy, api *api, prefix string) {
		api.calculated(10_000)
		all, err := api.service.Digits(t.Context(), "a reader", 10_000, 0, 2090)
		if err != nil {
			t.Fatal(err)
		}
		target := prefix + "/values/10000/digits"
		a := proxy.Get(target, "Accept-Encoding: gzip")
		text := a.Text
		if a.Header.Get("Content-Encoding") == "gzip" {
			text = gunzip(t, text)
		}
		if a.StatusCode != http.StatusOK || text != string(all) {
			t.Errorf("all digits: %d, %v, %d digits", a.StatusCode, a.Header, len(text))
		}
		part := proxy.Get(target, "Accept-Encoding: gzip", "Range: bytes=100-199")
		if part.StatusCode != http.StatusPartialContent || part.Text != string(all[100:200]) || part.Header.Get("Content-Encoding") != "" {
			t.Errorf("a hundred digits: %d, %v, %q", part.StatusCode, part.Header, part.Text)
		}
		if again := proxy.Get(target, "Accept-Encoding: gzip", "If-None-Match: "+a.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("if they have changed: %d", again.StatusCode)
		}
	})
}

func gunzip(t *testing.T, text string) string {
	t.Helper()
	reader, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}
