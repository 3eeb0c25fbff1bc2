package frontdoor

import (
	"net/http"
	"strings"
	"testing"
)

func TestSettings_MayEndWithALineBreak(t *testing.T) {
	t.Parallel()
	api, client := serve(t, echoing("api")), serve(t, echoing("client"))
	proxy := startProxy(t, "--env", "API_UPSTREAM="+api.address+"\n", "--env", "CLIENT_UPSTREAM="+client.address+"\r\n", "--env", "PISANO_TRUSTED_PROXIES= 10.0.0.0/8, 192.168.0.0/16\r\n",
		"--env", "PISANO_SUBMISSION_RATE=7\n", "--env", "PISANO_SUBMISSION_BURST=9\r\n", "--env", "PISANO_CACHE_SIZE=7m\n",
		"--env", "PISANO_EXPLORER_RATE=3\n", "--env", "PISANO_EXPLORER_BURST=5\r\n",
		"--env", "PISANO_MAX_OPEN_REQUESTS=11\r\n")
	for target, who := range map[string]string{"/api/indices": "api", "/": "client"} {
		if a := proxy.try(http.MethodGet, target, ""); a.err != nil || !strings.Contains(a.Text, who) {
			t.Errorf("%s: %s, %v", target, a.Text, a.err)
		}
	}
	written := proxy.Exec("cat", "/tmp/pisano/http.conf", "/tmp/pisano/submissions.conf", "/tmp/pisano/explorer.conf", "/tmp/pisano/open-requests.conf")
	for _, want := range []string{"rate=7r/s;", "burst=9 nodelay;", "rate=3r/s;", "burst=5 nodelay;", "limit_conn open_requests 11;", "max_size=7m ", "set_real_ip_from 10.0.0.0/8;", "set_real_ip_from 192.168.0.0/16;"} {
		if !strings.Contains(written, want) {
			t.Errorf("no %q in\n%s", want, written)
		}
	}
}
