package redis_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// clusterWithout is a Cluster of which a node is to go away.
type clusterWithout struct {
	*redis.Client
	node          *servers.Server
	away, reached []core.Index // one of each partition: of that node, and of the others
}

func newClusterWithout(t *testing.T) clusterWithout {
	t.Helper()
	nodes, c := ownCluster(t, "--cluster-require-full-coverage", "no", "--appendfsync", "always")
	w := clusterWithout{Client: c, node: nodes[0]}
	for part, n := range ofParts(c) {
		if homeOf(t, c, part) == nodes[0].Addr() {
			w.away = append(w.away, n)
		} else {
			w.reached = append(w.reached, n)
		}
	}
	if len(w.reached) == 0 || len(w.away) == 0 {
		t.Fatalf("%d partitions are reached and %d are away", len(w.reached), len(w.away))
	}
	return w
}

func (w clusterWithout) all() []core.Index {
	return append(w.away[:len(w.away):len(w.away)], w.reached...)
}

func enqueueAll(t *testing.T, queue core.WorkQueue, indices ...core.Index) {
	t.Helper()
	added, err := queue.Enqueue(t.Context(), "somebody", tasks(indices...)...)
	must(t, err)
	if added != len(indices) {
		t.Fatalf("%d of %d tasks were added", added, len(indices))
	}
}

func TestWorkQueue_TellsWhatItKnowsWithoutANodeOfTheCluster(t *testing.T) {
	t.Parallel()
	w := newClusterWithout(t)
	queue := w.WorkQueue(time.Hour)
	enqueueAll(t, queue, w.all()...)
	w.node.Kill()

	cost := time.Duration(len(w.reached)) * time.Second
	wantBacklog(t, queue, len(w.reached), cost, cost)
	jobs, err := queue.Jobs(t.Context(), w.all()...)
	must(t, err)
	for _, n := range w.reached {
		if job, queued := jobs[n]; !queued || job.Unknown {
			t.Errorf("the job of %d is reached, and it is %+v, %t", n, job, queued)
		}
	}
	for _, n := range w.away {
		if !jobs[n].Unknown {
			t.Errorf("the job of %d is away, and it is %+v", n, jobs[n])
		}
		_, err := queue.Jobs(t.Context(), n)
		wantKind(t, err, core.KindUnavailable)
	}
	err = queue.Ping(t.Context())
	wantKind(t, err, core.KindUnavailable)
	if !errors.Is(err, core.ErrPartlyAway) {
		t.Errorf("a node of several is away, and Ping returns %v", err)
	}
}

// A worker that calculates an index of the node goes on to claim others.
func TestWorker_GoesOnWithoutANodeOfTheCluster(t *testing.T) {
	t.Parallel()
	w := newClusterWithout(t)
	queue := w.WorkQueue(2 * time.Second)
	begun := make(chan struct{})
	ports := intercept.Ports(core.Ports{
		Store: new(memory.IndexStore), Cache: new(memory.ValueCache), Queue: queue,
		Workers: new(memory.WorkerRegistry), Events: new(memory.Events), Calculator: fibonacci.New(),
	}, intercept.On("Calculator.Calculate", func(ctx context.Context, call intercept.Call) error {
		if *intercept.Arg[core.Index](call) != w.away[0] {
			return call.Next(ctx)
		}
		close(begun)
		<-ctx.Done()
		return context.Cause(ctx)
	}))
	for _, n := range w.all() {
		_, err := ports.Store.Record(t.Context(), time.Now(), []core.Submission{{Index: n, Count: 1, Reopen: true}})
		must(t, err)
	}
	enqueueAll(t, queue, w.away[0])
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		core.NewWorker(ports, core.WorkerOptions{Concurrency: 2}, slog.New(slog.DiscardHandler)).Run(ctx)
	}()
	defer func() { cancel(); <-stopped }()
	<-begun
	w.node.Kill()
	time.Sleep(3 * time.Second) // its renewal is late
	enqueueAll(t, queue, w.reached...)
	eventually(t, "all that is reached is calculated", func() error {
		for _, n := range w.reached {
			if records, err := ports.Store.Lookup(t.Context(), n); err != nil || records[n].State != core.StateCalculated {
				return errors.Join(err, errors.New("not calculated: "+n.String()))
			}
		}
		return nil
	})
}

func TestEnqueue_ADeadlineLeavesOutNoHealthyPartition(t *testing.T) {
	t.Parallel()
	w := newClusterWithout(t)
	queue := w.WorkQueue(time.Hour)
	must(t, w.Ping(t.Context()))
	w.node.Pause()
	defer w.node.Unpause()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	// The partitions are taken in random order, those that hang among the first.
	_, err := queue.Enqueue(ctx, "somebody", tasks(w.all()...)...)
	wantKind(t, err, core.KindUnavailable)
	_, err = queue.Enqueue(t.Context(), "somebody", tasks(w.reached...)...)
	must(t, err)
}

func TestClaim_ReturnsTheErrorOfAllPartitions(t *testing.T) {
	t.Parallel()
	nodes, c := ownCluster(t)
	queue := c.WorkQueue(time.Hour)
	for _, n := range ofParts(c) {
		enqueueAll(t, queue, n)
	}
	for _, node := range nodes {
		command(t, node, "ACL", "SETUSER", "default", "-evalsha", "-eval")
	}
	for range 2 {
		claims, err := queue.Claim(t.Context(), core.ClaimLimit{Count: 1})
		wantKind(t, err, core.KindUnavailable)
		if len(claims) > 0 {
			t.Errorf("claimed %+v", claims)
		}
	}
}

// Leases expire while their node is away. When it is back, those who hold them
// can renew them before their tasks are claimed.
func TestClaim_GivesTimeToRenewWhenANodeIsBack(t *testing.T) {
	t.Parallel()
	w := newClusterWithout(t)
	const lease = time.Second
	queue := w.WorkQueue(lease)
	enqueueAll(t, queue, w.away[0])
	claim := claimOne(t, queue)
	w.node.Kill()
	enqueue := func() error {
		_, err := queue.Enqueue(t.Context(), "somebody", tasks(claim.Index)...)
		return err
	}
	wantKind(t, enqueue(), core.KindUnavailable)
	time.Sleep(2 * lease)
	w.node.Start()
	eventually(t, "the node is back", enqueue)
	claims, err := queue.Claim(t.Context(), core.ClaimLimit{Count: 10})
	must(t, err)
	for _, c := range claims {
		if c.Index == claim.Index {
			t.Errorf("claimed %+v before it could be renewed", c)
		}
	}
	renew(t, queue, claim)
}
