package core

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Overview is the condition of the service at one moment.
type Overview struct {
	Health  Health
	Backlog *Backlog     // of all submitters; nil if unknown
	Workers []WorkerInfo // that are alive; nil if unknown, and empty if there is none
	Pending *Pending     // nil if unknown
	Lost    *int         // number of values lost with the cache and not calculated since, at most MaxLostCount; nil if unknown
}

// Pending tells how many indices are accepted and neither calculated nor failed.
type Pending struct {
	Count  int           // at most MaxPendingCount
	Oldest time.Duration // since the last submission of the one that waits longest; 0 without one
}

const (
	// MaxLostCount is the number up to which lost values are counted.
	MaxLostCount = 10_000
	// MaxPendingCount is the number up to which pending indices are counted.
	MaxPendingCount = 1_000
)

// Health tells which ports can do their work: the error of each is nil, or what
// its Ping returned.
type Health struct {
	IndexStore error
	ValueCache error
	WorkQueue  error
}

// Health pings the ports, all at once.
func (p Ports) Health(ctx context.Context) Health {
	var health Health
	var pings sync.WaitGroup
	pings.Go(func() { health.IndexStore = p.Store.Ping(ctx) })
	pings.Go(func() { health.ValueCache = p.Cache.Ping(ctx) })
	pings.Go(func() { health.WorkQueue = p.Queue.Ping(ctx) })
	pings.Wait()
	return health
}

// Overview returns the condition of the service, a few seconds old at most. All
// callers share one result, which they must not change, so that many of them
// load the ports no more than one. A port that takes longer than two seconds
// counts as unable to do its work.
func (s *Service) Overview(ctx context.Context) Overview { return s.overview.get(ctx) }

const (
	// overviewPeriod is how long an overview is reused.
	overviewPeriod = time.Second
	// overviewTimeout bounds the calls of one refresh.
	overviewTimeout = 2 * time.Second
)

// overviewCache keeps the latest overview.
type overviewCache struct {
	ports Ports
	log   *slog.Logger

	mu     sync.Mutex // not held during a refresh
	latest *sharedOverview
}

// sharedOverview is an overview that one caller refreshes and others wait for.
type sharedOverview struct {
	Overview
	at   time.Time
	done chan struct{} // closed once the fields above are set
}

// isCurrent reports whether the overview may be used, once it is done.
func (o *sharedOverview) isCurrent() bool {
	select {
	case <-o.done:
		return time.Since(o.at) < overviewPeriod
	default:
		return true
	}
}

func (c *overviewCache) get(ctx context.Context) Overview {
	c.mu.Lock()
	latest := c.latest
	if latest != nil && latest.isCurrent() {
		c.mu.Unlock()
		<-latest.done
		return latest.Overview
	}
	latest = &sharedOverview{done: make(chan struct{})}
	c.latest = latest
	c.mu.Unlock()

	defer close(latest.done)
	// Others wait for the result, too: it must not end with this caller.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), overviewTimeout)
	defer cancel()
	latest.Overview, latest.at = c.refresh(ctx), time.Now()
	return latest.Overview
}

func (c *overviewCache) refresh(ctx context.Context) Overview {
	var overview Overview
	var calls sync.WaitGroup
	calls.Go(func() { overview.Health = c.ports.Health(ctx) })
	calls.Go(func() {
		backlog, err := c.ports.Queue.Backlog(ctx, noSubmitter)
		if err != nil {
			c.log.WarnContext(ctx, "backlog not read", "error", err)
			return
		}
		overview.Backlog = &backlog
	})
	calls.Go(func() {
		workers, err := c.ports.Workers.List(ctx)
		if err != nil {
			c.log.WarnContext(ctx, "workers not counted", "error", err)
			return
		}
		overview.Workers = append([]WorkerInfo{}, workers...)
	})
	calls.Go(func() {
		pending, err := c.pending(ctx)
		if err != nil {
			c.log.WarnContext(ctx, "pending indices not counted", "error", err)
			return
		}
		overview.Pending = &pending
	})
	calls.Go(func() {
		count, err := c.countLost(ctx)
		if err != nil {
			c.log.WarnContext(ctx, "lost values not counted", "error", err)
			return
		}
		overview.Lost = &count
	})
	calls.Wait()
	return overview
}

func (c *overviewCache) countLost(ctx context.Context) (int, error) {
	generation, err := c.ports.Cache.Generation(ctx)
	if err != nil {
		return 0, err
	}
	return c.ports.Store.CountLost(ctx, generation, MaxLostCount)
}

func (c *overviewCache) pending(ctx context.Context) (Pending, error) {
	indices, err := c.ports.Store.Pending(ctx, OldestFirst, MaxPendingCount)
	if err != nil || len(indices) == 0 {
		return Pending{}, err
	}
	pending := Pending{Count: len(indices)}
	records, err := c.ports.Store.Lookup(ctx, indices[0])
	// It may have been calculated in the meantime.
	if record := records[indices[0]]; record.State == StatePending {
		pending.Oldest = max(0, time.Since(record.LastSeenAt))
	}
	return pending, err
}
