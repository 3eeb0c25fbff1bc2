package pisano

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
)

// API is a Pisano server that a program speaks with. It may be used by several
// goroutines at once.
type API struct{ *ClientWithResponses }

// New returns the API at an address such as http://localhost:8080/api. It does
// not connect yet.
//
// A timeout of an http.Client that is given by WithHTTPClient bounds streams,
// too; contexts are the better place.
func New(address string, options ...ClientOption) (*API, error) {
	client, err := NewClient(address, options...)
	if err != nil {
		return nil, err
	}
	client.Client = problemDoer{client.Client}
	return &API{&ClientWithResponses{client}}, nil
}

// Submit submits an index. When it returns without error the index is durably
// recorded: its value will be calculated, or will visibly fail.
func (a *API) Submit(ctx context.Context, index int64) (SeenIndex, error) {
	s, err := a.submit(ctx, Submission{Index: &index})
	if err != nil {
		return SeenIndex{}, err
	}
	seen, err := s.AsSeenIndex()
	if err == nil && (seen.Index != index || seen.State == "") {
		err = fmt.Errorf("pisano: the answer is not of index %d, which was submitted", index)
	}
	return seen, err
}

// SubmitAll submits up to 1,000 indices at once; all are accepted, or none. The
// answer is in the order of the indices.
func (a *API) SubmitAll(ctx context.Context, indices ...int64) ([]SeenIndex, error) {
	s, err := a.submit(ctx, Submission{Indices: indices})
	if err != nil {
		return nil, err
	}
	seen, err := s.AsSeenIndices()
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(seen.Items, indices, func(s SeenIndex, index int64) bool { return s.Index == index }) {
		return nil, fmt.Errorf("pisano: the answer is not of the %d indices that were submitted", len(indices))
	}
	return seen.Items, nil
}

func (a *API) submit(ctx context.Context, submission Submission) (*Submitted, error) {
	r, err := a.SubmitIndexWithResponse(ctx, submission)
	switch {
	case err != nil:
		return nil, err
	case r.JSON200 != nil:
		return r.JSON200, nil
	case r.JSON202 != nil:
		return r.JSON202, nil
	}
	return nil, unexpected(r.HTTPResponse)
}

const (
	// waitPreference is how long the server is to hold an answer. It would do so
	// for a minute, but there are proxies that cut after 30 seconds.
	waitPreference = "wait=20"
	// waitInterval keeps Wait from asking all the time where something between
	// here and the server drops the preference.
	waitInterval = time.Second
)

// Wait returns the state of an index when it is calculated or failed, however
// long that takes; ctx bounds it. The index must have been submitted.
func (a *API) Wait(ctx context.Context, index int64) (ValueState, error) {
	prefer := waitPreference
	for {
		requestedAt := time.Now()
		r, err := a.GetValueWithResponse(ctx, index, &GetValueParams{Prefer: &prefer})
		switch {
		case err != nil:
			return ValueState{}, err
		case r.JSON200 == nil:
			return ValueState{}, unexpected(r.HTTPResponse)
		case r.JSON200.State == StateCalculated || r.JSON200.State == StateFailed:
			return *r.JSON200, nil
		}
		if err := sleep(ctx, waitInterval-time.Since(requestedAt)); err != nil {
			return ValueState{}, err
		}
	}
}

// Estimate tells what the calculation of an index would cost; nothing is
// recorded. What is too large is the same problem as its submission.
func (a *API) Estimate(ctx context.Context, index int64) (IndexEstimate, error) {
	r, err := a.GetEstimateWithResponse(ctx, index)
	switch {
	case err != nil:
		return IndexEstimate{}, err
	case r.JSON200 == nil:
		return IndexEstimate{}, unexpected(r.HTTPResponse)
	}
	return *r.JSON200, nil
}

// Status tells how the parts of the service are, what there is to do and how
// many do it. That a part is away is no error.
func (a *API) Status(ctx context.Context) (ServiceStatus, error) {
	r, err := a.GetStatusWithResponse(ctx)
	switch {
	case err != nil:
		return ServiceStatus{}, err
	case r.JSON200 == nil:
		return ServiceStatus{}, unexpected(r.HTTPResponse)
	}
	return *r.JSON200, nil
}

// pageSize is the largest that the server hands out.
var pageSize int64 = 200

// Indices goes through all indices submitted, newest first, page by page. It
// ends at the first error.
func (a *API) Indices(ctx context.Context) iter.Seq2[SeenIndex, error] {
	return items(func(cursor *string) (page[SeenIndex], error) {
		r, err := a.ListIndicesWithResponse(ctx, &ListIndicesParams{Limit: &pageSize, Cursor: cursor})
		if err != nil {
			return page[SeenIndex]{}, err
		}
		if r.JSON200 == nil {
			return page[SeenIndex]{}, unexpected(r.HTTPResponse)
		}
		return page[SeenIndex]{r.JSON200.Items, r.JSON200.NextCursor}, nil
	})
}

// Values goes through all values calculated, newest first, page by page. It
// ends at the first error.
func (a *API) Values(ctx context.Context) iter.Seq2[Value, error] {
	return items(func(cursor *string) (page[Value], error) {
		r, err := a.ListValuesWithResponse(ctx, &ListValuesParams{Limit: &pageSize, Cursor: cursor})
		if err != nil {
			return page[Value]{}, err
		}
		if r.JSON200 == nil {
			return page[Value]{}, unexpected(r.HTTPResponse)
		}
		return page[Value]{r.JSON200.Items, r.JSON200.NextCursor}, nil
	})
}

type page[T any] struct {
	items []T
	next  *string
}

// items goes through the items of all pages.
func items[T any](read func(cursor *string) (page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var cursor *string
		for {
			p, err := read(cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range p.items {
				if !yield(item, nil) {
					return
				}
			}
			if p.next == nil {
				return
			}
			cursor = p.next
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return fmt.Errorf("pisano: %w", context.Cause(ctx))
	}
}
