package frontdoor

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func TestForwarding_TellsUpstreamsClientAndHost(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	targets := []string{"/api/", "/api/indices", "/api/events", "/api/values/10", "/api/values/10/digits",
		"/api/numbers/10", "/api/numbers?from=0&to=9", "/api/inverse", "/readyz", "/", "/otherpage"}
	connection := map[string]string{"/api/values/10/digits": "close"} // other connections are kept
	for _, target := range targets {
		e := echoed(proxy.Get(target, "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.test",
			"Forwarded: for=203.0.113.9", "Upgrade: websocket", "X-Request-Id: mine-1"))
		if e.Host != "pisano.test:3050" || e.Header.Get("X-Forwarded-Host") != "pisano.test:3050" {
			t.Errorf("%s: asked of %q, forwarded %q", target, e.Host, e.Header.Get("X-Forwarded-Host"))
		}
		if got := e.Header.Get("X-Request-Id"); got != "mine-1" {
			t.Errorf("%s: request %q", target, got)
		}
		// The fields of an untrusted client are dropped.
		client, err := netip.ParseAddr(e.Header.Get("X-Forwarded-For"))
		if err != nil || client.String() == "203.0.113.9" || e.Header.Get("X-Forwarded-Proto") != "http" || e.Header.Get("Forwarded") != "" {
			t.Errorf("%s: %v", target, e.Header)
		}
		if e.Header.Get("Upgrade") != "" || e.Header.Get("Connection") != connection[target] {
			t.Errorf("%s: upgraded to %q, connection %q", target, e.Header.Get("Upgrade"), e.Header.Get("Connection"))
		}
	}
	if e := echoed(proxy.Get("/api/", "Host: x")); e.Who != "" {
		t.Errorf("two hosts: %+v", e)
	}
}

func TestForwarding_BelievesATrustedBalancer(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"), "--env", "PISANO_TRUSTED_PROXIES=10.0.0.0/8, 172.16.0.0/12,192.168.0.0/16")
	for _, row := range []struct{ forwarded, want string }{
		{"203.0.113.9", "203.0.113.9"},
		{"198.51.100.1, 203.0.113.9", "203.0.113.9"}, // what precedes it is from the client
		{"203.0.113.9, 10.1.2.3", "203.0.113.9"},     // two balancers
		{"2001:db8::9", "2001:db8::9"},
		{"203.0.113.9:5678", "203.0.113.9"},
		{"203.0.113.9:5678,10.1.2.3:80", "203.0.113.9"},
		{"[2001:db8::9]:443", "2001:db8::9"},
		{"[2001:db8::9]", "2001:db8::9"},
		{"203.0.113.9\r\nX-Forwarded-For: 10.1.2.3", "203.0.113.9"}, // two lines
		{"203.0.113.9\r\nForwarded: for=198.51.100.1", "203.0.113.9"},
		{"203.0.113.9\r\nX-Real-IP: 198.51.100.1", "203.0.113.9"},
	} {
		for proto, scheme := range map[string]string{"https": "https", "http": "http", "gopher": "http", "": "http"} {
			a := proxy.Get("/api/", "X-Forwarded-For: "+row.forwarded, "X-Forwarded-Proto: "+proto)
			e := echoed(a)
			if e.Header.Get("X-Forwarded-For") != row.want || e.Header.Get("Forwarded") != "" || e.Header.Get("X-Forwarded-Proto") != scheme {
				t.Errorf("%s by %q: %v", row.forwarded, proto, e.Header)
			}
			if secure := a.Header.Get("Strict-Transport-Security"); (secure != "") != (scheme == "https") {
				t.Errorf("by %q: Strict-Transport-Security: %q", proto, secure)
			}
		}
	}
}

// An address that nginx can't parse reaches the API, which can, as if the API were behind the balancer itself.
func TestForwarding_PassesAddressesThatNginxCannotParse(t *testing.T) {
	t.Parallel()
	api := serve(t, echoing("api")).address
	proxy := startProxy(t, "--env", "API_UPSTREAM="+api, "--env", "PISANO_TRUSTED_PROXIES=10.0.0.0/8, 172.16.0.0/12,192.168.0.0/16")
	for _, forwarded := range []string{`"[2001:db8::9]:443"`, `"203.0.113.9"`, "2001:db8::9%eth0", "unknown"} {
		got := echoed(proxy.Get("/api/", "X-Forwarded-For: "+forwarded)).Header.Get("X-Forwarded-For")
		chain, balancer, _ := strings.Cut(got, ", ")
		if _, err := netip.ParseAddr(balancer); err != nil || chain != forwarded {
			t.Errorf("%s reaches the API as %q", forwarded, got)
		}
	}
	untrusting := startProxy(t, "--env", "API_UPSTREAM="+api)
	if got := echoed(untrusting.Get("/api/", `X-Forwarded-For: "[2001:db8::9]"`)).Header.Get("X-Forwarded-For"); strings.Contains(got, "2001") {
		t.Errorf("the field of an untrusted client reaches the API: %q", got)
	}
	if a := proxy.Get("/api/", "X-Forwarded-For: "); strings.Contains(echoed(a).Header.Get("X-Forwarded-For"), ",") {
		t.Errorf("nothing reaches the API as %q", echoed(a).Header.Get("X-Forwarded-For"))
	}
}

func TestRequestID_IsTheSameInAnswerLogAndUpstream(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, echoing("api"), echoing("client"))
	for given, own := range map[string]bool{
		"mine-2": true, "odd\"name\\": true, strings.Repeat("x", 128): true,
		strings.Repeat("x", 129): false, "two words": false, "": false,
	} {
		for _, target := range []string{"/api/", "/otherpage", "/healthz", "/api/metrics"} {
			a := proxy.Get(target, "X-Request-Id: "+given)
			id := a.Header.Values("X-Request-Id")
			if len(id) != 1 || (id[0] == given) != own || !regexp.MustCompile(`^[!-~]{1,128}$`).MatchString(id[0]) {
				t.Fatalf("%s, named %q: %q", target, given, id)
			}
			if e := echoed(a); e.Who != "" && e.Header.Get("X-Request-Id") != id[0] {
				t.Errorf("%s is %q upstream and %q in the answer", target, e.Header.Get("X-Request-Id"), id[0])
			}
		}
	}
}

func TestSecurityHeaders_AreInAllAnswersOnce(t *testing.T) {
	t.Parallel()
	api := httpapi.New(nil, httpapi.Software{}, httpapi.Options{}, quiet)
	proxy := startProxyBetween(t, api, echoing("client"))
	for target, status := range map[string]int{
		"/": 200, "/assets/x.js": 200, "/api/docs": 200, "/api/healthz": 200, "/api/nothing": 404, "/api/metrics": 404,
		"/healthz": 200, "/api": 308, "/%00": 400,
	} {
		a := proxy.Get(target)
		if a.StatusCode != status {
			t.Errorf("%s: %d, want %d", target, a.StatusCode, status)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": httpapi.ContentSecurityPolicy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Server": "nginx",
		} {
			if got := strings.Join(a.Header.Values(name), " | "); got != want || want == "" {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
		if a.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HTTPS is demanded over HTTP", target)
		}
		if n := len(a.Header.Values("Cache-Control")); n > 1 {
			t.Errorf("%s: %q", target, a.Header.Values("Cache-Control"))
		}
	}
}

func TestCompression_IsOfTextForClientsThatAcceptIt(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 1000)
	upstream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		w.Header().Set("ETag", `"1"`)
		_, _ = w.Write([]byte(long))
	})
	proxy := startProxyBetween(t, upstream, upstream)
	for kind, compressed := range map[string]bool{
		"text/html;charset=utf-8": true, "text/javascript": true, "application/javascript": true, "text/css": true, "image/svg+xml": true,
		"application/json": true, "text/plain": true, "font/woff2": false, "image/png": false, "text/event-stream": false,
	} {
		for _, path := range []string{"/api/x?type=", "/x?type="} {
			encoded := proxy.Get(path+url.QueryEscape(kind), "Accept-Encoding: gzip, br")
			if got := encoded.Header.Get("Content-Encoding") == "gzip" && len(encoded.Text) < len(long)/10; got != compressed {
				t.Errorf("%s%s: %v, %d bytes", path, kind, encoded.Header, len(encoded.Text))
			}
			if plain := proxy.Get(path + url.QueryEscape(kind)); plain.Header.Get("Content-Encoding") != "" || plain.Text != long {
				t.Errorf("%s%s, plain: %v, %d bytes", path, kind, plain.Header, len(plain.Text))
			}
			if compressed && encoded.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s%s: Vary: %q", path, kind, encoded.Header.Get("Vary"))
			}
		}
	}
}

// The API compares Origin with Host, which nginx must pass on with its port.
func TestSubmission_ByAPageOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	proxy := startProxyBetween(t, newAPI(t), echoing("client"))
	for name, row := range map[string]struct {
		status int
		fields []string
	}{
		"a program":                 {http.StatusAccepted, nil},
		"the page":                  {http.StatusAccepted, []string{"Origin: http://pisano.test:3050"}},
		"the page, by HTTPS":        {http.StatusAccepted, []string{"Origin: https://pisano.test", "Sec-Fetch-Site: same-origin"}},
		"another site":              {http.StatusForbidden, []string{"Origin: https://evil.test", "Sec-Fetch-Site: cross-site"}},
		"another site, without TLS": {http.StatusForbidden, []string{"Origin: http://evil.test"}},
		"another port":              {http.StatusForbidden, []string{"Origin: http://pisano.test"}},
		"a forged host":             {http.StatusForbidden, []string{"Origin: http://evil.test", "X-Forwarded-Host: evil.test"}},
	} {
		a := proxy.Send(http.MethodPost, "/api/indices", `{"index":10000000}`, row.fields...)
		if calculated := a.StatusCode == http.StatusOK && row.status == http.StatusAccepted; a.StatusCode != row.status && !calculated {
			t.Errorf("%s: %d, want %d", name, a.StatusCode, row.status)
		}
		if row.status == http.StatusForbidden {
			if p := a.Problem(http.StatusForbidden); !strings.Contains(p.Detail, "another site") {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
}
