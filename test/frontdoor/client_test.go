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

const forever = "public, max-age=31536000, immutable"

// openClient starts the client and a front door that finds it by its name.
func openClient(t *testing.T) *door {
	t.Helper()
	network := docker.Network(t)
	client := docker.Run(t, "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--network", network, "--network-alias", "client",
		"--health-interval", "300ms", docker.Image("client"))
	client.AwaitHealth("healthy")
	if user := client.Exec("id", "-u"); user != "101" {
		t.Errorf("the client runs as user %s", user)
	}
	return openDoor(t, "--network", network)
}

// assets are the names of the scripts and styles that the page begins with.
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

func TestClientServesThePageAsTheFrontDoorOfOneProgramDoes(t *testing.T) {
	t.Parallel()
	d := openClient(t)
	page := d.get("/")
	if page.StatusCode != http.StatusOK || !strings.Contains(page.text, "<title>Pisano</title>") {
		t.Fatalf("%d, %s", page.StatusCode, page.text)
	}
	tag := page.Header.Get("ETag")
	// What the page's own router knows is the page, also when it is reloaded there.
	for _, target := range []string{"/", "/index.html", "/otherpage", "/otherpage/", "/values/10", "/values/-8", "/explore", "/otherpage?x=1.js", "/apifoo", "/problem"} {
		a := d.get(target)
		if a.StatusCode != http.StatusOK || a.text != page.text || a.Header.Get("Content-Type") != "text/html; charset=utf-8" || a.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d, %v", target, a.StatusCode, a.Header)
		}
		if again := d.get(target, "If-None-Match: "+tag); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s, if it has changed: %d", target, again.StatusCode)
		}
	}
	// Other files are what they are, assets for ever.
	want := map[string]string{"/favicon.svg": ""}
	for _, name := range assets(t, page.text) {
		want[name] = forever
	}
	types := map[string]string{"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
	for target, caching := range want {
		kind := types[target[strings.LastIndexByte(target, '.')+1:]]
		a := d.get(target)
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != kind || a.Header.Get("Cache-Control") != caching || a.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d, %v", target, a.StatusCode, a.Header)
		}
		if caching == "" {
			continue
		}
		compressed := d.get(target, "Accept-Encoding: gzip")
		if compressed.Header.Get("Content-Encoding") != "gzip" || compressed.Header.Get("Vary") != "Accept-Encoding" || gunzip(t, compressed.text) != a.text ||
			compressed.ContentLength != int64(len(compressed.text)) || len(compressed.text) > len(a.text)/2 {
			t.Errorf("%s, compressed: %v, %d of %d bytes", target, compressed.Header, len(compressed.text), len(a.text))
		}
	}
	// What is not there is not the page, and is not kept.
	for _, target := range []string{"/assets/index-old.js", "/assets/", "/assets", "/assets/index-old", "/favicon.ico", "/values/app.js", "/favicon.svg/x.js", "/.keep.x", "/..%5csecret.txt"} {
		a := d.get(target)
		if a.StatusCode != http.StatusNotFound || a.text != "There is no such file.\n" || a.Header.Get("Cache-Control") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %d, %v, %q", target, a.StatusCode, a.Header, a.text)
		}
	}
	for _, target := range []string{"/../etc/passwd", "/assets/..%2f..%2f..%2fetc%2fpasswd", "/%00.js"} {
		if a := d.get(target); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d, %q", target, a.StatusCode, a.text)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		for _, target := range []string{"/", "/otherpage", "/favicon.svg", "/assets/none.js"} {
			if a := d.send(method, target, ""); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, Allow: %s", method, target, a.StatusCode, a.Header.Get("Allow"))
			}
		}
	}
	if head := d.send(http.MethodHead, "/", ""); head.StatusCode != http.StatusOK || head.text != "" || head.ContentLength != int64(len(page.text)) {
		t.Errorf("HEAD /: %d, %d bytes", head.StatusCode, head.ContentLength)
	}
	t.Log(sizes(d, assets(t, page.text)))
}

// sizes says what a browser loads first.
func sizes(d *door, names []string) string {
	plain, compressed := 0, 0
	for _, name := range names {
		plain += len(d.get(name).text)
		compressed += len(d.get(name, "Accept-Encoding: gzip").text)
	}
	return fmt.Sprintf("%d files that the page begins with: %d kB, compressed %d kB", len(names), plain/1000, compressed/1000)
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
