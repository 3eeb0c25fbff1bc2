package core

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Overview is how the service is at a time.
type Overview struct {
	Health  []Health // of what it depends on, as Ports.Health has it
	Backlog *Backlog // of all submitters; nil if it can't be told
	Workers *int     // how many are alive; nil if it can't be told
}

// Health is whether something the service depends on can do its work.
type Health struct {
	Name string // of the port, in a word
	Err  error  // nil: it can
}

// Overview tells how the service is, or was within the last second: all who ask
// share one look, so that a crowd costs no more than one, and none of them may
// change what it points to. Something that hangs is given two seconds.
func (s *Service) Overview(ctx context.Context) Overview { return s.overview.get(ctx) }

const (
	// overviewPeriod is for how long one look is good enough for all.
	overviewPeriod = time.Second
	// overviewTimeout bounds how long a part may take to show that it is there.
	overviewTimeout = 2 * time.Second
)

// overviewCache looks after ports for any number who ask.
type overviewCache struct {
	ports Ports
	log   *slog.Logger

	mu   sync.Mutex // held while looking: who asks meanwhile waits for the same
	seen Overview
	at   time.Time // of seen
}

func (c *overviewCache) get(ctx context.Context) Overview {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.at) >= overviewPeriod {
		// Others wait for it, too: it does not end with who began it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), overviewTimeout)
		defer cancel()
		c.seen = c.refresh(ctx)
		c.at = time.Now()
	}
	return c.seen
}

func (c *overviewCache) refresh(ctx context.Context) Overview {
	var seen Overview
	var all sync.WaitGroup
	all.Go(func() { seen.Health = c.ports.Health(ctx) })
	all.Go(func() {
		backlog, err := c.ports.Queue.Backlog(ctx, noSubmitter)
		if err != nil {
			c.log.WarnContext(ctx, "backlog not read; how much waits is unknown", "error", err)
			return
		}
		seen.Backlog = &backlog
	})
	all.Go(func() {
		workers, err := c.ports.Queue.Workers(ctx)
		if err != nil {
			c.log.WarnContext(ctx, "workers not counted", "error", err)
			return
		}
		seen.Workers = &workers
	})
	all.Wait()
	return seen
}

// Health asks the index store, the value cache and the work queue, all at once.
func (p Ports) Health(ctx context.Context) []Health {
	parts := []struct {
		name string
		ping func(context.Context) error
	}{
		{"indexStore", p.Store.Ping},
		{"valueCache", p.Cache.Ping},
		{"workQueue", p.Queue.Ping},
	}
	health := make([]Health, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() { health[i] = Health{part.name, part.ping(ctx)} })
	}
	all.Wait()
	return health
}
