package intercept

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

type indexStore struct {
	port core.IndexStore
	Interceptor
}

func (s indexStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	next := func(ctx context.Context) ([]core.Record, error) { return s.port.Record(ctx, at, submissions) }
	return result(ctx, s.Interceptor, "IndexStore.Record", next, &at, &submissions)
}

func (s indexStore) Reopen(ctx context.Context, n core.Index) error {
	next := func(ctx context.Context) error { return s.port.Reopen(ctx, n) }
	return s.call(ctx, "IndexStore.Reopen", next, &n)
}

func (s indexStore) Lookup(ctx context.Context, indices ...core.Index) (map[core.Index]core.Record, error) {
	next := func(ctx context.Context) (map[core.Index]core.Record, error) {
		return s.port.Lookup(ctx, indices...)
	}
	return result(ctx, s.Interceptor, "IndexStore.Lookup", next, &indices)
}

func (s indexStore) List(ctx context.Context, before int64, limit int) ([]core.Record, error) {
	next := func(ctx context.Context) ([]core.Record, error) { return s.port.List(ctx, before, limit) }
	return result(ctx, s.Interceptor, "IndexStore.List", next, &before, &limit)
}

func (s indexStore) Pending(ctx context.Context, order core.Order, limit int) ([]core.Index, error) {
	next := func(ctx context.Context) ([]core.Index, error) { return s.port.Pending(ctx, order, limit) }
	return result(ctx, s.Interceptor, "IndexStore.Pending", next, &order, &limit)
}

func (s indexStore) Lost(ctx context.Context, generation string, order core.Order, limit int) ([]core.Index, error) {
	next := func(ctx context.Context) ([]core.Index, error) { return s.port.Lost(ctx, generation, order, limit) }
	return result(ctx, s.Interceptor, "IndexStore.Lost", next, &generation, &order, &limit)
}

func (s indexStore) CountLost(ctx context.Context, generation string, limit int) (int, error) {
	next := func(ctx context.Context) (int, error) { return s.port.CountLost(ctx, generation, limit) }
	return result(ctx, s.Interceptor, "IndexStore.CountLost", next, &generation, &limit)
}

func (s indexStore) MarkCalculated(ctx context.Context, generation string, marks ...core.Mark) (map[core.Index]bool, error) {
	next := func(ctx context.Context) (map[core.Index]bool, error) {
		return s.port.MarkCalculated(ctx, generation, marks...)
	}
	return result(ctx, s.Interceptor, "IndexStore.MarkCalculated", next, &generation, &marks)
}

func (s indexStore) MarkFailed(ctx context.Context, n core.Index, revision int64, reason string) (bool, error) {
	next := func(ctx context.Context) (bool, error) { return s.port.MarkFailed(ctx, n, revision, reason) }
	return result(ctx, s.Interceptor, "IndexStore.MarkFailed", next, &n, &revision, &reason)
}

func (s indexStore) Ping(ctx context.Context) error {
	next := func(ctx context.Context) error { return s.port.Ping(ctx) }
	return s.call(ctx, "IndexStore.Ping", next)
}

type valueCache struct {
	port core.ValueCache
	Interceptor
}

func (c valueCache) Put(ctx context.Context, values ...core.Value) error {
	next := func(ctx context.Context) error { return c.port.Put(ctx, values...) }
	return c.call(ctx, "ValueCache.Put", next, &values)
}

func (c valueCache) Summaries(ctx context.Context, indices ...core.Index) (map[core.Index]core.Summary, error) {
	next := func(ctx context.Context) (map[core.Index]core.Summary, error) {
		return c.port.Summaries(ctx, indices...)
	}
	return result(ctx, c.Interceptor, "ValueCache.Summaries", next, &indices)
}

func (c valueCache) Digits(ctx context.Context, n core.Index, first, count int64) ([]byte, error) {
	next := func(ctx context.Context) ([]byte, error) { return c.port.Digits(ctx, n, first, count) }
	return result(ctx, c.Interceptor, "ValueCache.Digits", next, &n, &first, &count)
}

func (c valueCache) List(ctx context.Context, after core.Position, limit int) ([]core.Summary, error) {
	next := func(ctx context.Context) ([]core.Summary, error) { return c.port.List(ctx, after, limit) }
	return result(ctx, c.Interceptor, "ValueCache.List", next, &after, &limit)
}

func (c valueCache) Generation(ctx context.Context) (string, error) {
	next := func(ctx context.Context) (string, error) { return c.port.Generation(ctx) }
	return result(ctx, c.Interceptor, "ValueCache.Generation", next)
}

func (c valueCache) Room(ctx context.Context) (core.Room, error) {
	next := func(ctx context.Context) (core.Room, error) { return c.port.Room(ctx) }
	return result(ctx, c.Interceptor, "ValueCache.Room", next)
}

func (c valueCache) Ping(ctx context.Context) error {
	next := func(ctx context.Context) error { return c.port.Ping(ctx) }
	return c.call(ctx, "ValueCache.Ping", next)
}

type workQueue struct {
	port core.WorkQueue
	Interceptor
}

func (q workQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (int, error) {
	next := func(ctx context.Context) (int, error) { return q.port.Enqueue(ctx, submitter, tasks...) }
	return result(ctx, q.Interceptor, "WorkQueue.Enqueue", next, &submitter, &tasks)
}

func (q workQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	next := func(ctx context.Context) (core.Backlog, error) { return q.port.Backlog(ctx, submitter) }
	return result(ctx, q.Interceptor, "WorkQueue.Backlog", next, &submitter)
}

func (q workQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	next := func(ctx context.Context) ([]core.Claim, error) { return q.port.Claim(ctx, limit) }
	return result(ctx, q.Interceptor, "WorkQueue.Claim", next, &limit)
}

// Ready has no error to return: one that the Interceptor returns makes the
// channel a closed one.
func (q workQueue) Ready() <-chan struct{} {
	next := func(context.Context) (<-chan struct{}, error) { return q.port.Ready(), nil }
	ready, err := result(context.Background(), q.Interceptor, "WorkQueue.Ready", next)
	if err != nil {
		return closed
	}
	return ready
}

var closed = func() <-chan struct{} { ch := make(chan struct{}); close(ch); return ch }()

func (q workQueue) Renew(ctx context.Context, renewals ...core.Renewal) ([]core.Claim, error) {
	next := func(ctx context.Context) ([]core.Claim, error) { return q.port.Renew(ctx, renewals...) }
	return result(ctx, q.Interceptor, "WorkQueue.Renew", next, &renewals)
}

func (q workQueue) Acknowledge(ctx context.Context, claims ...core.Claim) error {
	next := func(ctx context.Context) error { return q.port.Acknowledge(ctx, claims...) }
	return q.call(ctx, "WorkQueue.Acknowledge", next, &claims)
}

func (q workQueue) Release(ctx context.Context, claims ...core.Claim) error {
	next := func(ctx context.Context) error { return q.port.Release(ctx, claims...) }
	return q.call(ctx, "WorkQueue.Release", next, &claims)
}

func (q workQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	next := func(ctx context.Context) (map[core.Index]core.Job, error) { return q.port.Jobs(ctx, indices...) }
	return result(ctx, q.Interceptor, "WorkQueue.Jobs", next, &indices)
}

func (q workQueue) Ping(ctx context.Context) error {
	next := func(ctx context.Context) error { return q.port.Ping(ctx) }
	return q.call(ctx, "WorkQueue.Ping", next)
}

type workerRegistry struct {
	port core.WorkerRegistry
	Interceptor
}

func (r workerRegistry) Announce(ctx context.Context, worker core.WorkerInfo, ttl time.Duration) error {
	next := func(ctx context.Context) error { return r.port.Announce(ctx, worker, ttl) }
	return r.call(ctx, "WorkerRegistry.Announce", next, &worker, &ttl)
}

func (r workerRegistry) List(ctx context.Context) ([]core.WorkerInfo, error) {
	next := func(ctx context.Context) ([]core.WorkerInfo, error) { return r.port.List(ctx) }
	return result(ctx, r.Interceptor, "WorkerRegistry.List", next)
}

type events struct {
	port core.Events
	Interceptor
}

func (e events) Publish(ctx context.Context, published ...core.Event) error {
	next := func(ctx context.Context) error { return e.port.Publish(ctx, published...) }
	return e.call(ctx, "Events.Publish", next, &published)
}

func (e events) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	next := func(ctx context.Context) (<-chan core.Event, error) { return e.port.Subscribe(ctx) }
	return result(ctx, e.Interceptor, "Events.Subscribe", next)
}

type calculator struct {
	port core.Calculator
	Interceptor
}

// Estimate has no error to return: one that the Interceptor returns makes the
// estimate zero.
func (c calculator) Estimate(n core.Index) core.Estimate {
	next := func(context.Context) (core.Estimate, error) { return c.port.Estimate(n), nil }
	estimate, _ := result(context.Background(), c.Interceptor, "Calculator.Estimate", next, &n)
	return estimate
}

func (c calculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	next := func(ctx context.Context) (decimal.Natural, error) { return c.port.Calculate(ctx, n, progress) }
	return result(ctx, c.Interceptor, "Calculator.Calculate", next, &n, &progress)
}
