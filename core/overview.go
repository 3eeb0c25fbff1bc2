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
	Backlog *Backlog // of all submitters; nil if unknown
	Workers *int     // number of live workers; nil if unknown
}

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

// Overview returns the condition of the service, at most a second old. All
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

	mu     sync.Mutex // held during a refresh, so that callers wait for its result
	latest Overview
	at     time.Time // of latest
}

func (c *overviewCache) get(ctx context.Context) Overview {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.at) >= overviewPeriod {
		// Others wait for the result, too: it must not end with this caller.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), overviewTimeout)
		defer cancel()
		c.latest = c.refresh(ctx)
		c.at = time.Now()
	}
	return c.latest
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
		count := len(workers)
		overview.Workers = &count
	})
	calls.Wait()
	return overview
}
