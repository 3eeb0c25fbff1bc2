package httpapi

import (
	"context"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// listValuesInput selects a page of all values, or certain indices.
type listValuesInput struct {
	ListPage
	indices []core.Index
}

// maxStates bounds the indices of a request for states.
const maxStates = 1000

// documentIndexParameter documents the parameter that Resolve reads.
func documentIndexParameter(op *huma.Operation) {
	largest := float64(core.MaxIndex)
	smallest := -largest
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "index", In: "query", Explode: new(false), Example: []int64{10, 1000},
		Description: "Up to 1,000 indices, separated by commas, instead of limit and cursor.",
		Schema: &huma.Schema{
			Type: huma.TypeArray, MinItems: new(1), MaxItems: new(maxStates),
			Items: &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &smallest, Maximum: &largest},
		},
	})
}

// Resolve reads the indices. Huma would neither read a parameter that is repeated
// nor refuse 007.
func (in *listValuesInput) Resolve(hc huma.Context) []error {
	url := hc.URL()
	query := url.Query()
	if !query.Has("index") {
		return nil
	}
	fault := func(message string, value any) []error {
		return []error{&huma.ErrorDetail{Location: "query.index", Message: message, Value: value}}
	}
	texts := strings.Split(strings.Join(query["index"], ","), ",")
	switch {
	case query.Has("cursor"):
		return fault("can't be combined with cursor", nil)
	case len(texts) > maxStates:
		return fault("has more than 1,000 indices", nil)
	}
	for _, text := range texts {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || strconv.FormatInt(n, 10) != text || core.Index(n) > core.MaxIndex || core.Index(n) < -core.MaxIndex {
			return fault("must be integers between −9007199254740991 and 9007199254740991, without plus signs and leading zeros", text)
		}
		in.indices = append(in.indices, core.Index(n))
	}
	return nil
}

// listStates returns the values of the calculated ones among the indices, and the
// states of the others.
func (a *api) listStates(ctx context.Context, in *listValuesInput) (*listValuesOutput, error) {
	statuses, err := a.service.States(ctx, submitterOf(ctx), in.indices...)
	if err != nil {
		return nil, a.fail(ctx, err, "query.index")
	}
	out := &listValuesOutput{Body: Values{Items: []Value{}}}
	for _, s := range statuses {
		if s.Summary != nil {
			out.Body.Items = append(out.Body.Items, valueOf(*s.Summary))
		} else {
			out.Body.States = append(out.Body.States, valueState(s))
		}
	}
	return out, nil
}
