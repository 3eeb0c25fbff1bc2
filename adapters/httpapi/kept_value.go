package httpapi

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

// answerKept is a middleware of getValue. It answers from memory if the value is
// kept there, encoded: parsing the request and encoding the answer would cost
// several times as much. Everything else it leaves to getValue.
func (a *api) answerKept(hc huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(hc)
	n, ok := canonicalIndex(r.PathValue("index"))
	if !ok || r.Header["Prefer"] != nil {
		next(hc)
		return
	}
	status, kept := a.service.Kept(r.Context(), n)
	if !kept {
		next(hc)
		return
	}
	tag := valueTag(*status.Summary)
	header := w.Header()
	header["Cache-Control"] = []string{cacheImmutable}
	header["Etag"] = []string{tag}
	if containsTag(r.Header.Get("If-None-Match"), tag, weak) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	writeJSON(w, status.EncodedSummary(encodeValue))
}

// canonicalIndex parses an index as IndexPath accepts it.
func canonicalIndex(text string) (core.Index, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return core.Index(n), err == nil && strconv.FormatInt(n, 10) == text
}

// encodeValue returns the body of the answer of getValue for a calculated value.
func encodeValue(s core.Summary) []byte {
	return encodeJSON(valueState(core.Status{Index: s.Index, State: core.StateCalculated, Summary: &s}))
}
