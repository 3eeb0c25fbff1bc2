package redis

import (
	"context"
	"fmt"
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
	memory, speed := "", ""
	if worker.Memory != 0 {
		memory = strconv.FormatInt(worker.Memory, 10)
	}
	if worker.Slots != 0 || worker.Speed != 0 {
		speed = fmt.Sprintf("%d %v", worker.Slots, worker.Speed)
	}
	return run(announceScript.Run(ctx, r.client.rdb, r.keys(),
		worker.Name, min(ttl, core.MaxAnnouncement).Microseconds(), memory, speed, core.MaxAnnouncement.Microseconds()))
}

// List implements core.WorkerRegistry.
func (r WorkerRegistry) List(ctx context.Context) ([]core.WorkerInfo, error) {
	reply, err := listWorkersScript.Run(ctx, r.client.rdb, r.keys(), core.MaxAnnouncement.Microseconds()).Slice()
	if err != nil {
		return nil, wrap(err)
	}
	var workers []core.WorkerInfo
	for fields := range slices.Chunk(reply, 4) {
		worker := core.WorkerInfo{Name: fields[0].(string), Remaining: time.Duration(fields[3].(int64)) * time.Microsecond}
		if _, err := fmt.Sscan(fields[1].(string)+" "+fields[2].(string), &worker.Memory, &worker.Slots, &worker.Speed); err != nil {
			return nil, core.WrapError(core.KindInternal, "The registry holds something that is no worker.", err)
		}
		workers = append(workers, worker)
	}
	slices.SortFunc(workers, func(a, b core.WorkerInfo) int { return strings.Compare(a.Name, b.Name) })
	return workers, nil
}

func (r WorkerRegistry) keys() []string {
	return []string{r.client.workers(), r.client.memory(), r.client.speed()}
}
