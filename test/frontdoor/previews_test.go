package frontdoor

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/preview"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// page serves index.html as the client does, as it was before it was built.
func page(t *testing.T) (text string, client http.Handler) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(testkit.Root(), "web/index.html"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(source)
	})
}

// expectPage checks that a page has a title once, no marks, and the rest of its text.
func expectPage(t *testing.T, proxy *proxy, text, target, title string) {
	t.Helper()
	testkit.Eventually(t, target, func() error { // a head that is late is left out
		a := proxy.Get(target, "Accept-Encoding: identity")
		if a.StatusCode != http.StatusOK || strings.Count(a.Text, "<title>") != 1 || !strings.Contains(a.Text, "<title>"+title+"</title>") ||
			strings.Contains(a.Text, "<!--#") || strings.Contains(a.Text, "[an error") || strings.Count(a.Text, `name="description"`) != 1 ||
			!strings.HasPrefix(a.Text, text[:100]) || !strings.HasSuffix(a.Text, text[len(text)-300:]) {
			return fmt.Errorf("not with the title %s: %d\n%s", title, a.StatusCode, a.Text)
		}
		return nil
	})
}

func TestPreviews_FillTheHeadOfAPage(t *testing.T) {
	t.Parallel()
	text, client := page(t)
	proxy := startProxyBetween(t, preview.New(quiet), client)
	for target, title := range map[string]string{
		"/": "Pisano", "/explore": "Explore · Pisano", "/table": "Table · Pisano", "/pisano/10": "Pisano wheel of 10 · Pisano", "/pisano/1" + strings.Repeat("0", 30): "Pisano period of 1" + strings.Repeat(",000", 10) + " · Pisano", "/otherpage/": "How it works · Pisano", "/values/10": "F(10) = 55 · Pisano",
		"/values/1" + strings.Repeat("0", 1000): "F(10^1000): about 2.0899 × 10^999 digits, 29990843… · Pisano", "/values/1" + strings.Repeat("0", 1001): "Pisano",
		"/values/-8": "F(−8) = −21 · Pisano", "/values/1000?digit=7": "F(1,000): 209 digits, 43466557… · Pisano",
		"/values/ten": "Pisano", "/nowhere": "Pisano", "/values/%3F": "Pisano", "/values/10%0A": "Pisano", "/x/..%2fvalues/10": "F(10) = 55 · Pisano",
		"/values/%22%3E%3Cscript%3E": "Pisano", "/values/%3C!--%23%20echo%20var=%22uri%22%20--%3E": "Pisano",
	} {
		expectPage(t, proxy, text, target, title)
	}
	if a := proxy.Get("/values/10"); !strings.Contains(a.Text, `content="http://pisano.test:3050/cards/values/10.png"`) {
		t.Errorf("the address of the picture is not that of the host:\n%s", a.Text)
	}
	if a := proxy.Get("/page-head/values/10"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the head alone: %d", a.StatusCode)
	}
}

func TestPreviews_APageIsServedWithoutThem(t *testing.T) {
	t.Parallel()
	text, client := page(t)
	for name, api := range map[string]http.Handler{
		"starting": httpapi.NewStartup(quiet),
		"failing":  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "failure", http.StatusInternalServerError) }),
		"old":      http.NotFoundHandler(),
		"hanging":  http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectPage(t, startProxyBetween(t, api, client), text, "/values/10", "Pisano")
		})
	}
	t.Run("away", func(t *testing.T) {
		t.Parallel()
		expectPage(t, startProxy(t, "--env", "CLIENT_UPSTREAM="+serve(t, client).address), text, "/values/10", "Pisano")
	})
}

func TestPreviews_PicturesAndFramesAreCached(t *testing.T) {
	t.Parallel()
	server := serve(t, preview.New(quiet))
	proxy := startProxy(t, "--env", "API_UPSTREAM="+server.address)
	targets := []string{"/cards/pisano.png", "/cards/values/10.png", "/cards/values/-8.png", "/embed/values/10"}
	first := make(map[string]string)
	for _, target := range targets {
		a := proxy.Get(target)
		if a.StatusCode != http.StatusOK || cached(a) != "MISS" {
			t.Fatalf("%s: %d, %s", target, a.StatusCode, cached(a))
		}
		first[target] = a.Text
		proxy.awaitCached(target)
	}
	server.Close()
	for _, target := range targets {
		if a := proxy.Get(target + "?utm=1"); a.StatusCode != http.StatusOK || cached(a) != "HIT" || a.Text != first[target] {
			t.Errorf("%s: %d, %s", target, a.StatusCode, cached(a))
		}
	}
}

func TestPreviews_OnlyPagesForFramesMayBeFramed(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, preview.New(quiet), echoing("client"))
	for target, want := range map[string]string{
		"/embed/values/10": preview.EmbedSecurityPolicy, "/x/../embed/values/10": preview.EmbedSecurityPolicy, "/embed/values/ten": preview.EmbedSecurityPolicy,
		"/embed/../values/10": httpapi.ContentSecurityPolicy, "/embed/%2e%2e/values/10": httpapi.ContentSecurityPolicy,
		"/values/10": httpapi.ContentSecurityPolicy, "/embed": httpapi.ContentSecurityPolicy, "/embedded/": httpapi.ContentSecurityPolicy,
		"/api/embed/values/10": httpapi.ContentSecurityPolicy,
	} {
		if got := strings.Join(proxy.Get(target).Header.Values("Content-Security-Policy"), " | "); got != want {
			t.Errorf("%s: the policy is %q, want %q", target, got, want)
		}
	}
}
