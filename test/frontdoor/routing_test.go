package frontdoor

import (
	"net/http"
	"strings"
	"testing"
)

func TestRouting_SendsTheAPIPrefixToTheAPIAndTheRestToTheClient(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	for target, want := range map[string]string{
		"/api/":                              "api /",
		"/api/indices":                       "api /indices",
		"/api/indices?limit=5&cursor=a%2Fb":  "api /indices?limit=5&cursor=a%2Fb",
		"/api/values?limit=5":                "api /values?limit=5",
		"/api/values/10":                     "api /values/10",
		"/api/values/-8":                     "api /values/-8",
		"/api/values/10/digits":              "api /values/10/digits",
		"/api/events":                        "api /events",
		"/api/apifoo":                        "api /apifoo",
		"/api/healthz":                       "api /healthz",
		"/readyz":                            "api /readyz",
		"/api/docs":                          "api /docs",
		"/api/metricsfoo":                    "api /metricsfoo",
		"/api/numbers/10/mod/7":              "api /numbers/10/mod/7",
		"/":                                  "client /",
		"/apifoo":                            "client /apifoo",
		"/apifoo/indices":                    "client /apifoo/indices",
		"/API/indices":                       "client /API/indices",
		"/indices":                           "client /indices",
		"/otherpage":                         "client /otherpage",
		"/otherpage?next=/api/values":        "client /otherpage?next=/api/values",
		"/values/10":                         "client /values/10",
		"/assets/index-B4d.js":               "client /assets/index-B4d.js",
		"/healthz/more":                      "client /healthz/more",
		"/problem":                           "client /problem",
		"//api/indices":                      "client //api/indices",
		"/api%2Findices":                     "api /indices", // the same, encoded
		"/%61pi/indices":                     "api /indices",
		"/api/values/%31%30":                 "api /values/10",
		"/api/values/+5":                     "api /values/+5", // the API refuses it
		"/api/values/%2B5":                   "api /values/+5",
		"/api//indices":                      "api //indices", // the API refuses it, too
		"/api/x/../indices":                  "api /indices",
		"/x/../api/indices":                  "api /indices",
		"/api/../otherpage":                  "client /api/../otherpage", // the client makes /otherpage of it
		"/api/%2e%2e/otherpage":              "client /api/%2e%2e/otherpage",
		"/api/a%0Ab":                         "api /a%0Ab",
		"/api/values/10%0A":                  "api /values/10%0A",
		"/api/a%3Fb":                         "api /a%3Fb",
		"/api/a%20b":                         "api /a%20b",
		"/api/a%0D%0AX-Forwarded-For:%20b":   "api /a%0D%0AX-Forwarded-For:%20b",
		"/api/values/10/digits?download=a%0": "api /values/10/digits?download=a%0",
	} {
		e := echoed(proxy.Get(target))
		if got := e.Who + " " + e.URI; got != want {
			t.Errorf("%s came out as %q, want %q", target, got, want)
		}
	}
	for _, target := range []string{"/../../etc/passwd", "/api/../../x", "/api/%00", "/%2e%2e/%2e%2e/x"} {
		if a := proxy.Get(target); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d, %q", target, a.StatusCode, a.Text)
		}
	}
	if e := echoed(proxy.Send(http.MethodPost, "/api/indices", `{"index":10}`)); e.Method != http.MethodPost || e.Body != `{"index":10}` {
		t.Errorf("a submission came out as %+v", e)
	}
}

func TestRouting_RedirectsTheAPIPrefixWithoutASlash(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	for target, want := range map[string]string{"/api": "/api/", "/api?a=b": "/api/?a=b"} {
		if a := proxy.Get(target); a.StatusCode != http.StatusPermanentRedirect || a.Header.Get("Location") != want {
			t.Errorf("%s: %d to %q", target, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

func TestRouting_HidesMetricsInEverySpelling(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	for _, target := range []string{
		"/metrics", "/api/metrics", "/api/metrics/", "/api/metrics/x", "/api/metrics?x=1", "/api/%6detrics", "/api/x/../metrics",
		"/api/./metrics", "/%61pi/metrics", "/api%2fmetrics", "/api/%2e/metrics", "/x/../metrics",
	} {
		if p := proxy.Get(target).Problem(http.StatusNotFound); p.Kind != "notFound" {
			t.Errorf("%s: %+v", target, p)
		}
	}
}

func TestRouting_GivesTheAPINoSecondAddress(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	for _, target := range []string{"/api/api", "/api/api/", "/api/api/indices", "/api/%61pi/indices", "/api/api%2findices", "/api/x/../api/indices"} {
		if p := proxy.Get(target).Problem(http.StatusNotFound); p.Kind != "notFound" {
			t.Errorf("%s: %+v", target, p)
		}
	}
}

func TestHealth_NeedsNoUpstream(t *testing.T) {
	t.Parallel()
	proxy := startProxy(t) // with nothing behind it
	if a := proxy.Get("/healthz"); a.StatusCode != http.StatusOK || a.Text != "{\"status\":\"ok\"}\n" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, %q, %v", a.StatusCode, a.Text, a.Header)
	}
	if said := proxy.Exec("healthy", "8080", "/healthz"); said != "GET /healthz: 200" {
		t.Errorf("the health check says %q", said)
	}
	for _, check := range []string{"healthy 8080 /api/indices", "healthy 8089 /healthz"} {
		if said := proxy.Exec("sh", "-c", check+" 2>/dev/null || echo failed"); !strings.HasSuffix(said, "failed") {
			t.Errorf("%s says %q", check, said)
		}
	}
}
