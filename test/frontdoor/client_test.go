package frontdoor

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

const immutable = "public, max-age=31536000, immutable"

// startClient starts the client and a proxy that finds it by its name.
func startClient(t *testing.T) *proxy {
	t.Helper()
	network := docker.Network(t)
	client := docker.Run(t, "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--network", network, "--network-alias", "client",
		"--health-interval", "300ms", docker.Image("client"))
	client.AwaitHealth("healthy")
	if user := client.Exec("id", "-u"); user != "101" {
		t.Errorf("the client runs as user %s", user)
	}
	return startProxy(t, "--network", network)
}

// assets returns the paths of the scripts and styles that the page loads first.
func assets(t *testing.T, page string) []string {
	t.Helper()
	found := regexp.MustCompile(`"(/assets/[^"]+\.(?:js|css))"`).FindAllStringSubmatch(page, -1)
	if len(found) < 2 {
		t.Fatalf("no scripts and styles in %s", page)
	}
	var names []string
	for _, match := range found {
		names = append(names, match[1])
	}
	return names
}

func TestClient_ServesThePageAsTheSingleProgramDoes(t *testing.T) {
	t.Parallel()
	proxy := startClient(t)
	page := proxy.Get("/")
	if page.StatusCode != http.StatusOK || !strings.Contains(page.Text, "<title>Pisano</title>") {
		t.Fatalf("%d, %s", page.StatusCode, page.Text)
	}
	tag := page.Header.Get("ETag")
	// Every path of the router of the page is the page, also after a reload.
	for _, target := range []string{"/", "/index.html", "/otherpage", "/otherpage/", "/values/10", "/values/-8", "/explore", "/otherpage?x=1.js", "/apifoo", "/problem"} {
		a := proxy.Get(target)
		if a.StatusCode != http.StatusOK || a.Text != page.Text || a.Header.Get("Content-Type") != "text/html; charset=utf-8" || a.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d, %v", target, a.StatusCode, a.Header)
		}
		if again := proxy.Get(target, "If-None-Match: "+tag); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s, if it has changed: %d", target, again.StatusCode)
		}
	}
	// Files have their own types, and assets are immutable.
	want := map[string]string{"/favicon.svg": ""}
	for _, name := range assets(t, page.Text) {
		want[name] = immutable
	}
	types := map[string]string{"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
	for target, caching := range want {
		kind := types[target[strings.LastIndexByte(target, '.')+1:]]
		a := proxy.Get(target)
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != kind || a.Header.Get("Cache-Control") != caching || a.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d, %v", target, a.StatusCode, a.Header)
		}
		if caching == "" {
			continue
		}
		compressed := proxy.Get(target, "Accept-Encoding: gzip")
		if len(a.Text) <= 1024 { // not worth it: web/Dockerfile
			if compressed.Header.Get("Content-Encoding") != "" || compressed.Text != a.Text {
				t.Errorf("%s, small: %v, %q", target, compressed.Header, compressed.Text)
			}
			continue
		}
		if compressed.Header.Get("Content-Encoding") != "gzip" || compressed.Header.Get("Vary") != "Accept-Encoding" || gunzip(t, compressed.Text) != a.Text ||
			compressed.ContentLength != int64(len(compressed.Text)) || len(compressed.Text) > len(a.Text)/2 {
			t.Errorf("%s, compressed: %v, %d of %d bytes", target, compressed.Header, len(compressed.Text), len(a.Text))
		}
	}
	// A missing file is not the page, and is not cached.
	for _, target := range []string{"/assets/index-old.js", "/assets/", "/assets", "/assets/index-old", "/favicon.ico", "/values/app.js", "/favicon.svg/x.js", "/.keep.x", "/..%5csecret.txt"} {
		a := proxy.Get(target)
		if a.StatusCode != http.StatusNotFound || a.Text != "There is no such file.\n" || a.Header.Get("Cache-Control") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %d, %v, %q", target, a.StatusCode, a.Header, a.Text)
		}
	}
	for _, target := range []string{"/../etc/passwd", "/assets/..%2f..%2f..%2fetc%2fpasswd", "/%00.js"} {
		if a := proxy.Get(target); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d, %q", target, a.StatusCode, a.Text)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		for _, target := range []string{"/", "/otherpage", "/favicon.svg", "/assets/none.js"} {
			if a := proxy.Send(method, target, ""); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, Allow: %s", method, target, a.StatusCode, a.Header.Get("Allow"))
			}
		}
	}
	if head := proxy.Send(http.MethodHead, "/", ""); head.StatusCode != http.StatusOK || head.Text != "" || head.ContentLength != int64(len(page.Text)) {
		t.Errorf("HEAD /: %d, %d bytes", head.StatusCode, head.ContentLength)
	}
	t.Log(sizes(proxy, assets(t, page.Text)))
}

// sizes tells the size of what a browser loads first.
func sizes(proxy *proxy, names []string) string {
	plain, compressed := 0, 0
	for _, name := range names {
		plain += len(proxy.Get(name).Text)
		compressed += len(proxy.Get(name, "Accept-Encoding: gzip").Text)
	}
	return fmt.Sprintf("%d files that the page loads first: %d kB, compressed %d kB", len(names), plain/1000, compressed/1000)
}

func gunzip(t *testing.T, text string) string {
	t.Helper()
	reader, err := gzip.NewReader(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}
