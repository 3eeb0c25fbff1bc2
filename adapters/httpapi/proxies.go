package httpapi

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// TrustedProxies are the networks of the proxies that are believed when they
// say, in X-Forwarded-For or Forwarded, for whom they ask.
type TrustedProxies []netip.Prefix

// DefaultTrustedProxies returns this machine and private networks.
func DefaultTrustedProxies() TrustedProxies {
	var all TrustedProxies
	for _, network := range []string{
		"127.0.0.0/8", "::1/128",
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", // RFC 1918 and 4193
	} {
		all = append(all, netip.MustParsePrefix(network))
	}
	return all
}

// UnmarshalText reads networks such as 10.0.0.0/8, separated by commas.
func (t *TrustedProxies) UnmarshalText(text []byte) error {
	*t = nil
	for network := range strings.SplitSeq(string(text), ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(network))
		if err != nil {
			return fmt.Errorf("not a network: %w", err)
		}
		if address := prefix.Addr(); address.Is4In6() && prefix.Bits() >= 96 {
			prefix = netip.PrefixFrom(address.Unmap(), prefix.Bits()-96) // as addresses are compared
		}
		*t = append(*t, prefix)
	}
	return nil
}

func (t TrustedProxies) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(t, func(p netip.Prefix) bool { return p.Contains(address) })
}

// submitter returns who asks: the address that is nearest to us on the way of the
// request and is not a trusted proxy, or else the farthest. What stands before
// that in the header anybody may have written.
func (t TrustedProxies) submitter(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	address, err := parseAddress(host)
	if err != nil {
		return ""
	}
	for hop := range forwardedFor(r.Header) {
		before, err := parseNode(hop)
		if err != nil || !t.trusts(address) {
			break
		}
		address = before
	}
	return submitterAt(address)
}

func parseAddress(text string) (netip.Addr, error) {
	address, err := netip.ParseAddr(text)
	return address.Unmap().WithZone(""), err
}

// submitterAt is who has an address: with IPv6 whoever has one has all of its
// first 64 bits.
func submitterAt(address netip.Addr) string {
	if address.Is4() {
		return address.String()
	}
	network, err := address.Prefix(64)
	if err != nil {
		return ""
	}
	return network.String()
}
