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

func (a *api) registerSubmit(routes huma.API) {
	schemas := routes.OpenAPI().Components.Schemas
	answer := func(description string) *huma.Response {
		return &huma.Response{
			Description: description,
			Headers: map[string]*huma.Param{"Location": {
				Description: "Where the value is, or will be; only for a single index.",
				Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{"values/1000"}},
			}},
			Content: map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(typeOf[submitted](), true, "")}},
		}
	}
	register(routes, huma.Operation{
		OperationID: "submitIndex", Method: http.MethodPost, Path: "/indices", Tags: []string{"indices"},
		Summary:       "Submit an index, or several",
		Description:   "Accepted means durably recorded: whatever happens then, the value is calculated or visibly failed. An index that has its value already is not calculated again. How much may wait to be calculated is bounded, and one client may have as much of it waiting as it leaves free for others: beyond that the answer is 429, nothing is recorded, and Retry-After says when there will be room.",
		DefaultStatus: http.StatusAccepted,
		Responses: map[string]*huma.Response{
			"200": answer("Accepted, and every value is there already."),
			"202": answer("Accepted; a value is yet to be calculated."),
		},
	}, a.submit, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable)
}

func (a *api) submit(ctx context.Context, in *submitInput) (*submitOutput, error) {
	location := "body.index"
	if in.Body.Index == nil {
		location = "body.indices"
	}
	indices := in.Body.indices()
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
	if in.Body.Index == nil {
		out.Body = SeenIndices{Items: items}
		return out, nil
	}
	out.Location = "values/" + indices[0].String()
	out.Body = items[0]
	return out, nil
}

// submitted is a SeenIndex for an index, and SeenIndices for indices.
type submitted struct{}

// Schema gives the choice a name; Huma asks for it.
func (submitted) Schema(schemas huma.Registry) *huma.Schema {
	return registerSchema(schemas, "Submitted", &huma.Schema{
		Description: "A SeenIndex for index, and SeenIndices, in the same order, for indices.",
		OneOf: []*huma.Schema{
			schemas.Schema(typeOf[SeenIndex](), true, ""),
			schemas.Schema(typeOf[SeenIndices](), true, ""),
		},
	})
}

type submitInput struct {
	Body Submission `required:"true"`
}

type submitOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     any
}

// Submission is the body of a submission: one index, or several.
type Submission struct {
	Index   *Integer  `json:"index,omitempty" example:"1000" doc:"The index n of F(n), an integer and not a string. How large it may be is the server's setting PISANO_MAX_INDEX."`
	Indices []Integer `json:"indices,omitempty" nullable:"false" minItems:"1" maxItems:"1000" doc:"Up to 1,000 indices at once, instead of index. All are accepted, or none."`

	read  bool              // false: it does not fit the schema, which has been said
	fault *huma.ErrorDetail // what a schema can't say
}

// UnmarshalJSON reads a submission without guessing: of a name that is given
// twice other libraries take the first, or the last.
func (s *Submission) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return errors.Join(errors.New("not an object"), err)
	}
	given := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		var member any
		switch {
		case given[name]:
			s.fault = &huma.ErrorDetail{Location: "body." + name, Message: "is given twice"}
			return nil
		case name == "index":
			member = &s.Index
		case name == "indices":
			member = &s.Indices
		default: // in other letters: Huma's validation does not mind them
			s.fault = &huma.ErrorDetail{Location: "body." + name, Message: "unexpected property"}
			return nil
		}
		given[name] = true
		if err := d.Decode(member); err != nil {
			return err
		}
	}
	s.read = true
	return nil
}

// Resolve checks what a schema can't say well: exactly one of the two.
func (s *Submission) Resolve(huma.Context) []error {
	switch {
	case s.fault != nil:
		return []error{s.fault}
	case !s.read:
		return nil
	case s.Index == nil && s.Indices == nil:
		return []error{&huma.ErrorDetail{Location: "body.index", Message: "an integer is required"}}
	case s.Index != nil && s.Indices != nil:
		return []error{&huma.ErrorDetail{Location: "body.indices", Message: "give either index or indices, not both"}}
	}
	return nil
}

// indices returns what was submitted.
func (s *Submission) indices() []core.Index {
	if s.Index != nil {
		return []core.Index{core.Index(*s.Index)}
	}
	indices := make([]core.Index, len(s.Indices))
	for i, n := range s.Indices {
		indices[i] = core.Index(n)
	}
	return indices
}
