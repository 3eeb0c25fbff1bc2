package frontdoor

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

const immutable = "public, max-age=31536000, immutable"

// startClient starts the client and a proxy that finds it by its name, with options of docker run.
func startClient(t *testing.T, options ...string) (*proxy, *docker.Container) {
	t.Helper()
	network := docker.Network(t)
	client := docker.Run(t, "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--network", network, "--network-alias", "client",
		"--health-interval", "300ms", docker.Image("client"))
	client.AwaitHealth("healthy")
	if user := client.Exec("id", "-u"); user != "101" {
		t.Errorf("the client runs as user %s", user)
	}
	proxy := startProxy(t, append(options, "--network", network)...)
	testkit.Eventually(t, "the page, once nginx has resolved the client's name", func() error {
		a := proxy.try(http.MethodGet, "/", "")
		if a.err == nil && a.StatusCode != http.StatusOK {
			a.err = fmt.Errorf("answered %d", a.StatusCode)
		}
		return a.err
	})
	return proxy, client
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

func TestClientImage_ServesThePageAsTheSingleProgramDoes(t *testing.T) {
	t.Parallel()
	proxy, client := startClient(t)
	page := proxy.Get("/")
	if page.StatusCode != http.StatusOK || !strings.Contains(page.Text, "<title>Pisano</title>") || strings.Contains(page.Text, "<!--#") {
		t.Fatalf("%d, %s", page.StatusCode, page.Text)
	}
	// Every path of the router of the page is the page, also after a reload.
	for _, target := range []string{"/", "/index.html", "/otherpage", "/otherpage/", "/values/10", "/values/-8", "/explore", "/pisano", "/pisano/10", "/table?from=0&to=100", "/otherpage?x=1.js"} {
		a := proxy.Get(target)
		if a.StatusCode != http.StatusOK || a.Text != page.Text || a.Header.Get("Content-Type") != "text/html; charset=utf-8" || a.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d, %v", target, a.StatusCode, a.Header)
		}
	}
	// An unknown address gets the page as well, which says that there is nothing, and the status says it to programs.
	for _, target := range []string{"/no/such", "/apifoo", "/problem", "/values", "/values/", "/values/1/2", "/Explore", "/explore/more"} {
		a := proxy.Get(target)
		if a.StatusCode != http.StatusNotFound || a.Text != page.Text || a.Header.Get("Content-Type") != "text/html; charset=utf-8" || a.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d, %v", target, a.StatusCode, a.Header)
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
		if len(a.Text) < 1000 { // not worth it: web/vite/compress.ts
			if small := proxy.Get(target, "Accept-Encoding: gzip, br"); small.Header.Get("Content-Encoding") != "" || small.Text != a.Text {
				t.Errorf("%s, small: %v, %q", target, small.Header, small.Text)
			}
			continue
		}
		expectCompressed(t, proxy, client, target, kind, caching)
	}
	// A missing file is not the page, and is not cached.
	for _, target := range []string{"/assets/index-old.js", "/assets/", "/assets", "/assets/index-old", "/favicon.ico", "/values/app.js", "/favicon.svg/x.js", "/.keep.x", "/..%5csecret.txt",
		assets(t, page.Text)[0] + ".br", assets(t, page.Text)[0] + ".gz", "/page-head.js.br", "/index.html.br"} {
		a := proxy.Get(target, "Accept-Encoding: br")
		if a.StatusCode != http.StatusNotFound || a.Text != "There is no such file.\n" || a.Header.Get("Cache-Control") != "" || a.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
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
	if head := proxy.Send(http.MethodHead, "/", ""); head.StatusCode != http.StatusOK || head.Text != "" {
		t.Errorf("HEAD /: %d, %q", head.StatusCode, head.Text)
	}
}

// expectCompressed checks that clients receive the files that the build has compressed, each in the encoding that it accepts.
func expectCompressed(t *testing.T, proxy *proxy, client *docker.Container, target, kind, caching string) {
	t.Helper()
	type file struct{ name, sum string }
	files, etags := make(map[string]file), make(map[string]string)
	for encoding, suffix := range map[string]string{"": "", "gzip": ".gz", "br": ".br"} {
		name := "/srv/page" + target + suffix
		sum, _, _ := strings.Cut(client.Exec("sha256sum", name), " ")
		files[encoding] = file{name, sum}
	}
	for accepted, want := range map[string]string{
		"": "", "deflate, zstd": "", "gzip": "gzip", "br": "br", "gzip, deflate, br, zstd": "br", "gzip,BR;q=1.0": "br", "br;q=0, gzip": "gzip", "br;q=0": "",
		"br;q=0.5, gzip": "gzip", "xbr, gzip, bro": "gzip", "gzip;q=0, br ; q=1": "br",
	} {
		field, file := "Accept-Encoding: "+accepted, files[want]
		a := proxy.Get(target, field)
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Encoding") != want || fmt.Sprintf("%x", sha256.Sum256([]byte(a.Text))) != file.sum {
			t.Errorf("%s, %q: %d, %v, %d bytes, not those of %s", target, accepted, a.StatusCode, a.Header, len(a.Text), file.name)
		}
		etag := a.Header.Get("ETag")
		if a.Header.Get("Content-Type") != kind || a.Header.Get("Cache-Control") != caching || a.Header.Get("Vary") != "Accept-Encoding" ||
			a.ContentLength != int64(len(a.Text)) || etags[etag] != "" && etags[etag] != cmp.Or(want, "identity") {
			t.Errorf("%s, %q: %v", target, accepted, a.Header)
		}
		etags[etag] = cmp.Or(want, "identity")
		if again := proxy.Get(target, field, "If-None-Match: "+etag); again.StatusCode != http.StatusNotModified || again.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s, %q, not modified: %d, %v", target, accepted, again.StatusCode, again.Header)
		}
		if head := proxy.Send(http.MethodHead, target, "", field); head.ContentLength != a.ContentLength || head.Header.Get("Content-Encoding") != want {
			t.Errorf("HEAD %s, %q: %v", target, accepted, head.Header)
		}
		if part := proxy.Get(target, field, "Range: bytes=99999999-"); part.StatusCode != http.StatusOK || part.Text != a.Text {
			t.Errorf("%s, %q, beyond its end: %d, %v", target, accepted, part.StatusCode, part.Header)
		}
	}
}

func TestClientImage_FirstLoadIsSmall(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	api.calculated(10, -8, 93, 100, 200, 1000)
	proxy, _ := startClient(t, "--env", "API_UPSTREAM="+serve(t, api).address)
	page := proxy.Get("/").Text
	targets := append(assets(t, page), "/", "/page-head.js", "/favicon.svg", "/api/indices?limit=20", "/api/values?limit=20")
	fonts := 0
	for _, name := range assets(t, page) {
		for _, match := range regexp.MustCompile(`url\(["']?(/assets/[^)"']+\.woff2)`).FindAllStringSubmatch(proxy.Get(name).Text, -1) {
			targets, fonts = append(targets, match[1]), fonts+1
		}
	}
	if fonts != 2 {
		t.Errorf("the style sheets load %d fonts", fonts)
	}
	// Browsers accept Brotli on HTTPS and on localhost.
	for _, accepted := range []string{"gzip, deflate, br, zstd", "gzip, deflate"} {
		total := 0
		for _, target := range targets {
			a := proxy.Get(target, "Accept-Encoding: "+accepted)
			if a.StatusCode != http.StatusOK {
				t.Errorf("%s: %d", target, a.StatusCode)
			}
			total += len(a.Text)
		}
		t.Logf("first load, %s: %.1f KB", accepted, float64(total)/1000)
		if strings.Contains(accepted, "br") && total >= 200_000 {
			t.Errorf("the first load has %d bytes", total)
		}
	}
}
