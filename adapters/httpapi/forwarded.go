package httpapi

import (
	"errors"
	"iter"
	"net/http"
	"net/netip"
	"strings"
)

// forwardedFor returns for whom the proxies on the way of a request say that
// they ask, the nearest to us first, each as the proxy wrote it.
//
// A trusted proxy must set or remove X-Forwarded-For, or its clients choose
// their own address.
//
// X-Forwarded-For counts where it is present, Forwarded (RFC 7239) only where
// it is not: a proxy that writes the first passes on whatever a client wrote
// into the second. X-Real-IP is not read: it does not tell of more than one
// proxy.
func forwardedFor(header http.Header) iter.Seq[string] {
	if lines := header.Values("X-Forwarded-For"); len(lines) > 0 {
		return fromLast(strings.Join(lines, ","), ',')
	}
	lines := header.Values("Forwarded")
	return func(yield func(string) bool) {
		if len(lines) == 0 {
			return
		}
		for element := range fromLast(strings.Join(lines, ","), ',') {
			if !yield(forParameter(element)) {
				return
			}
		}
	}
}

// forParameter returns the parameter "for" of an element of Forwarded, "" if
// there is none, or more than one.
func forParameter(element string) string {
	var node string
	for pair := range fromLast(element, ';') {
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case !strings.EqualFold(strings.TrimSpace(name), "for"):
		case node != "":
			return ""
		default:
			node = value
		}
	}
	return node
}

// fromLast returns the parts of a list, the last first. A separator between
// quotes is none. Quotes are matched from the end, which trusted proxies
// wrote: an odd one that a client wrote before hides nothing.
func fromLast(list string, separator byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		quoted, end := false, len(list)
		for i := len(list) - 1; i >= 0; i-- {
			switch {
			case list[i] == '"' && !escaped(list[:i]):
				quoted = !quoted
			case list[i] == separator && !quoted:
				if !yield(list[i+1 : end]) {
					return
				}
				end = i
			}
		}
		yield(list[:end])
	}
}

// escaped reports whether a text ends with an odd number of backslashes.
func escaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

var errNoAddress = errors.New("no address")

// parseNode reads an address in any form that proxies write: alone, with a
// port, in brackets, in quotes. Those that hide whom they ask for, as unknown
// or _something, give no address.
func parseNode(text string) (netip.Addr, error) {
	text = strings.TrimSpace(text)
	if inside, quoted := strings.CutPrefix(text, `"`); quoted {
		text = strings.TrimSpace(strings.TrimSuffix(inside, `"`))
	}
	if inside, bracketed := strings.CutPrefix(text, "["); bracketed {
		address, port, closed := strings.Cut(inside, "]")
		if !closed || port != "" && port[0] != ':' {
			return netip.Addr{}, errNoAddress
		}
		text = address
	} else if strings.Count(text, ":") == 1 {
		text, _, _ = strings.Cut(text, ":")
	}
	return parseAddress(text)
}
