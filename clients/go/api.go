package pisano

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
)

// API is a client of a Pisano server. It is safe for concurrent use.
//
// The error of a method is a *ProblemError if the server answered with an error,
// a *ForeignAnswerError if something else answered, and the error of the HTTP
// client if nothing answered.
type API struct{ *ClientWithResponses }

// New returns a client of the API at an address such as
// http://localhost:8080/api. It does not connect yet.
//
// The Timeout of an http.Client passed with WithHTTPClient also limits streams;
// use contexts instead.
func New(address string, options ...ClientOption) (*API, error) {
	client, err := NewClient(address, options...)
	if err != nil {
		return nil, err
	}
	client.Client = problemDoer{client.Client}
	return &API{&ClientWithResponses{client}}, nil
}

// Submit submits an index. Once Submit returns without an error, the index is
// durably recorded: it will be calculated or visibly fail.
func (a *API) Submit(ctx context.Context, index int64) (SeenIndex, error) {
	s, err := a.submit(ctx, Submission{Index: &index})
	if err != nil {
		return SeenIndex{}, err
	}
	seen, err := s.AsSeenIndex()
	if err == nil && (seen.Index != index || seen.State == "") {
		err = fmt.Errorf("pisano: the answer is not about index %d, which was submitted", index)
	}
	return seen, err
}

// SubmitAll submits up to 1,000 indices at once: all are accepted, or none. It
// returns their states in the same order.
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
		return nil, fmt.Errorf("pisano: the answer is not about the %d indices that were submitted", len(indices))
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
	// waitPreference is how long the server holds an answer. It would wait a
	// minute, but some proxies time out after 30 seconds.
	waitPreference = "wait=20"
	// waitInterval is the least time between two requests of Wait, in case a proxy
	// drops the preference.
	waitInterval = time.Second
)

// Wait waits until a submitted index is calculated or failed, or ctx ends, and
// returns the state of the index.
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

// Estimate returns what calculating an index would cost, without recording it.
// For an index that is too large it returns the error that Submit would return.
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

// Status returns the status of the parts of the service, with the length of the
// queue and the number of workers. A part that is down is not an error.
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

// pageSize is the largest page that the server returns.
var pageSize int64 = 200

// Indices yields all submitted indices, newest first, fetched page by page. It
// ends after the first error.
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

// Values yields all calculated values, newest first, fetched page by page. It
// ends after the first error.
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

// items yields the items of all pages.
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
