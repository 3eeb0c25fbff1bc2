package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func TestCrossOrigin_RefusesSubmissionsByPagesOfOtherSites(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for name, fields := range map[string][]string{
		"another site":                       {"Origin: https://evil.test", "Sec-Fetch-Site: cross-site"},
		"another subdomain":                  {"Sec-Fetch-Site: same-site"},
		"a browser without Sec-Fetch-Site":   {"Origin: https://evil.test"},
		"a frame without an origin":          {"Origin: null"},
		"another port":                       {"Origin: http://127.0.0.1:1"},
		"a proxy asked for another host":     {"Origin: https://evil.test", "X-Forwarded-Host: pisano.test"},
		"no origin and no host":              {"Origin: null", "X-Forwarded-Host: "},
		"another site, says the browser":     {"Origin: https://pisano.test", "X-Forwarded-Host: pisano.test", "Sec-Fetch-Site: cross-site"},
		"an origin too long to be repeated":  {"Origin: https://" + strings.Repeat("x", 300)},
		"what a form can send, as text":      {"Origin: https://evil.test", "Content-Type: text/plain"},
		"what a page can send, without type": {"Origin: https://evil.test", "Content-Type: "},
	} {
		a := s.ask(http.MethodPost, "/indices", `{"index": 10}`, fields...)
		p := a.problem(http.StatusForbidden)
		if p.Kind != "invalid" || !strings.Contains(p.Detail, "another site") || len(p.Errors) != 1 || len(a.text) > 1000 ||
			p.Errors[0].Location != "header.Origin" && p.Errors[0].Location != "header.Sec-Fetch-Site" {
			t.Errorf("%s: %s", name, a.text)
		}
	}
	if page := decode[httpapi.SeenIndices](s.get("/indices")); len(page.Items) > 0 {
		t.Errorf("recorded %+v", page.Items)
	}
}

func TestCrossOrigin_AdmitsItsOwnPagesAndPrograms(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for name, fields := range map[string][]string{
		"a program":                              nil,
		"the page":                               {"Origin: " + s.url, "Sec-Fetch-Site: same-origin"},
		"the page, without TLS":                  {"Origin: " + s.url},
		"the page, by a proxy that sets Host":    {"Origin: http://pisano.test:3050", "X-Forwarded-Host: pisano.test:3050"},
		"the page, by such a proxy with TLS":     {"Origin: https://pisano.test", "Sec-Fetch-Site: same-origin"},
		"an address that somebody typed":         {"Sec-Fetch-Site: none"},
		"fetch of a program, such as Node.js":    {"Sec-Fetch-Mode: cors"},
		"an extension with its own permission":   {"Sec-Fetch-Site: none", "Origin: chrome-extension://abc"},
		"a proxy that removes both for its CORS": {"Sec-Fetch-Dest: empty"},
	} {
		if a := s.submit(`{"index": 10}`, fields...); a.StatusCode != http.StatusAccepted {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.text)
		}
	}
	foreign := []string{"Origin: https://evil.test", "Sec-Fetch-Site: cross-site"}
	s.get("/indices", foreign...).want(http.StatusOK) // a page can't read the response
	s.ask(http.MethodPut, "/indices", "", foreign...).problem(http.StatusMethodNotAllowed)
}
