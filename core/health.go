package core

import (
	"context"
	"sync"
)

// Health is whether something the service depends on can do its work.
type Health struct {
	Name string // of the port, in a word
	Err  error  // nil: it can
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
