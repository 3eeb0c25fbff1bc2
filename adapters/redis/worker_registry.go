package redis

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// WorkerRegistry implements core.WorkerRegistry.
type WorkerRegistry struct{ client *Client }

var _ core.WorkerRegistry = WorkerRegistry{}

// WorkerRegistry returns the registry in c.
func (c *Client) WorkerRegistry() WorkerRegistry { return WorkerRegistry{c} }

// Announce implements core.WorkerRegistry.
func (r WorkerRegistry) Announce(ctx context.Context, worker core.WorkerInfo, ttl time.Duration) error {
	return run(announceScript.Run(ctx, r.client.rdb, r.keys(), worker.Name, ttl.Microseconds(), worker.Memory))
}

// List implements core.WorkerRegistry.
func (r WorkerRegistry) List(ctx context.Context) ([]core.WorkerInfo, error) {
	reply, err := listWorkersScript.Run(ctx, r.client.rdb, r.keys()).Slice()
	if err != nil {
		return nil, wrap(err)
	}
	var workers []core.WorkerInfo
	for pair := range slices.Chunk(reply, 2) {
		memory, err := strconv.ParseInt(pair[1].(string), 10, 64)
		if err != nil {
			return nil, core.WrapError(core.KindInternal, "The registry holds something that is no worker.", err)
		}
		workers = append(workers, core.WorkerInfo{Name: pair[0].(string), Memory: memory})
	}
	slices.SortFunc(workers, func(a, b core.WorkerInfo) int { return strings.Compare(a.Name, b.Name) })
	return workers, nil
}

func (r WorkerRegistry) keys() []string { return []string{r.client.workers(), r.client.memory()} }
