package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/pisano-dev/pisano/core"
)

type indexStore struct {
	core.IndexStore
	port
}

func (s indexStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) (_ []core.Record, err error) {
	ctx, end := s.work(ctx, "Record", attribute.Int("pisano.indices", len(submissions)))
	defer end(&err)
	records, err := s.IndexStore.Record(ctx, at, submissions)
	if err == nil {
		for _, submission := range submissions {
			s.metrics.submissions.Add(float64(submission.Count))
		}
	}
	return records, err
}

func (s indexStore) Reopen(ctx context.Context, n core.Index) (err error) {
	ctx, end := s.call(ctx, "Reopen")
	defer end(&err)
	return s.IndexStore.Reopen(ctx, n)
}

func (s indexStore) Lookup(ctx context.Context, n core.Index) (_ core.Record, err error) {
	ctx, end := s.call(ctx, "Lookup")
	defer end(&err)
	return s.IndexStore.Lookup(ctx, n)
}

func (s indexStore) List(ctx context.Context, before int64, limit int) (_ []core.Record, err error) {
	ctx, end := s.call(ctx, "List")
	defer end(&err)
	return s.IndexStore.List(ctx, before, limit)
}

func (s indexStore) Unfinished(ctx context.Context, generation string, limit int) (_ []core.Index, err error) {
	ctx, end := s.call(ctx, "Unfinished")
	defer end(&err)
	return s.IndexStore.Unfinished(ctx, generation, limit)
}

func (s indexStore) MarkCalculated(ctx context.Context, n core.Index, revision int64, generation string) (_ bool, err error) {
	ctx, end := s.work(ctx, "MarkCalculated", ofIndex(n))
	defer end(&err)
	return s.IndexStore.MarkCalculated(ctx, n, revision, generation)
}

func (s indexStore) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (_ bool, err error) {
	ctx, end := s.work(ctx, "MarkFailed", ofIndex(n))
	defer end(&err)
	done, err := s.IndexStore.MarkFailed(ctx, n, revision, reason)
	if done {
		s.metrics.failed.Inc()
	}
	return done, err
}

func (s indexStore) Ping(ctx context.Context) (err error) {
	ctx, end := s.call(ctx, "Ping")
	defer end(&err)
	return s.IndexStore.Ping(ctx)
}
