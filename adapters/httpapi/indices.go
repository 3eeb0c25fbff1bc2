package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// SeenIndex is a submitted index and its state.
type SeenIndex struct {
	Index       int64     `json:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"1000"`
	State       State     `json:"state"`
	Progress    *float64  `json:"progress,omitempty" minimum:"0" maximum:"1" doc:"The fraction done, while the index is calculating."`
	Reason      string    `json:"reason,omitempty" doc:"Why the calculation failed, for people. Submit the index again to retry it."`
	FirstSeenAt time.Time `json:"firstSeenAt"`
	LastSeenAt  time.Time `json:"lastSeenAt"`
	Submissions int64     `json:"submissions" minimum:"1" doc:"How often the index has been submitted."`
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

// SeenIndices is a list of submitted indices, or a page of it.
type SeenIndices struct {
	Items      []SeenIndex `json:"items" nullable:"false"`
	NextCursor string      `json:"nextCursor,omitempty" doc:"The cursor of the next page; absent on the last page."`
}

const (
	maxLimit     = 200
	defaultLimit = 50
)

// ListPage selects a page of a list. It bounds its limit as the constants above
// do.
type ListPage struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"The maximum number of items."`
	Cursor string `query:"cursor" maxLength:"100" doc:"The nextCursor of the previous page; omit it for the first page."`
}

type listIndicesOutput struct {
	Link string `header:"Link"`
	Body SeenIndices
}

func (a *api) registerIndices(routes huma.API) {
	register(routes, huma.Operation{
		OperationID: "listIndices", Method: http.MethodGet, Path: "/indices", Tags: []string{"indices"},
		Summary:     "Values I have seen",
		Description: "Submitted indices, the latest first submission first. Pages do not shift when indices are added.",
		Middlewares: huma.Middlewares{a.newestIndices.answer},
	}, a.listIndices, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
}

func (a *api) listIndices(ctx context.Context, in *ListPage) (*listIndicesOutput, error) {
	before, err := decodeSequence(in.Cursor)
	if err != nil {
		return nil, err
	}
	out, err := a.indicesBefore(ctx, before, in.Limit)
	if err != nil {
		return nil, a.fail(ctx, err, "")
	}
	return out, nil
}

// readNewestIndices reads for newestIndices.
func (a *api) readNewestIndices(ctx context.Context, limit int) (link string, body any, err error) {
	out, err := a.indicesBefore(ctx, 0, limit)
	if err != nil {
		return "", nil, err
	}
	return out.Link, out.Body, nil
}

// indicesBefore returns the page of the list that begins below a sequence number.
func (a *api) indicesBefore(ctx context.Context, before int64, limit int) (*listIndicesOutput, error) {
	statuses, err := a.service.Indices(ctx, before, limit+1)
	if err != nil {
		return nil, err
	}
	out := &listIndicesOutput{Body: SeenIndices{Items: []SeenIndex{}}}
	if len(statuses) > limit {
		statuses = statuses[:limit]
		out.Body.NextCursor = encodeCursor(statuses[limit-1].Record.Sequence)
		out.Link = nextLink("indices", limit, out.Body.NextCursor)
	}
	for _, s := range statuses {
		out.Body.Items = append(out.Body.Items, seenIndex(s))
	}
	return out, nil
}
