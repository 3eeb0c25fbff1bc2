package httpapi

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// TrustedProxies are the networks of the proxies whose X-Forwarded-For and
// Forwarded fields are trusted.
type TrustedProxies []netip.Prefix

// PrivateNetworks returns the loopback and the private networks, for an API that
// only its front door can reach.
func PrivateNetworks() TrustedProxies {
	var all TrustedProxies
	for _, network := range []string{
		"127.0.0.0/8", "::1/128",
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", // RFC 1918 and 4193
	} {
		all = append(all, netip.MustParsePrefix(network))
	}
	return all
}

// UnmarshalText parses networks such as 10.0.0.0/8, separated by commas.
func (t *TrustedProxies) UnmarshalText(text []byte) error {
	*t = nil
	for network := range strings.SplitSeq(string(text), ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(network))
		if err != nil {
			return fmt.Errorf("not a network: %w", err)
		}
		if address := prefix.Addr(); address.Is4In6() && prefix.Bits() >= 96 {
			prefix = netip.PrefixFrom(address.Unmap(), prefix.Bits()-96) // addresses are unmapped, too
		}
		*t = append(*t, prefix)
	}
	return nil
}

func (t TrustedProxies) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(t, func(p netip.Prefix) bool { return p.Contains(address) })
}

// submitter returns the submitter that a request comes from: the nearest address
// on its path that is not a trusted proxy, or the farthest if all are. Header
// entries beyond that address may be forged.
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

// ignores reports whether a request that looks as if it came through a local
// proxy has fields that are not trusted.
func (t TrustedProxies) ignores(r *http.Request) bool {
	if r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == "" {
		return false
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	address := peer.Addr().Unmap()
	return err == nil && PrivateNetworks().trusts(address) && !t.trusts(address)
}

func parseAddress(text string) (netip.Addr, error) {
	address, err := netip.ParseAddr(text)
	return address.Unmap().WithZone(""), err
}

// submitterAt returns the submitter with an address. In IPv6 it is the /64
// network, which usually belongs to one customer.
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
