package frontdoor

import (
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// A name server of one name, NAME, whose IPv4 address is ADDRESS.
const nameServer = `
use strict; use IO::Socket::IP; use Socket qw(inet_aton);
my $s = IO::Socket::IP->new(LocalAddr => "::", LocalPort => 53, Proto => "udp", V6Only => 0) or die $@;
while (my $from = $s->recv(my $q, 512)) {
  my ($id, $at, @labels) = (substr($q, 0, 2), 12);
  while (my $n = ord substr($q, $at, 1)) { push @labels, lc substr($q, $at + 1, $n); $at += $n + 1; }
  my $type = unpack "n", substr($q, $at + 1, 2);
  my $question = substr($q, 12, $at + 5 - 12);
  my $known = join(".", @labels) eq $ENV{NAME};
  my $answer = $known && $type == 1 ? pack("nnnNn", 0xc00c, 1, 1, 1, 4) . inet_aton($ENV{ADDRESS}) : "";
  $s->send($id . pack("nnnnn", $known ? 0x8580 : 0x8583, 1, $answer ? 1 : 0, 0, 0) . $question . $answer, 0, $from);
}`

// linkLocal returns the link-local IPv6 address of a container.
func linkLocal(c *docker.Container) string {
	return strings.TrimSpace(c.Exec("awk", `/^fe80/ && $6 == "eth0" { gsub(/..../, "&:", $1); sub(/:$/, "", $1); print $1 }`, "/proc/net/if_inet6"))
}

func TestResolver_FindsUpstreamsByAnyNameServerAndSearchDomain(t *testing.T) {
	t.Parallel()
	network := ipv6Network(t)
	replica := startReplica(t, "found", "--network", network)
	server := docker.Run(t, "--network", network, "--user", "0", "--env", "NAME=api.shop.example",
		"--env", "ADDRESS="+replica.IP(),
		"--entrypoint", "perl", docker.Image("nginx"), "-e", nameServer)
	four, six := server.IP(), ipv6Of(server)
	for name, row := range map[string]struct{ upstream, resolv string }{
		"IPv4":                            {"api.shop.example", "nameserver " + four},
		"IPv6":                            {"api.shop.example", "nameserver " + six},
		"IPv6 with a zone":                {"api.shop.example", "nameserver " + linkLocal(server) + "%eth0"},
		"IPv6 with a zone, and IPv4":      {"api.shop.example", "nameserver " + linkLocal(server) + "%eth0\nnameserver " + four},
		"the second of two":               {"api.shop.example", "nameserver 192.0.2.1\nnameserver " + four},
		"a search domain":                 {"api", "search shop.example\nnameserver " + four},
		"one of several":                  {"api", "nameserver " + six + "\nsearch example.com. shop.example. example"},
		"a domain":                        {"api", "domain shop.example\nnameserver " + six},
		"the last search counts":          {"api", "search example.com\nsearch shop.example\nnameserver " + four},
		"as in Kubernetes":                {"api.shop", "search x.svc.cluster.local svc.cluster.local example\nnameserver " + four + "\noptions ndots:5"},
		"as Docker has it":                {"api", "nameserver " + four + "\nsearch shop.example\noptions edns0 trust-ad ndots:0"},
		"a whole name among domains":      {"api.shop.example", "search shop.example example\nnameserver " + six + "\noptions ndots:5"},
		"a whole name that ends in a dot": {"api.shop.example.", "search shop.example example\nnameserver " + six},
		"a search domain, in a zone":      {"api", "search shop.example\nnameserver " + linkLocal(server) + "%eth0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := mountable(t, "resolv.conf", []byte("# made by a test\n"+row.resolv+"\n"))
			proxy := startProxy(t, "--network", network, "--volume", file+":/etc/resolv.conf:ro", "--env", "API_UPSTREAM="+row.upstream+":8080")
			proxy.await("found")
		})
	}
}
