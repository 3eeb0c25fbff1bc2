package telemetry

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
)

type workQueue struct {
	core.WorkQueue
	port
}

func (q workQueue) Enqueue(ctx context.Context, client string, tasks ...core.Task) (_ int, err error) {
	ctx, end := q.call(ctx, "Enqueue")
	defer end(&err)
	return q.WorkQueue.Enqueue(ctx, client, tasks...)
}

func (q workQueue) Backlog(ctx context.Context, client string) (_ core.Backlog, err error) {
	ctx, end := q.call(ctx, "Backlog")
	defer end(&err)
	return q.WorkQueue.Backlog(ctx, client)
}

func (q workQueue) Claim(ctx context.Context, wait time.Duration) (_ core.Claim, err error) {
	ctx, end := q.call(ctx, "Claim")
	defer end(&err)
	claim, err := q.WorkQueue.Claim(ctx, wait)
	if err == nil {
		q.metrics.claims.Inc()
	}
	return claim, err
}

func (q workQueue) Renew(ctx context.Context, c core.Claim, progress float64) (err error) {
	ctx, end := q.call(ctx, "Renew")
	defer end(&err)
	err = q.WorkQueue.Renew(ctx, c, progress)
	if core.IsNotFound(err) {
		q.metrics.claimsLost.Inc()
	}
	return err
}

func (q workQueue) Acknowledge(ctx context.Context, c core.Claim) (err error) {
	ctx, end := q.call(ctx, "Acknowledge")
	defer end(&err)
	return q.WorkQueue.Acknowledge(ctx, c)
}

func (q workQueue) Release(ctx context.Context, c core.Claim) (err error) {
	ctx, end := q.call(ctx, "Release")
	defer end(&err)
	return q.WorkQueue.Release(ctx, c)
}

func (q workQueue) Jobs(ctx context.Context, indices ...core.Index) (_ map[core.Index]core.Job, err error) {
	ctx, end := q.call(ctx, "Jobs")
	defer end(&err)
	return q.WorkQueue.Jobs(ctx, indices...)
}

func (q workQueue) Announce(ctx context.Context, worker string, lasting time.Duration) (err error) {
	ctx, end := q.call(ctx, "Announce")
	defer end(&err)
	return q.WorkQueue.Announce(ctx, worker, lasting)
}

func (q workQueue) Workers(ctx context.Context) (_ int, err error) {
	ctx, end := q.call(ctx, "Workers")
	defer end(&err)
	return q.WorkQueue.Workers(ctx)
}

func (q workQueue) Ping(ctx context.Context) (err error) {
	ctx, end := q.call(ctx, "Ping")
	defer end(&err)
	return q.WorkQueue.Ping(ctx)
}

// requeues is the queue of a reconciler.
type requeues struct {
	core.WorkQueue
	metrics *metrics
}

func (q requeues) Enqueue(ctx context.Context, client string, tasks ...core.Task) (int, error) {
	added, err := q.WorkQueue.Enqueue(ctx, client, tasks...)
	q.metrics.requeued.Add(float64(added))
	return added, err
}
