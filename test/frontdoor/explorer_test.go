package frontdoor

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestExplorer_IsServedFromTheCacheWithTheAPIStopped(t *testing.T) {
	t.Parallel()
	server := serve(t, newAPI(t))
	proxy := startProxy(t, "--env", "API_UPSTREAM="+server.address)
	const csv, json, all = "Accept: text/csv", "Accept: application/json", "Accept: */*"
	long := "1" + strings.Repeat("0", 1000)
	rows := []struct{ target, accept string }{
		{"/api/numbers/" + long, all}, {"/api/numbers/-8", all},
		{"/api/numbers/" + long + "/mod/" + long, all}, {"/api/numbers/10/mod/7", all}, {"/api/numbers/10/mod/7?steps=true", all},
		{"/api/periods/10", all}, {"/api/periods/10?sequence=true", all},
		{"/api/inverse/832040", all}, {"/api/inverse/-8", all},
		{"/api/zeckendorf/100", all},
		{"/api/numbers?from=0&to=20", json}, {"/api/numbers?from=0&to=20", csv},
	}
	var first []pisano.Answer
	for _, row := range rows {
		a := proxy.Get(row.target, row.accept)
		if a.StatusCode != http.StatusOK || cached(a) != "MISS" || !strings.HasPrefix(a.Header.Get("Cache-Control"), immutable) {
			t.Fatalf("%s, %s: %d, %s, %v", row.target, row.accept, a.StatusCode, cached(a), a.Header)
		}
		proxy.awaitCached(row.target, row.accept)
		first = append(first, a)
	}
	server.Close()
	for i, row := range rows {
		a, before := proxy.Get(row.target, row.accept), first[i]
		if a.StatusCode != http.StatusOK || cached(a) != "HIT" || a.Text != before.Text || a.Text == "" ||
			a.Header.Get("Cache-Control") != before.Header.Get("Cache-Control") || a.Header.Get("Content-Type") != before.Header.Get("Content-Type") {
			t.Errorf("%s, %s: %d, %s, %v, %q", row.target, row.accept, a.StatusCode, cached(a), a.Header, a.Text)
		}
		for j := range i {
			if first[j].Text == before.Text {
				t.Errorf("%s, %s has the answer of %s, %s", row.target, row.accept, rows[j].target, rows[j].accept)
			}
		}
	}
}

func TestExplorer_RefusalsAreNotCached(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	proxy := startProxy(t, "--env", "API_UPSTREAM="+serve(t, api).address)
	for _, target := range []string{
		"/api/numbers/1" + strings.Repeat("0", 1001), "/api/numbers/007", "/api/numbers/10/mod/0", "/api/periods/0", "/api/periods/10?sequence=perhaps",
		"/api/inverse/x", "/api/zeckendorf/-1", "/api/numbers?from=5&to=0", "/api/numbers?from=0", "/api/numbers?from=0&to=1000000",
	} {
		for range 3 {
			api.takeRequests()
			a := proxy.Get(target)
			if a.StatusCode != http.StatusUnprocessableEntity || cached(a) == "HIT" || len(api.takeRequests()) != 1 {
				t.Errorf("%s: %d, %s", target, a.StatusCode, cached(a))
			}
		}
	}
}

func TestExplorer_IsLimitedApartFromSubmissions(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"), "--env", "PISANO_EXPLORER_RATE=1", "--env", "PISANO_EXPLORER_BURST=4",
		"--env", "PISANO_TRUSTED_PROXIES=172.16.0.0/12,192.168.0.0/16,10.0.0.0/8")
	const client, other = "X-Forwarded-For: 203.0.113.1", "X-Forwarded-For: 203.0.113.2"
	questions := []struct{ method, target string }{
		{http.MethodGet, "/api/numbers/10"}, {http.MethodGet, "/api/numbers?from=0&to=9"}, {http.MethodGet, "/api/numbers/10/mod/7"},
		{http.MethodGet, "/api/periods/10"}, {http.MethodGet, "/api/inverse/55"}, {http.MethodPost, "/api/inverse"}, {http.MethodGet, "/api/zeckendorf/10"},
	}
	began, answered := time.Now(), 0
	refused := make(map[string]bool)
	for len(refused) < len(questions) {
		for _, q := range questions {
			a := proxy.Send(q.method, q.target, "", client)
			if a.StatusCode == http.StatusOK {
				answered++
				continue
			}
			refused[q.method+q.target] = true
			p := a.Problem(http.StatusTooManyRequests)
			if p.Kind != "overloaded" || p.WaitSeconds != 1 || a.Header.Get("Retry-After") != "1" || !strings.Contains(p.Detail, "asking too fast") {
				t.Errorf("%s %s: %+v", q.method, q.target, p)
			}
			// What is not a question to the explorer, and other clients, are not concerned.
			for _, free := range []struct{ method, target, client string }{
				{http.MethodPost, "/api/indices", client}, {http.MethodGet, "/api/indices", client}, {http.MethodGet, "/api/values/10", client}, {http.MethodGet, "/", client},
			} {
				if a := proxy.Send(free.method, free.target, "", free.client); a.StatusCode != http.StatusOK {
					t.Fatalf("%s %s: %d", free.method, free.target, a.StatusCode)
				}
			}
		}
		// One is answered for each second that has passed.
		if most := 1 + 4 + 1 + int(time.Since(began).Seconds()); answered > most {
			t.Fatalf("%d questions were answered, not %d", answered, most)
		}
	}
	if a := proxy.Get("/api/numbers/10", other); a.StatusCode != http.StatusOK {
		t.Errorf("another client: %d", a.StatusCode)
	}
}
