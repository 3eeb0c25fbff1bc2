package pisano

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"
)

// API is a client of a Pisano server. It is safe for concurrent use.
//
// The error of a method is a *ProblemError if the server answered with an error,
// a *ForeignAnswerError if something else answered, and the error of the HTTP
// client if nothing answered.
type API struct {
	*ClientWithResponses
	once  *Client // repeats nothing
	retry time.Duration
}

// New returns a client of the API at an address such as
// http://localhost:8080/api. It does not connect yet. Requests are repeated where
// that helps: see WithRetry.
//
// The Timeout of an http.Client passed with WithHTTPClient also limits streams;
// use contexts instead.
func New(address string, options ...ClientOption) (*API, error) {
	if err := checkAddress(address); err != nil {
		return nil, err
	}
	retry, err := retryOf(options)
	if err != nil {
		return nil, err
	}
	client, err := NewClient(address, options...)
	if err != nil {
		return nil, err
	}
	once := *client
	once.Client = problemDoer{answerDoer{client.Client}}
	client.Client = problemDoer{repeatDoer{answerDoer{client.Client}, retry}}
	return &API{&ClientWithResponses{client}, &once, retry}, nil
}

// Submit submits an index. Once Submit returns without an error, the index is
// durably recorded: it will be calculated or visibly fail.
func (a *API) Submit(ctx context.Context, index int64) (SeenIndex, error) {
	s, err := a.submit(ctx, Submission{Index: &index})
	if err != nil {
		return SeenIndex{}, err
	}
	if len(s.Items) != 1 || s.Index != index || s.State == "" { // a list has items only
		return SeenIndex{}, fmt.Errorf("pisano: the answer is not about index %d, which was submitted", index)
	}
	return s.Items[0], nil
}

// submit submits with a key, so that the submission counts once however often it is
// repeated.
func (a *API) submit(ctx context.Context, submission Submission) (*Submitted, error) {
	key := rand.Text()
	r, err := a.SubmitIndexWithResponse(ctx, &SubmitIndexParams{IdempotencyKey: &key}, submission)
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

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return fmt.Errorf("pisano: %w", context.Cause(ctx))
	}
}
