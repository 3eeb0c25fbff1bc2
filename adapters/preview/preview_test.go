package preview_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/preview"
)

const immutable = "public, max-age=31536000, immutable"

// Indices whose numbers can't be calculated, 10^1000 being the largest of which
// anything is known.
var (
	googol  = "1" + strings.Repeat("0", 100)
	largest = "1" + strings.Repeat("0", 1000)
	almost  = strings.Repeat("9", 1000)
	beyond  = "1" + strings.Repeat("0", 999) + "1"
)

func get(t *testing.T, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	preview.New(slog.New(slog.DiscardHandler)).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
	return w
}

// headOf returns the head of a page as a client of https://example.com gets it.
func headOf(t *testing.T, path string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.TLS = &tls.ConnectionState{}
	return preview.Head(r, path)
}

func TestHead_SaysWhatIsKnownOfANumber(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"/values/10": {
			"<title>F(10) = 55 · Pisano</title>",
			`<meta property="og:title" content="F(10) = 55" />`,
			`<link rel="canonical" href="https://example.com/values/10" />`,
			`<meta property="og:url" content="https://example.com/values/10" />`,
			`<meta property="og:image" content="https://example.com/cards/values/10.png" />`,
			`<meta name="twitter:card" content="summary_large_image" />`,
			"F(10) is 55.",
		},
		"/values/0":     {"<title>F(0) = 0 · Pisano</title>"},
		"/values/-8":    {"<title>F(−8) = −21 · Pisano</title>", "/cards/values/-8.png"},
		"/values/30/":   {"<title>F(30) = 832,040 · Pisano</title>", `href="https://example.com/values/30"`},
		"/values/140":   {"<title>F(140) = 81,055,900,096,023,504,197,206,408,605 · Pisano</title>"},
		"/values/150":   {"<title>F(150): 31 digits, 99692166… · Pisano</title>"},
		"/values/1000":  {"<title>F(1,000): 209 digits, 43466557… · Pisano</title>", "ends with 76137795166849228875."},
		"/values/-1000": {"<title>F(−1,000): 209 digits, −43466557… · Pisano</title>"},
		"/values/9007199254740991": {
			"<title>F(9,007,199,254,740,991): 1,882,393,", "cards/values/9007199254740991.png",
		},
		"/values/9007199254740992": {"<title>F(9,007,199,254,740,992): 1,882,393,", "which primes divide it, and its neighbours."},
		"/values/" + googol: {
			"<title>F(10^100): about 2.0899 × 10^99 digits, 62449911… · Pisano</title>", `href="https://example.com/values/` + googol + `"`,
			"/cards/values/" + googol + ".png", "ends with 59183788299560546875. See which primes divide it, and its neighbours.",
		},
		"/values/-" + largest: {"<title>F(−10^1000): about 2.0899 × 10^999 digits, −29990843… · Pisano</title>"},
		"/":                   {"<title>Pisano</title>", `"og:title" content="Pisano: any Fibonacci number, every digit"`, `href="https://example.com/"`, "/cards/pisano.png"},
		"/explore":            {"<title>Explore · Pisano</title>", `href="https://example.com/explore"`},
		"/table":              {"<title>Table · Pisano</title>", `href="https://example.com/table"`},
		"/pisano/10":          {"<title>Pisano wheel of 10 · Pisano</title>", "modulo 10", `href="https://example.com/pisano/10"`},
		"/pisano/1000000007":  {"<title>Pisano wheel of 1,000,000,007 · Pisano</title>"},
		"/pisano/9007199254740991": {
			"<title>Pisano wheel of 9,007,199,254,740,991 · Pisano</title>",
		},
		"/pisano/9007199254740992": {
			"<title>Pisano period of 9,007,199,254,740,992 · Pisano</title>", "modulo 9,007,199,254,740,992 repeat",
		},
		"/pisano/1" + strings.Repeat("0", 30): {"<title>Pisano period of 1,000,000,"},
		"/otherpage":                          {"<title>How it works · Pisano</title>"},
	} {
		head := headOf(t, path)
		for _, text := range want {
			if !strings.Contains(head, text) {
				t.Errorf("%s lacks %q:\n%s", path, text, head)
			}
		}
		for _, name := range []string{"<title>", `rel="canonical"`, `name="description"`, `"og:title"`, `"og:description"`, `"og:url"`, `"og:image"`, `"og:image:alt"`} {
			if strings.Count(head, name) != 1 {
				t.Errorf("%s has not one %s:\n%s", path, name, head)
			}
		}
	}
}

func TestHead_IsNothingForWhatIsNoPage(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/values", "/values/", "/values/ten", "/values/007", "/values/+5", "/values/-0", "/values/1,000", "/values/1/2", "/values/" + beyond, "/values/-" + beyond,
		"/pisano/0", "/pisano/ten", "/pisano/-3", "/pisano/1" + strings.Repeat("0", 29) + "1", "/nowhere", "/page-head/", `/values/1"><script>`,
	} {
		if head := headOf(t, path); head != "" {
			t.Errorf("%s:\n%s", path, head)
		}
	}
	if w := get(t, "/page-head/nowhere"); w.Code != http.StatusNotFound {
		t.Errorf("/page-head/nowhere: %d", w.Code)
	}
}

func TestHead_NamesTheHostOfTheRequestAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ host, proto, want string }{
		{"example.com", "", "http://example.com/values/10"},
		{"localhost:8080", "http", "http://localhost:8080/values/10"},
		{"[::1]:8080", "https", "https://[::1]:8080/values/10"},
		{`x"><script>alert(1)</script>`, "https", "/values/10"},
		{"a b", "", "/values/10"},
		{"", "", "/values/10"},
		{"example.com", `"><script>`, "http://example.com/values/10"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/page-head/values/10", nil)
		r.Host = row.host
		r.Header.Set("X-Forwarded-Proto", row.proto)
		w := httptest.NewRecorder()
		preview.New(slog.New(slog.DiscardHandler)).ServeHTTP(w, r)
		head := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(head, `rel="canonical" href="`+row.want+`"`) || strings.Contains(head, "<script") {
			t.Errorf("%+v: %d\n%s", row, w.Code, head)
		}
		if cache := w.Header().Get("Cache-Control"); cache != "no-store" {
			t.Errorf("%+v: cached %q", row, cache)
		}
	}
}

func TestCards_ArePicturesThatNeverChange(t *testing.T) {
	t.Parallel()
	seen := make(map[string]string)
	for _, name := range []string{
		"pisano.png", "values/0.png", "values/10.png", "values/-8.png", "values/90.png", "values/300.png", "values/570.png", "values/1000.png",
		"values/-1000.png", "values/9007199254740991.png", "values/-9007199254740990.png",
		"values/" + googol + ".png", "values/-" + largest + ".png", "values/-" + almost + ".png",
	} {
		w := get(t, "/cards/"+name)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/png" || w.Header().Get("Cache-Control") != immutable {
			t.Fatalf("%s: %d, %v", name, w.Code, w.Header())
		}
		if folder := os.Getenv("CARDS"); folder != "" { // to look at them
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%02d.png", len(seen))), w.Body.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		size := w.Body.Len()
		if size > 100_000 {
			t.Errorf("%s has %d bytes", name, size)
		}
		if other, found := seen[w.Body.String()]; found {
			t.Errorf("%s is the picture of %s", name, other)
		}
		seen[w.Body.String()] = name
		picture, err := png.Decode(bytes.NewReader(w.Body.Bytes()))
		if err != nil || picture.Bounds().Dx() != 1200 || picture.Bounds().Dy() != 630 {
			t.Fatalf("%s: %v, error %v", name, picture.Bounds(), err)
		}
		// Nothing is written over the right or the lower edge.
		for i := range 1200 {
			for j := range 30 {
				for _, p := range []image.Point{{i, 629 - j}, {1199 - j, i % 630}} {
					if r, g, b, _ := picture.At(p.X, p.Y).RGBA(); r+g+b > 3*0x9000 {
						t.Fatalf("%s: text at %v", name, p)
					}
				}
			}
		}
	}
	for _, name := range []string{"", "values", "values/", "values/10", "values/10.jpg", "values/ten.png", "values/007.png", "values/" + beyond + ".png", "x.png"} {
		if w := get(t, "/cards/"+name); w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") == immutable {
			t.Errorf("%s: %d, %v", name, w.Code, w.Header())
		}
	}
}

func TestEmbed_ShowsTheNumberOnEverySiteAndLoadsNothing(t *testing.T) {
	t.Parallel()
	for index, want := range map[string][]string{
		"10":    {"<h1>F(10) =</h1>", `<p class="number">55</p>`, "2 digits", `href="/values/10"`},
		"-8":    {"<h1>F(−8) =</h1>", `<p class="number">−21</p>`},
		"30":    {`832,<wbr>040`},
		"0":     {`<p class="number">0</p>`, "1 digit<"},
		"1000":  {"4.346655768693745… ", "× 10<sup>208</sup>", "209 digits"},
		"-1000": {"−4.346655768693745… "},
		"570":   {"data-long", "119 digits"},
		almost:  {"<h1>F(9,999…999,999) =</h1>", "× 10<sup>2,089…", "about 2.0899 × 10^999 digits", `href="/values/` + almost + `"`},
	} {
		w := get(t, "/embed/values/"+index)
		body := w.Body.String()
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Cache-Control") != "public, max-age=86400" ||
			w.Header().Get("Content-Security-Policy") != preview.EmbedSecurityPolicy || !strings.HasSuffix(preview.EmbedSecurityPolicy, "frame-ancestors *") {
			t.Errorf("%s: %d, %v", index, w.Code, w.Header())
		}
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %q:\n%s", index, text, body)
			}
		}
		if strings.Contains(body, "src=") || strings.Contains(body, "<script") || strings.Contains(body, "url(") {
			t.Errorf("%s loads something:\n%s", index, body)
		}
	}
	for _, index := range []string{"ten", "007", "1e6", beyond, "%3Cscript%3E", "10/x"} {
		if w := get(t, "/embed/values/"+index); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "script") {
			t.Errorf("%s: %d, %s", index, w.Code, w.Body)
		}
	}
}

func TestHandler_CanOnlyBeRead(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/cards/pisano.png", "/embed/values/10", "/page-head/"} {
		w := httptest.NewRecorder()
		preview.New(slog.New(slog.DiscardHandler)).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", target, w.Code)
		}
	}
}
