package httpapi

import (
	"errors"
	"iter"
	"net/http"
	"net/netip"
	"strings"
)

// forwardedFor iterates over the addresses that proxies have recorded in the
// header of a request, as they were written. The address recorded by the
// nearest proxy comes first.
//
// A trusted proxy must set or remove X-Forwarded-For; otherwise its clients can
// choose their address.
//
// Forwarded (RFC 7239) is used only if X-Forwarded-For is absent: a proxy that
// sets the latter passes on whatever a client wrote into the former. X-Real-IP
// is not used, because it describes one proxy at most.
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

// forParameter returns the parameter "for" of an element of Forwarded, or "" if
// there is none or more than one.
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

// fromLast iterates over the elements of a list from the last to the first. A
// separator within quotes does not count. Quotes are matched from the end, which
// trusted proxies wrote, so that an unmatched quote by a client hides nothing.
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

// escaped reports whether text ends in an odd number of backslashes.
func escaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

var errNoAddress = errors.New("no address")

// parseNode parses an address in any form that proxies write: alone, with a
// port, in brackets, in quotes. The obfuscated identifiers of RFC 7239, such as
// unknown and _hidden, are not addresses.
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
