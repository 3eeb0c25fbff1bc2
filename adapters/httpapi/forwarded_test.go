package httpapi_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

// sameAddress holds the forms in which proxies write two addresses. Each form
// identifies the same submitter as the plain address in X-Forwarded-For.
var sameAddress = map[string][][]string{
	"198.51.100.7": {
		{"X-Forwarded-For: 198.51.100.7:5678"},
		{"X-Forwarded-For:   198.51.100.7 "},
		{"X-Forwarded-For: ::ffff:198.51.100.7"},
		{"X-Forwarded-For: [::ffff:c633:6407]:443"},
		{`X-Forwarded-For: "198.51.100.7"`},
		{`X-Forwarded-For: "198.51.100.7:5678"`},
		{"X-Forwarded-For: 203.0.113.1,198.51.100.7:1,10.0.0.3:2"},
		{"X-Forwarded-For: 203.0.113.1", "X-Forwarded-For: 198.51.100.7, 10.0.0.3"},
		{"X-Forwarded-For: 198.51.100.7", "X-Forwarded-For: 10.0.0.3"},
		{"X-Forwarded-For: unknown, 198.51.100.7"},
		{"X-Forwarded-For: _hidden, 198.51.100.7, [fd00::1]:443"},
		{`X-Forwarded-For: ", 198.51.100.7`},
		{"X-Forwarded-For: 198.51.100.7", "Forwarded: for=203.0.113.1"},
		{"X-Forwarded-For: 198.51.100.7", "X-Real-IP: 203.0.113.1"},
		{"Forwarded: for=198.51.100.7"},
		{"Forwarded: For=198.51.100.7;proto=https;by=203.0.113.43"},
		{`forwarded: proto=https; for="198.51.100.7:5678" ; host=pisano.test`},
		{"Forwarded: for=203.0.113.1, for=198.51.100.7, for=10.0.0.3"},
		{"Forwarded: for=203.0.113.1", "Forwarded: for=198.51.100.7", `Forwarded: for="[fd00::1]:_port"`},
		{`Forwarded: for="203.0.113.1, for=198.51.100.7`},
		{`Forwarded: for=198.51.100.7;host="x\", for=203.0.113.1;host=\"x"`},
		{`Forwarded: for=_hidden, for=198.51.100.7`},
	},
	"2001:db8::7": {
		{"X-Forwarded-For: 2001:DB8:0:0:0:0:0:7"},
		{"X-Forwarded-For: [2001:db8::7]"},
		{"X-Forwarded-For: [2001:db8::7]:443"},
		{`X-Forwarded-For: "[2001:db8::7]:443"`},
		{`X-Forwarded-For: "2001:db8::7"`},
		{"X-Forwarded-For: 2001:db8::7%eth0"},
		{"X-Forwarded-For: [2001:db8::7%25eth0]:443, fd00::9"},
		{`Forwarded: for="[2001:db8::7]"`},
		{`Forwarded: for="[2001:db8::7]:443";proto=https, for="[fd00::9]:_port"`},
	},
}

func TestSubmitter_IsFoundInEveryFormThatProxiesWrite(t *testing.T) {
	t.Parallel()
	for plain, forms := range sameAddress {
		s := newSmallServer(t)
		s.submit(`{"indices": [1, 2, 3, 4, 5]}`, from(plain)).want(202)
		for _, form := range forms {
			if a := s.submit(`{"index": 6}`, form...); a.StatusCode != http.StatusTooManyRequests {
				t.Errorf("%q is not taken for %s: %d", form, plain, a.StatusCode)
			}
		}
		s.submit(`{"index": 6}`, from("203.0.113.1")).want(202) // another submitter is admitted
	}
}

// Without a valid address the proxy itself is the submitter.
func TestSubmitter_WithoutAnAddressIsTheProxy(t *testing.T) {
	t.Parallel()
	s := newSmallServer(t)
	s.submit(`{"indices": [1, 2, 3, 4, 5]}`).want(202)
	for _, form := range [][]string{
		{"X-Forwarded-For: unknown"}, {"X-Forwarded-For: _hidden"}, {"X-Forwarded-For: "}, {"X-Forwarded-For: ,"},
		{"X-Forwarded-For: 198.51.100.7, unknown"}, {"X-Forwarded-For: 198.51.100.7, "}, {"X-Forwarded-For: 198.51.100"},
		{"X-Forwarded-For: 198.51.100.007"}, {"X-Forwarded-For: [198.51.100.7"}, {"X-Forwarded-For: [2001:db8::1]x"},
		{"X-Forwarded-For: localhost"}, {"X-Forwarded-For: ", "Forwarded: for=198.51.100.7"},
		{"Forwarded: for=unknown"}, {"Forwarded: for=_hidden"}, {"Forwarded: by=198.51.100.7"}, {"Forwarded: 198.51.100.7"},
		{"Forwarded: for=198.51.100.7;for=198.51.100.8"}, {"Forwarded: for=198.51.100.7, by=10.0.0.3"}, {`Forwarded: for="`},
		{"X-Real-IP: 198.51.100.7"},
	} {
		if a := s.submit(`{"index": 6}`, form...); a.StatusCode != http.StatusTooManyRequests {
			t.Errorf("%q is taken for an address: %d", form, a.StatusCode)
		}
	}
}

func TestSubmitter_ForwardedOfAnUntrustedProxyIsIgnored(t *testing.T) {
	t.Parallel()
	s := newSmallServer(t)
	s.url = serve(t, httpapi.New(s.service, software, httpapi.Options{}, quiet)) // no trusted proxies
	s.submit(`{"indices": [1, 2, 3, 4, 5]}`, "Forwarded: for=198.51.100.7").want(202)
	s.submit(`{"index": 6}`, "Forwarded: for=198.51.100.8").want(429)
}

// Behind a proxy that is not trusted, all clients count as one, which its
// operator is to learn.
func TestSubmitter_AnUntrustedProxyIsLoggedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trusted  httpapi.TrustedProxies
		field    string
		warnings int
	}{
		"X-Forwarded-For": {nil, "X-Forwarded-For: 198.51.100.7", 1},
		"Forwarded":       {nil, "Forwarded: for=198.51.100.7", 1},
		"a client":        {nil, "Accept: */*", 0},
		"a trusted proxy": {httpapi.PrivateNetworks(), "X-Forwarded-For: 198.51.100.7", 0},
	} {
		var log lockedBuffer
		s := newTestServer(t, nil)
		s.url = serve(t, httpapi.New(s.service, software, httpapi.Options{TrustedProxies: c.trusted}, slog.New(slog.NewTextHandler(&log, nil))))
		for range 3 {
			s.get("/indices", c.field).want(200)
		}
		if n := strings.Count(log.String(), "level=WARN"); n != c.warnings || n > 0 && !strings.Contains(log.String(), "not a trusted proxy") {
			t.Errorf("%s: the log is %q", name, log.String())
		}
	}
}
