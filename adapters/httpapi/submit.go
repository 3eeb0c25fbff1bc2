package httpapi

import (
	"context"
	"maps"
	"net/http"
	"strings"

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

// keyPattern is the form of an Idempotency-Key, as in the tag below.
const keyPattern = `^("[!#-~]{1,128}"|[!#-~]{1,128})$`

type submitInput struct {
	Key  string     `header:"Idempotency-Key" pattern:"^(\"[!#-~]{1,128}\"|[!#-~]{1,128})$" doc:"Chosen at random for each submission, and the same when it is repeated: however often it arrives within a day, it counts as one. Up to 128 visible ASCII characters, of which none is a quotation mark, with or without quotation marks around them."`
	Body Submission `required:"true"`
}

type submitOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     Submitted
}

// Submitted is the response to a submission, the same for index and for indices.
type Submitted struct {
	*SeenIndex             // only for index
	Items      []SeenIndex `json:"items"`
}

// Schema implements huma.SchemaProvider. Huma would require the members of an
// embedded struct.
func (Submitted) Schema(schemas huma.Registry) *huma.Schema {
	item := schemas.Schema(typeOf[SeenIndex](), true, "")
	properties := maps.Clone(schemas.Map()["SeenIndex"].Properties)
	properties["items"] = &huma.Schema{Type: huma.TypeArray, Items: item, Description: "The submitted indices, in the order of the request."}
	return registerSchema(schemas, "Submitted", &huma.Schema{
		Type: huma.TypeObject, Properties: properties, Required: []string{"items"}, AdditionalProperties: false,
		Description: "The submitted indices and their states. For a single index, given as index, its members are here as well.",
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
			Content: map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(typeOf[Submitted](), true, "")}},
		}
	}
	register(routes, huma.Operation{
		OperationID: "submitIndex", Method: http.MethodPost, Path: "/indices", Tags: []string{"indices"},
		Summary:       "Submit one index or several",
		Description:   "An accepted index is durably recorded: whatever happens next, its value is calculated or reported as failed. An index that is already calculated is not calculated again. The backlog is bounded, and a single submitter can use at most as much of it as it leaves free for others. Beyond that the status is 429, nothing is recorded, and Retry-After says when there will be room. A submission that may be repeated, because its answer was lost, should have an Idempotency-Key; with one that was used for other indices, the status is 422.",
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
	var statuses []core.Status
	var err error
	if key := strings.Trim(in.Key, `"`); key == "" {
		statuses, err = a.service.Submit(ctx, submitterOf(ctx), indices...)
	} else {
		statuses, err = a.service.SubmitOnce(ctx, submitterOf(ctx), key, indices...)
	}
	if err != nil {
		if fieldOf(err) == "key" {
			location = "header.Idempotency-Key"
		}
		return nil, a.fail(ctx, err, location)
	}
	a.newestIndices.renew()
	out := &submitOutput{Status: http.StatusOK}
	items := make([]SeenIndex, len(statuses))
	out.Body.Items = items
	for i, s := range statuses {
		items[i] = seenIndex(s)
		if s.State != core.StateCalculated {
			out.Status = http.StatusAccepted
		}
	}
	if in.Body.Index != nil {
		out.Location, out.Body.SeenIndex = "values/"+indices[0].String(), &items[0]
	}
	return out, nil
}

// UnmarshalJSON is strict: see decodeMembers.
func (s *Submission) UnmarshalJSON(text []byte) (err error) {
	s.fault, err = decodeMembers(text, map[string]any{"index": &s.Index, "indices": &s.Indices})
	s.decoded = err == nil && s.fault == nil
	return err
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
