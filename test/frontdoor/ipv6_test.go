package frontdoor

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// ipv6Network makes a network with IPv4 and IPv6 and returns its name.
func ipv6Network(t *testing.T) string {
	t.Helper()
	return docker.Network(t, "--ipv6", "--subnet", fmt.Sprintf("fd00:%x:%x::/64", rand.Uint32()&0xffff, rand.Uint32()&0xffff))
}

// ipv6Of returns the IPv6 address of a container.
func ipv6Of(c *docker.Container) string {
	for _, network := range c.Inspect().NetworkSettings.Networks {
		return network.GlobalIPv6Address.String()
	}
	return ""
}

func TestIPv6_IsListenedOnWhereThereIsOne(t *testing.T) {
	t.Parallel()
	network := ipv6Network(t)
	client := docker.Run(t, "--read-only", "--tmpfs", "/tmp", "--network", network, "--network-alias", "client", docker.Image("client"))
	proxy := startProxy(t, "--network", network)
	for port, c := range map[string]*docker.Container{"8080": proxy.Container, "3000": client} {
		address := net.JoinHostPort(ipv6Of(c), port)
		testkit.Eventually(t, address, func() error {
			a, err := pisano.NewClient(t, address, "").Do(http.MethodGet, "/otherpage", "")
			if err == nil && (a.StatusCode != http.StatusOK || !strings.Contains(a.Text, "<title>Pisano</title>")) {
				err = fmt.Errorf("%d, %q", a.StatusCode, a.Text)
			}
			return err
		})
	}
}

func TestIPv6_UpstreamsAreFound(t *testing.T) {
	t.Parallel()
	network := ipv6Network(t)
	api := startReplica(t, "six", "--env", "LISTEN=listen [::]:8080;", "--network", network, "--network-alias", "api")
	startProxy(t, "--network", network).await("six")
	startProxy(t, "--network", network, "--env", "API_UPSTREAM=["+ipv6Of(api)+"]:8080").await("six")
	startProxy(t, "--network", network, "--add-host", "linked:"+ipv6Of(api), "--env", "API_UPSTREAM=linked:8080").await("six")
}

// noIPv6 is a seccomp profile that refuses IPv6 sockets.
const noIPv6 = `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 97,
	"args": [{"index": 0, "value": 10, "op": "SCMP_CMP_EQ"}]}]}`

func TestIPv6_IsNotNeeded(t *testing.T) {
	t.Parallel()
	profile := filepath.Join(t.TempDir(), "seccomp.json")
	if err := os.WriteFile(profile, []byte(noIPv6), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, options := range map[string][]string{
		"it is disabled":         {"--sysctl", "net.ipv6.conf.all.disable_ipv6=1"},
		"the kernel has none":    {"--security-opt", "seccomp=" + profile},
		"the network is without": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			network := docker.Network(t)
			docker.Run(t, append(options, "--read-only", "--tmpfs", "/tmp", "--network", network, "--network-alias", "client", docker.Image("client"))...)
			startReplica(t, "api", "--network", network, "--network-alias", "api")
			proxy := startProxy(t, append(options, "--network", network)...)
			proxy.await("api")
			testkit.Eventually(t, "the page", func() error {
				if a := proxy.Get("/"); a.StatusCode != http.StatusOK {
					return fmt.Errorf("%d", a.StatusCode)
				}
				return nil
			})
		})
	}
}
