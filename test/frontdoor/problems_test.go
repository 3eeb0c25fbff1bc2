package frontdoor

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestProblems_TellOfMissingUpstreams(t *testing.T) {
	t.Parallel()
	gone := serve(t, echoing("closed"))
	gone.Close()
	for name, options := range map[string][]string{
		"nothing listens":           {"--env", "API_UPSTREAM=" + gone.address, "--env", "CLIENT_UPSTREAM=" + gone.address},
		"no name server knows them": {}, // api and client, which are neither in /etc/hosts nor in DNS
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := startProxy(t, options...)
			for _, target := range []string{"/api/", "/api/values/10", "/api/values/10/digits", "/api/events", "/api/indices", "/readyz"} {
				a := proxy.Get(target, "X-Request-Id: mine")
				if p := a.Problem(http.StatusBadGateway); p.Kind != "unavailable" || p.Instance != "#mine" {
					t.Errorf("%s: %+v", target, p)
				}
				if a.Header.Get("Retry-After") != "2" || a.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s: %v", target, a.Header)
				}
			}
			proxy.Send(http.MethodPost, "/api/indices", `{"index":1}`).Problem(http.StatusBadGateway)
			if a := proxy.Send(http.MethodHead, "/api/", ""); a.StatusCode != http.StatusBadGateway || a.Text != "" {
				t.Errorf("HEAD: %d, %q", a.StatusCode, a.Text)
			}
			// An identifier that would have to be escaped is left out: nginx does not escape.
			if p := proxy.Get("/api/", `X-Request-Id: a"\b`).Problem(http.StatusBadGateway); p.Instance != "" {
				t.Errorf("instance %q", p.Instance)
			}
			for _, target := range []string{"/", "/otherpage", "/apifoo"} {
				a := proxy.Get(target)
				if a.StatusCode != http.StatusBadGateway || a.Header.Get("Content-Type") != "text/html; charset=utf-8" ||
					a.Header.Get("Retry-After") != "2" || !strings.Contains(a.Text, "<title>Pisano</title>") {
					t.Errorf("%s: %d, %v, %q", target, a.StatusCode, a.Header, a.Text)
				}
			}
		})
	}
}

func TestProblems_OfTheAPIPassUnchanged(t *testing.T) {
	t.Parallel()
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := map[string]int{"404": 404, "409": 409, "413": 413, "422": 422, "429": 429, "500": 500, "502": 502, "503": 503, "504": 504}[r.URL.Query().Get("status")]
		header := w.Header()
		header.Set("Content-Type", "application/problem+json")
		header.Set("Retry-After", "77")
		header.Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"detail":"as it is"}`)
	})
	proxy := startProxyBetween(t, api, echoing("client"))
	for _, status := range []string{"404", "409", "413", "422", "429", "500", "502", "503", "504"} {
		for _, path := range []string{"/api/", "/api/indices"} {
			a := proxy.Send(http.MethodPost, path+"?status="+status, "{}")
			if strconv.Itoa(a.StatusCode) != status || a.Text != `{"detail":"as it is"}` || strings.Join(a.Header.Values("Retry-After"), " ") != "77" ||
				strings.Join(a.Header.Values("Cache-Control"), " ") != "no-store" || a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s?status=%s: %d, %v, %q", path, status, a.StatusCode, a.Header, a.Text)
			}
		}
	}
}

func TestRateLimit_IsToldWhereThereIsOne(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	for request, want := range map[[2]string]string{
		{http.MethodPost, "/api/indices"}: `"submissions";q=100;w=1`,
		{http.MethodGet, "/api/indices"}:  "",
		{http.MethodPost, "/api/inverse"}: "",
		{http.MethodGet, "/"}:             "",
	} {
		a := proxy.Send(request[0], request[1], "{}")
		if policy, left := a.Header.Get("RateLimit-Policy"), a.Header.Get("RateLimit"); policy != want || left != "" {
			t.Errorf("%s %s: RateLimit-Policy: %s, RateLimit: %s", request[0], request[1], policy, left)
		}
	}
}

func TestBodies_AreLimitedAsInTheAPI(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	for target, limit := range map[string]struct {
		bytes int
		text  string
	}{"/api/indices": {64 << 10, "64 KiB"}, "/api/other": {64 << 10, "64 KiB"}, "/api/inverse": {1 << 20, "1 MiB"}} {
		body := strings.Repeat("x", limit.bytes)
		if a := proxy.Send(http.MethodPost, target, body); echoed(a).Body != body {
			t.Errorf("%d bytes to %s: %d", len(body), target, a.StatusCode)
		}
		for _, more := range []int{1, 1 << 20} {
			a := proxy.Send(http.MethodPost, target, body+strings.Repeat("x", more))
			// As the API itself answers it.
			p := a.Problem(http.StatusRequestEntityTooLarge)
			if p.Kind != "invalid" || len(p.Errors) != 1 || p.Errors[0].Location != "body" || !strings.Contains(p.Detail, limit.text) {
				t.Errorf("%d bytes more to %s: %+v", more, target, p)
			}
		}
	}
}

func TestHeaders_HoldAThousandOfTheLongestIndices(t *testing.T) {
	t.Parallel()
	proxy := startProxy(t, "--env", "API_UPSTREAM="+serve(t, newAPI(t)).address)
	longest := make([]string, 1000)
	for i := range longest {
		longest[i] = "-9007199254740991"
	}
	for _, separator := range []string{",", "%2C", "&index="} {
		a := proxy.Get("/api/values?index="+strings.Join(longest, separator), "Cookie: "+strings.Repeat("x", 4000))
		if a.StatusCode != http.StatusOK {
			t.Errorf("separated by %s: %d, %s", separator, a.StatusCode, a.Text)
		}
	}
	for _, target := range []string{"/api/values?index=" + strings.Repeat("1", 40_000), "/api/numbers/" + strings.Repeat("1", 40_000)} {
		if a := proxy.Get(target); a.StatusCode != http.StatusRequestURITooLong {
			t.Errorf("a request line of more than 32 KiB: %d", a.StatusCode)
		}
	}
}

func TestSubmissions_OfOneClientAreLimited(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"), "--env", "PISANO_SUBMISSION_RATE=1", "--env", "PISANO_SUBMISSION_BURST=4",
		"--env", "PISANO_TRUSTED_PROXIES=172.16.0.0/12,192.168.0.0/16,10.0.0.0/8")
	// submit submits more than the burst. It fails if no submission was refused, as on a machine that is too slow.
	const submissions, burst = 60, 1 + 4
	submit := func(target string, from ...string) (accepted int, refused outcome) {
		t.Helper()
		answers := make(chan outcome, submissions)
		for i := range submissions {
			go func() { answers <- proxy.try(http.MethodPost, target, "{}", "X-Forwarded-For: "+from[i%len(from)]) }()
		}
		for range submissions {
			switch a := <-answers; {
			case a.err != nil:
				t.Fatalf("%s: %v", target, a.err)
			case a.StatusCode == http.StatusOK:
				accepted++
			default:
				refused = a
			}
		}
		if refused.StatusCode == 0 {
			t.Fatalf("%s: none of %d submissions of %v was refused", target, submissions, from)
		}
		return accepted, refused
	}
	// One is accepted for each second that has passed.
	began := time.Now()
	most := func(since time.Time) int { return burst + 1 + int(time.Since(since).Seconds()) }
	all, refused := submit("/api/indices", "203.0.113.1")
	if p := refused.Problem(http.StatusTooManyRequests); p.Kind != "overloaded" || p.WaitSeconds != 1 || refused.Header.Get("Retry-After") != "1" {
		t.Errorf("%+v, Retry-After: %s", p, refused.Header.Get("Retry-After"))
	}
	if policy, left := refused.Header.Get("RateLimit-Policy"), refused.Header.Get("RateLimit"); policy != `"submissions";q=1;w=1` || left != `"submissions";r=0;t=1` {
		t.Errorf("RateLimit-Policy: %s, RateLimit: %s", policy, left)
	}
	for _, target := range []string{"/api/%69ndices", "/api/indices?x=1"} { // another spelling has the same limit
		accepted, _ := submit(target, "203.0.113.1")
		all += accepted
	}
	if at := most(began); all < burst || all > at {
		t.Errorf("%d of %d submissions of one client were accepted, not %d to %d", all, 3*submissions, burst, at)
	}
	for what, from := range map[string][]string{
		"another client":   {"203.0.113.2"},
		"one IPv6 network": {"2001:db8:1:2::1", "2001:db8:1:2:ffff::7"}, "another IPv6 network": {"2001:db8:1:3::1"},
	} {
		began := time.Now()
		accepted, _ := submit("/api/indices", from...)
		if at := most(began); accepted < burst || accepted > at {
			t.Errorf("%s: %d of %d were accepted, not %d to %d", what, accepted, submissions, burst, at)
		}
	}
	for range 12 {
		for _, target := range []string{"/api/indices", "/api/values", "/api/values/10", "/"} {
			if a := proxy.Get(target, "X-Forwarded-For: 203.0.113.1"); a.StatusCode != http.StatusOK {
				t.Fatalf("reading %s is limited: %d", target, a.StatusCode)
			}
		}
	}
}
