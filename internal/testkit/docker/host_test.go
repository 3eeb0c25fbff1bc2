package docker

import (
	"strings"
	"testing"
)

func TestHostAddress_IsTakenFromTheHostsOfAContainer(t *testing.T) {
	t.Parallel()
	const name = "host.pisano.test"
	for what, row := range map[string]struct{ hosts, want string }{
		"IPv4":          {"127.0.0.1\tlocalhost\n172.17.0.1\thost.pisano.test\n172.17.0.2\t8c1f\n", "172.17.0.1"},
		"both families": {"fd00::1\thost.pisano.test\n172.18.0.1\thost.pisano.test\n", "172.18.0.1"},
	} {
		if got, err := addressOf(name, row.hosts); err != nil || got != row.want {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
}

func TestHostAddress_ThatIsMissingIsAnError(t *testing.T) {
	t.Parallel()
	for what, hosts := range map[string]string{
		"nothing":        "",
		"another name":   "172.17.0.1\thost\n",
		"no address":     "\thost.pisano.test\n",
		"unspecified":    "0.0.0.0\thost.pisano.test\n",
		"IPv6 only":      "fd00::1\thost.pisano.test\n",
		"not an address": "host-gateway\thost.pisano.test\n",
	} {
		if got, err := addressOf("host.pisano.test", hosts); err == nil || !strings.Contains(err.Error(), "host-gateway") || got != "" {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
}
