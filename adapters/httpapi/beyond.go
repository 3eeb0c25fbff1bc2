package httpapi

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// priced are the operations that refuse what is too large with its estimate.
var priced = []string{"submitIndex", "getEstimate"}

// beyondMaxIndex returns the problem of an index that is an integer beyond
// core.MaxIndex. Huma reports it as one that does not match the schema, but no
// correction of its form would help: it is too large. It returns nil if e is
// something else.
func (a *api) beyondMaxIndex(hc huma.Context, e *huma.ErrorModel) error {
	if e.Status != http.StatusUnprocessableEntity || len(e.Errors) == 0 || !slices.Contains(priced, hc.Operation().OperationID) {
		return nil
	}
	location := e.Errors[0].Location
	if !strings.HasPrefix(location, "body.ind") && location != "path.index" {
		return nil
	}
	value := e.Errors[0].Value
	text := fmt.Sprint(value)
	switch _, isText := value.(string); {
	case isText && location != "path.index":
		return nil // a string in JSON is no integer, whatever it contains
	case isText && strings.Trim(text, "-0123456789") != "":
		return nil // in a path there is one notation
	}
	n, ok := integerOf(text)
	if !ok || -core.MaxIndex <= n && n <= core.MaxIndex {
		return nil
	}
	_, err := a.service.Estimate(hc.Context(), n)
	if refusal, known := errors.AsType[*core.Error](err); known && n.String() != text {
		named := *refusal
		named.Message = strings.Replace(named.Message, "F("+n.String()+")", "This number", 1) // n may be the nearest index only
		err = &named
	}
	if err != nil {
		return a.fail(hc.Context(), err, location)
	}
	return nil
}

var numberPattern = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// integerOf returns the index that text is, in any notation of JSON, or the nearest
// one of 64 bits, and false if text is not an integer.
func integerOf(text string) (core.Index, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return core.Index(n), true
	}
	if !numberPattern.MatchString(text) || !isInteger(text) {
		return 0, false
	}
	x, _ := strconv.ParseFloat(text, 64) // out of range, it is infinite
	switch {
	case x < math.MinInt64:
		return math.MinInt64, true
	case x >= math.MaxInt64:
		return math.MaxInt64, true
	}
	return core.Index(x), true
}
