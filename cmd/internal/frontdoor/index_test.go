package frontdoor_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pisano-dev/pisano/adapters/preview"
	"github.com/pisano-dev/pisano/cmd/internal/frontdoor"
)

// source is index.html before it is built, which keeps its marks.
func source(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../web/index.html")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestIndex_HasTheHeadOfItsAddress(t *testing.T) {
	t.Parallel()
	text := source(t)
	door := frontdoor.New(api, previews, fstest.MapFS{"index.html": {Data: []byte(text)}})
	for target, title := range map[string]string{
		"/": "Pisano", "/explore": "Explore · Pisano", "/values/10": "F(10) = 55 · Pisano", "/values/-8/": "F(−8) = −21 · Pisano",
		"/values/1" + strings.Repeat("0", 1000): "F(10^1000): about 2.0899 × 10^999 digits, 29990843… · Pisano", "/values/1" + strings.Repeat("0", 1001): "Pisano",
		"/values/1000?digit=7": "F(1,000): 209 digits, 43466557… · Pisano", "/values/ten": "Pisano", "/nowhere": "Pisano",
		"/values/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E": "Pisano",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		r.Host = `pisano.test`
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		body := w.Body.String()
		if strings.Count(body, "<title>") != 1 || !strings.Contains(body, "<title>"+title+"</title>") || strings.Contains(body, "<!--#") || strings.Contains(body, "alert(1)") {
			t.Errorf("%s:\n%s", target, body)
		}
		if strings.Count(body, `name="description"`) != 1 || strings.Count(body, `property="og:title"`) != 1 || strings.Count(body, `name="twitter:card"`) != 1 {
			t.Errorf("%s has something twice or not at all:\n%s", target, body)
		}
		if !strings.HasPrefix(body, text[:100]) || !strings.HasSuffix(body, text[len(text)-300:]) {
			t.Errorf("%s lacks the rest of the page:\n%s", target, body)
		}
	}
}

func TestPreviews_AreServedWithPoliciesOfTheirOwn(t *testing.T) {
	t.Parallel()
	for target, kind := range map[string]string{
		"/cards/pisano.png": "image/png", "/cards/values/10.png": "image/png", "/embed/values/10": "text/html; charset=utf-8",
	} {
		r := request(t, http.MethodGet, target)
		if r.Code != http.StatusOK || r.Header().Get("Content-Type") != kind {
			t.Errorf("%s: %d, %v", target, r.Code, r.Header())
		}
	}
	if policy := request(t, http.MethodGet, "/embed/values/10").Header().Get("Content-Security-Policy"); policy != preview.EmbedSecurityPolicy {
		t.Errorf("the policy of a page for frames is %q", policy)
	}
	for _, target := range []string{"/values/10", "/page-head/values/10"} {
		if policy := request(t, http.MethodGet, target).Header().Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: the policy is %q", target, policy)
		}
	}
}
