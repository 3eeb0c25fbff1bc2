package pisano

import (
	"context"
	"iter"
)

// pageSize is the largest page that the server returns.
const pageSize = 200

// ListOption is an option of Indices and Values.
type ListOption func(*list)

type list struct {
	limit  int // of the items to yield; negative for all
	cursor *string
}

// Limit ends a list after n items.
func Limit(n int) ListOption { return func(l *list) { l.limit = max(0, n) } }

// From begins a list after the page that had the cursor as its NextCursor.
func From(cursor string) ListOption { return func(l *list) { l.cursor = &cursor } }

// Indices yields submitted indices, newest first, fetched page by page. It ends
// after the first error.
func (a *API) Indices(ctx context.Context, options ...ListOption) iter.Seq2[SeenIndex, error] {
	return items(options, func(limit int64, cursor *string) ([]SeenIndex, string, error) {
		r, err := a.ListIndicesWithResponse(ctx, &ListIndicesParams{Limit: &limit, Cursor: cursor})
		if err != nil {
			return nil, "", err
		}
		if r.JSON200 == nil {
			return nil, "", unexpected(r.HTTPResponse)
		}
		return r.JSON200.Items, r.JSON200.NextCursor, nil
	})
}

// Values yields calculated values, newest first, fetched page by page. It ends
// after the first error.
func (a *API) Values(ctx context.Context, options ...ListOption) iter.Seq2[Value, error] {
	return items(options, func(limit int64, cursor *string) ([]Value, string, error) {
		r, err := a.ListValuesWithResponse(ctx, &ListValuesParams{Limit: &limit, Cursor: cursor})
		if err != nil {
			return nil, "", err
		}
		if r.JSON200 == nil {
			return nil, "", unexpected(r.HTTPResponse)
		}
		return r.JSON200.Items, r.JSON200.NextCursor, nil
	})
}

// items yields the items of the pages that read returns.
func items[T any](options []ListOption, read func(limit int64, cursor *string) (page []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		l := list{limit: -1}
		for _, option := range options {
			option(&l)
		}
		for l.limit != 0 {
			size := pageSize
			if l.limit > 0 {
				size = min(l.limit, pageSize)
			}
			page, next, err := read(int64(size), l.cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			l.cursor = &next
			if l.limit > 0 {
				l.limit -= len(page)
			}
		}
	}
}
