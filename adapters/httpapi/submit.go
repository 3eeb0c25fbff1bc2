package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// Submission is the body of a submission: one index, or several.
type Submission struct {
	Index   *Integer  `json:"index,omitempty" example:"1000" doc:"The index n of F(n), an integer and not a string. The server's setting PISANO_MAX_INDEX limits its absolute value."`
	Indices []Integer `json:"indices,omitempty" nullable:"false" minItems:"1" maxItems:"1000" doc:"Up to 1,000 indices, instead of index. All are accepted or none."`

	decoded bool              // false if the body does not match the schema, which Huma reports
	fault   *huma.ErrorDetail // what the schema can't express
}

type submitInput struct {
	Body Submission `required:"true"`
}

type submitOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     any
}

// submitted is the response to a submission: a SeenIndex for index, SeenIndices
// for indices.
type submitted struct{}

// Schema implements huma.SchemaProvider.
func (submitted) Schema(schemas huma.Registry) *huma.Schema {
	return registerSchema(schemas, "Submitted", &huma.Schema{
		Description: "A SeenIndex for index; SeenIndices, in the same order, for indices.",
		OneOf: []*huma.Schema{
			schemas.Schema(typeOf[SeenIndex](), true, ""),
			schemas.Schema(typeOf[SeenIndices](), true, ""),
		},
	})
}

func (a *api) registerSubmit(routes huma.API) {
	schemas := routes.OpenAPI().Components.Schemas
	success := func(description string) *huma.Response {
		return &huma.Response{
			Description: description,
			Headers: map[string]*huma.Param{"Location": {
				Description: "The URL of the value; only for a single index.",
				Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{"values/1000"}},
			}},
			Content: map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(typeOf[submitted](), true, "")}},
		}
	}
	register(routes, huma.Operation{
		OperationID: "submitIndex", Method: http.MethodPost, Path: "/indices", Tags: []string{"indices"},
		Summary:       "Submit one index or several",
		Description:   "An accepted index is durably recorded: whatever happens next, its value is calculated or reported as failed. An index that is already calculated is not calculated again. The backlog is bounded, and a single submitter can use at most as much of it as it leaves free for others. Beyond that the status is 429, nothing is recorded, and Retry-After says when there will be room.",
		DefaultStatus: http.StatusAccepted,
		Responses: map[string]*huma.Response{
			"200": success("Accepted; all values are already calculated."),
			"202": success("Accepted; at least one value is not calculated yet."),
		},
	}, a.submit, http.StatusBadRequest, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable)
}

// submit submits the indices of a request. The middleware has identified the
// submitter and read the body; Huma has validated it against the schema,
// decoded it with UnmarshalJSON and called Resolve.
func (a *api) submit(ctx context.Context, in *submitInput) (*submitOutput, error) {
	indices, location := in.Body.indices()
	statuses, err := a.service.Submit(ctx, submitterOf(ctx), indices...)
	if err != nil {
		return nil, a.fail(ctx, err, location)
	}
	out := &submitOutput{Status: http.StatusOK}
	items := make([]SeenIndex, len(statuses))
	for i, s := range statuses {
		items[i] = seenIndex(s)
		if s.State != core.StateCalculated {
			out.Status = http.StatusAccepted
		}
	}
	if in.Body.Index != nil {
		out.Location, out.Body = "values/"+indices[0].String(), items[0]
	} else {
		out.Body = SeenIndices{Items: items}
	}
	return out, nil
}

// UnmarshalJSON is strict: it rejects a duplicate name, of which encoding/json
// would keep the last value, and a name that differs in case.
func (s *Submission) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return errors.Join(errors.New("not an object"), err)
	}
	seen := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		var member any
		switch {
		case seen[name]:
			s.fault = &huma.ErrorDetail{Location: "body." + name, Message: "appears twice"}
			return nil
		case name == "index":
			member = &s.Index
		case name == "indices":
			member = &s.Indices
		default: // Huma's validation ignores case
			s.fault = &huma.ErrorDetail{Location: "body." + name, Message: "unexpected property"}
			return nil
		}
		seen[name] = true
		if err := d.Decode(member); err != nil {
			return err
		}
	}
	s.decoded = true
	return nil
}

// Resolve reports what the schema can't express: exactly one of index and
// indices is required.
func (s *Submission) Resolve(huma.Context) []error {
	switch {
	case s.fault != nil:
		return []error{s.fault}
	case !s.decoded:
		return nil
	case s.Index == nil && s.Indices == nil:
		return []error{&huma.ErrorDetail{Location: "body.index", Message: "an integer is required"}}
	case s.Index != nil && s.Indices != nil:
		return []error{&huma.ErrorDetail{Location: "body.indices", Message: "give either index or indices, not both"}}
	}
	return nil
}

// indices returns the submitted indices and the location of the field that they
// are in.
func (s *Submission) indices() (indices []core.Index, location string) {
	if s.Index != nil {
		return []core.Index{core.Index(*s.Index)}, "body.index"
	}
	indices = make([]core.Index, len(s.Indices))
	for i, n := range s.Indices {
		indices[i] = core.Index(n)
	}
	return indices, "body.indices"
}
