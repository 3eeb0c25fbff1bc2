package docker

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
)

// HostAddress returns the IPv4 address at which containers of the default network reach this machine. It is read from a
// container's entry for host-gateway: an engine that has never been restarted does not name the gateway of its network to
// `docker network inspect`.
func HostAddress(t testing.TB) string {
	t.Helper()
	image, label := ServerImage(t, RedisImage), OwnerLabel(t)
	hostAddress.once.Do(func() { hostAddress.ip, hostAddress.err = findHost(image, label) })
	if hostAddress.err != nil {
		t.Fatal(hostAddress.err)
	}
	return hostAddress.ip
}

var hostAddress struct {
	once sync.Once
	ip   string
	err  error
}

func findHost(image, label string) (string, error) {
	const name = "host.pisano.test"
	hosts, err := Try(context.Background(), "docker", "run", "--rm", "--pull", "never", "--label", label,
		"--add-host", name+":host-gateway", "--entrypoint", "cat", image, "/etc/hosts")
	if err != nil {
		return "", fmt.Errorf("asking the engine for the address of this machine: %w", err)
	}
	return addressOf(name, hosts)
}

// addressOf returns the IPv4 address of a name in a hosts file.
func addressOf(name, hosts string) (string, error) {
	for line := range strings.Lines(hosts) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[1] != name {
			continue
		}
		if ip, err := netip.ParseAddr(fields[0]); err == nil && ip.Is4() && !ip.IsUnspecified() {
			return ip.String(), nil
		}
	}
	return "", fmt.Errorf("the Docker engine names no IPv4 address for host-gateway, where containers reach this machine:\n%s", hosts)
}
