package httpapi

import (
	"net/http"
	"strings"
)

// evaluatePreconditions evaluates the preconditions of a GET or HEAD request
// for a representation with the given strong ETag, in the order of RFC 9110,
// section 13.2.2. It returns the status to respond with, 412 or 304, or 200 if
// the request is to be performed.
//
// If-Modified-Since and If-Unmodified-Since are ignored, as the RFC requires
// for a representation without a modification date.
func evaluatePreconditions(header http.Header, tag string) int {
	if field := listField(header, "If-Match"); field != "" && !containsTag(field, tag, strong) {
		return http.StatusPreconditionFailed
	}
	if field := listField(header, "If-None-Match"); field != "" && containsTag(field, tag, weak) {
		return http.StatusNotModified
	}
	return http.StatusOK
}

// rangeApplies reports whether the If-Range field of a request, if there is
// one, lets its Range field apply: it has to be the strong ETag. A date never
// matches a representation without a modification date.
func rangeApplies(header http.Header, tag string) bool {
	field := header.Get("If-Range")
	return field == "" || field == tag
}

// listField returns the members of all fields of a name as one list.
func listField(header http.Header, name string) string {
	return strings.Join(header.Values(name), ",")
}

// joinFields makes one field of all fields of a name, which is a list.
func joinFields(header http.Header, name string) {
	if len(header[name]) > 1 {
		header[name] = []string{listField(header, name)}
	}
}

// comparison is how ETags are compared: RFC 9110, section 8.8.3.2.
type comparison bool

const (
	strong comparison = false // a weak ETag equals none
	weak   comparison = true  // a weak ETag equals the strong one of the same text
)

// containsTag reports whether a list of ETags, or "*", matches a strong ETag.
// The list ends where it is malformed.
func containsTag(list, tag string, how comparison) bool {
	for {
		list = strings.TrimLeft(list, " \t,")
		if rest, star := strings.CutPrefix(list, "*"); star {
			rest = strings.TrimLeft(rest, " \t")
			return rest == "" || rest[0] == ','
		}
		candidate, rest, ok := cutTag(list)
		if !ok {
			return false
		}
		if how == weak {
			candidate = strings.TrimPrefix(candidate, "W/")
		}
		if candidate == tag {
			return true
		}
		list = rest
	}
}

// cutTag cuts the ETag off with which a list begins.
func cutTag(list string) (tag, rest string, ok bool) {
	opaque, quoted := strings.CutPrefix(strings.TrimPrefix(list, "W/"), `"`)
	if !quoted {
		return "", list, false
	}
	end := strings.IndexByte(opaque, '"')
	if end < 0 {
		return "", list, false
	}
	rest = opaque[end+1:]
	return list[:len(list)-len(rest)], rest, true
}
