package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// SeenIndex is an index that was submitted, and where it stands.
type SeenIndex struct {
	Index       int64     `json:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"1000"`
	State       State     `json:"state"`
	Progress    *float64  `json:"progress,omitempty" minimum:"0" maximum:"1" doc:"Fraction done, while it is calculating."`
	Reason      string    `json:"reason,omitempty" doc:"Why it failed, for people. Submit it again to have it tried anew."`
	FirstSeenAt time.Time `json:"firstSeenAt"`
	LastSeenAt  time.Time `json:"lastSeenAt"`
	Submissions int64     `json:"submissions" minimum:"1" doc:"How often it was submitted."`
}

func seenIndex(s core.Status) SeenIndex {
	return SeenIndex{
		Index:       int64(s.Index),
		State:       stateNames[s.State],
		Progress:    progressOf(s),
		Reason:      s.Reason,
		FirstSeenAt: s.Record.FirstSeenAt,
		LastSeenAt:  s.Record.LastSeenAt,
		Submissions: s.Record.Submissions,
	}
}

func progressOf(s core.Status) *float64 {
	if s.State != core.StateCalculating {
		return nil
	}
	return &s.Progress
}

// SeenIndices is a page of indices submitted.
type SeenIndices struct {
	Items      []SeenIndex `json:"items" nullable:"false"`
	NextCursor string      `json:"nextCursor,omitempty" doc:"Where the next page begins; absent on the last."`
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

type listInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"100" doc:"The nextCursor of the page before; the first page without."`
}

type listIndicesOutput struct {
	Link string `header:"Link"`
	Body SeenIndices
}

func (a *api) registerIndices(routes huma.API) {
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

	register(routes, huma.Operation{
		OperationID: "listIndices", Method: http.MethodGet, Path: "/indices", Tags: []string{"indices"},
		Summary:     "Values I have seen",
		Description: "The indices submitted, newest first by their first submission. Pages stay put while indices arrive.",
	}, a.listIndices, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
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

func (a *api) listIndices(ctx context.Context, in *listInput) (*listIndicesOutput, error) {
	before, err := decodeSequence(in.Cursor)
	if err != nil {
		return nil, err
	}
	statuses, err := a.service.Indices(ctx, before, in.Limit+1)
	if err != nil {
		return nil, a.fail(ctx, err, "")
	}
	out := &listIndicesOutput{Body: SeenIndices{Items: []SeenIndex{}}}
	if len(statuses) > in.Limit {
		statuses = statuses[:in.Limit]
		out.Body.NextCursor = encodeCursor(statuses[in.Limit-1].Record.Sequence)
		out.Link = nextLink("indices", in.Limit, out.Body.NextCursor)
	}
	for _, s := range statuses {
		out.Body.Items = append(out.Body.Items, seenIndex(s))
	}
	return out, nil
}
