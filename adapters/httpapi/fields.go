package httpapi

import (
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// joinedFields are the header fields with the same name that are read as one, of
// which Huma would read the first. Most are lists, which a client may divide. Ranges
// become several, which are refused, and keys become another key.
var joinedFields = [...]string{"Accept", "Idempotency-Key", "If-None-Match", "Prefer", "Range"}

// readAllInput is a middleware of every operation that Huma handles. It lets no part
// of the input be ignored: neither a query that can't be parsed, of which net/url
// drops parts, nor a parameter or a header field after the first of its name.
func (a *api) readAllInput(hc huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(hc)
	for _, name := range joinedFields {
		joinFields(r.Header, name)
	}
	if query := r.URL.RawQuery; query != "" && hc.Operation().Responses[statusKey(http.StatusUnprocessableEntity)] != nil {
		if problem := checkQuery(query, hc.Operation().Parameters); problem != nil {
			writeProblem(w, r, a.log, problem)
			return
		}
	}
	next(hc)
}

// checkQuery returns a problem if query can't be parsed, or has several values for a
// parameter that has one.
func checkQuery(query string, parameters []*huma.Param) *Problem {
	values, err := url.ParseQuery(query)
	if err != nil {
		return newProblem(http.StatusUnprocessableEntity,
			"The query of this address is malformed. Separate parameters by &, and write %3B for a semicolon and %25 for a percent sign in them.",
			FieldError{Location: "query", Message: "is malformed"})
	}
	for _, p := range parameters {
		if p.In == "query" && p.Schema.Type != huma.TypeArray && len(values[p.Name]) > 1 {
			return newProblem(http.StatusUnprocessableEntity, "The parameter "+p.Name+" is given more than once.",
				FieldError{Location: "query." + p.Name, Message: "is given more than once"})
		}
	}
	return nil
}
