package pisano

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"
)

const (
	// maxIndices is how many indices the server takes at once.
	maxIndices = 1000
	// maxQuery is how many characters of indices a URL may have: some proxies refuse
	// more than 8 KiB.
	maxQuery = 7000
	// maxPace is the longest pause of SubmitAll, whose chunk may find room earlier
	// than the server estimates.
	maxPace = 30 * time.Second
)

// SubmitAll submits any number of indices and returns their states in the same
// order. They are submitted in chunks, each accepted as a whole or not at all, as
// fast as the server has room for them, which WithRetry(0) turns off. If SubmitAll
// fails, it returns the states of the indices recorded so far. What is submitted
// again is not calculated again.
func (a *API) SubmitAll(ctx context.Context, indices ...int64) ([]SeenIndex, error) {
	seen := make([]SeenIndex, 0, len(indices))
	for size := maxIndices; len(seen) < len(indices); {
		rest := indices[len(seen):]
		chunk := rest[:min(size, len(rest))]
		more, err := a.submitChunk(ctx, chunk)
		seen = append(seen, more...)
		if err == nil {
			continue
		}
		var problem *ProblemError
		switch {
		case !errors.As(err, &problem):
			return seen, err
		case problem.Kind == ProblemKindTooLarge && len(chunk) > 1:
			size = (len(chunk) + 1) / 2 // too much work at once
		case problem.Kind == ProblemKindOverloaded && a.retry > 0:
			if err := sleep(ctx, min(max(problem.RetryAfter, time.Second), maxPace)); err != nil {
				return seen, err
			}
		default:
			return seen, err
		}
	}
	return seen, nil
}

func (a *API) submitChunk(ctx context.Context, indices []int64) ([]SeenIndex, error) {
	s, err := a.submit(ctx, Submission{Indices: indices})
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(s.Items, indices, func(s SeenIndex, index int64) bool { return s.Index == index }) {
		return nil, fmt.Errorf("pisano: the answer is not about the %d indices that were submitted", len(indices))
	}
	return s.Items, nil
}

// States returns the states of those of the indices that were submitted,
// calculated ones with their values, in no particular order.
func (a *API) States(ctx context.Context, indices ...int64) ([]ValueState, error) {
	var states []ValueState
	for chunk := range chunks(slices.Compact(slices.Sorted(slices.Values(indices)))) {
		r, err := a.ListValuesWithResponse(ctx, &ListValuesParams{Index: chunk})
		switch {
		case err != nil:
			return nil, err
		case r.JSON200 == nil:
			return nil, unexpected(r.HTTPResponse)
		}
		for _, v := range r.JSON200.Items {
			states = append(states, v.state())
		}
		states = append(states, r.JSON200.States...)
	}
	return states, nil
}

// WaitAll waits until all of the submitted indices are calculated or failed, or
// ctx ends, and returns their states in the same order.
func (a *API) WaitAll(ctx context.Context, indices ...int64) ([]ValueState, error) {
	final := make(map[int64]ValueState, len(indices))
	waiting := slices.Clone(indices)
	for {
		requestedAt := time.Now()
		states, err := a.States(ctx, waiting...)
		if err != nil {
			return nil, err
		}
		for _, s := range states {
			if s.State == StateCalculated || s.State == StateFailed {
				final[s.Index] = s
			}
		}
		waiting = slices.DeleteFunc(waiting, func(index int64) bool { _, done := final[index]; return done })
		if len(waiting) == 0 {
			break
		}
		if final[waiting[0]], err = a.Wait(ctx, waiting[0]); err != nil {
			return nil, err
		}
		if len(waiting) > 1 {
			if err := sleep(ctx, waitInterval-time.Since(requestedAt)); err != nil {
				return nil, err
			}
		}
	}
	states := make([]ValueState, len(indices))
	for i, index := range indices {
		states[i] = final[index]
	}
	return states, nil
}

// state returns the state of an index that has the value.
func (v Value) state() ValueState {
	return ValueState{
		Index: v.Index, State: StateCalculated, Sign: v.Sign, DigitCount: v.DigitCount, Value: v.Value, Leading: v.Leading,
		Trailing: v.Trailing, CalculatedAt: v.CalculatedAt, DurationMs: v.DurationMs,
	}
}

// chunks splits indices into lists that fit into the query of a URL, in which a
// comma may take three characters.
func chunks(indices []int64) iter.Seq[[]int64] {
	return func(yield func([]int64) bool) {
		begin, length := 0, 0
		for i, index := range indices {
			size := len(strconv.FormatInt(index, 10)) + len("%2C")
			if i-begin == maxIndices || length+size > maxQuery {
				if !yield(indices[begin:i]) {
					return
				}
				begin, length = i, 0
			}
			length += size
		}
		if begin < len(indices) {
			yield(indices[begin:])
		}
	}
}
