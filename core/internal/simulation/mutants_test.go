package simulation_test

import (
	"context"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

// TestMutant_IsFound breaks the domain in ways that are easily come by,
// each by a port that does not do what it is told, and sees that the promises
// notice.
func TestMutant_IsFound(t *testing.T) {
	t.Parallel()
	const within = 500 // seeds
	for name, mutant := range mutants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1); seed <= within; seed++ {
				if report := simulation.Run(t, seed, mutant); report.Failed() {
					t.Logf("found by seed %d: %s", seed, report.Reason())
					return
				}
			}
			t.Errorf("not found by %d seeds", within)
		})
	}
}

var mutants = map[string]simulation.Mutant{
	"a worker acknowledges before it stores": {Worker: func(ports core.Ports) core.Ports {
		ports.Queue = hastyQueue{ports.Queue}
		return ports
	}},
	"a worker does not renew its claims": {Worker: func(ports core.Ports) core.Ports {
		ports.Queue = unrenewedQueue{ports.Queue}
		return ports
	}},
	"nobody reconciles": {NoReconciler: true},
	"an index not enqueued is left alone": {Reconciler: func(ports core.Ports) core.Ports {
		ports.Store = onlyLostStore{ports.Store}
		return ports
	}},
	"a lost cache is left alone": {Reconciler: func(ports core.Ports) core.Ports {
		ports.Cache = immortalCache{ports.Cache}
		return ports
	}},
	"an evicted value is calculated unasked": {Reconciler: func(ports core.Ports) core.Ports {
		ports.Store = eagerStore{ports.Store, ports.Cache}
		return ports
	}},
	"a submission does not look for the value": {Service: func(ports core.Ports) core.Ports {
		ports.Cache = blindCache{ports.Cache}
		return ports
	}},
	"a worker does not look for the value": {Worker: func(ports core.Ports) core.Ports {
		ports.Cache = blindCache{ports.Cache}
		return ports
	}},
	"a worker marks what was asked for again": {Worker: func(ports core.Ports) core.Ports {
		ports.Store = forcedStore{ports.Store}
		return ports
	}},
	"a wrong digit is served": {Service: func(ports core.Ports) core.Ports {
		ports.Cache = wrongCache{ports.Cache}
		return ports
	}},
	"a service answers before the commit": {Service: func(ports core.Ports) core.Ports {
		ports.Store = optimisticStore{ports.Store}
		return ports
	}},
	"an index is given up at its first failure": {Worker: func(ports core.Ports) core.Ports {
		ports.Queue = impatientQueue{ports.Queue}
		return ports
	}},
	"a worker is not announced": {Worker: func(ports core.Ports) core.Ports {
		ports.Queue = secretQueue{ports.Queue}
		return ports
	}},
	"an index is never given up": {Worker: func(ports core.Ports) core.Ports {
		ports.Queue = forgivingQueue{ports.Queue}
		return ports
	}},
}

// hastyQueue removes an index as soon as it is claimed.
type hastyQueue struct{ core.WorkQueue }

func (q hastyQueue) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
	claim, err := q.WorkQueue.Claim(ctx, wait)
	if err != nil {
		return claim, err
	}
	return claim, q.Acknowledge(ctx, claim)
}

func (hastyQueue) Renew(context.Context, core.Claim, float64) error { return nil }

// secretQueue does not tell of workers.
type secretQueue struct{ core.WorkQueue }

func (secretQueue) Announce(context.Context, string, time.Duration) error { return nil }

// unrenewedQueue does not renew claims.
type unrenewedQueue struct{ core.WorkQueue }

func (unrenewedQueue) Renew(context.Context, core.Claim, float64) error { return nil }

// impatientQueue counts each delivery as the last.
type impatientQueue struct{ core.WorkQueue }

func (q impatientQueue) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
	claim, err := q.WorkQueue.Claim(ctx, wait)
	claim.Delivery = max(claim.Delivery, core.MaxDeliveries)
	return claim, err
}

// forgivingQueue counts each delivery as the first.
type forgivingQueue struct{ core.WorkQueue }

func (q forgivingQueue) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
	claim, err := q.WorkQueue.Claim(ctx, wait)
	claim.Delivery = 1
	return claim, err
}

// onlyLostStore keeps quiet about indices that are pending.
type onlyLostStore struct{ core.IndexStore }

func (s onlyLostStore) Unfinished(ctx context.Context, generation string, limit int) ([]core.Index, error) {
	indices, err := s.IndexStore.Unfinished(ctx, generation, limit)
	var lost []core.Index
	for _, n := range indices {
		if r, err := s.Lookup(ctx, n); err == nil && r.State == core.StateCalculated {
			lost = append(lost, n)
		}
	}
	return lost, err
}

// immortalCache says that nothing was ever lost.
type immortalCache struct{ core.ValueCache }

func (c immortalCache) Generation(ctx context.Context) (string, error) {
	_, err := c.ValueCache.Generation(ctx)
	return "0", err
}

// eagerStore takes for unfinished whatever has no value.
type eagerStore struct {
	core.IndexStore
	cache core.ValueCache
}

func (s eagerStore) Unfinished(ctx context.Context, generation string, limit int) ([]core.Index, error) {
	indices, err := s.IndexStore.Unfinished(ctx, generation, limit)
	if err != nil {
		return nil, err
	}
	records, err := s.List(ctx, 0, limit)
	for _, r := range records {
		if found, err := s.cache.Summaries(ctx, r.Index); err == nil && len(found) == 0 {
			indices = append(indices, r.Index)
		}
	}
	return indices, err
}

// blindCache finds nothing.
type blindCache struct{ core.ValueCache }

func (c blindCache) Summaries(ctx context.Context, indices ...core.Index) (map[core.Index]core.Summary, error) {
	_, err := c.ValueCache.Summaries(ctx, indices...)
	return nil, err
}

// wrongCache gets the last digit wrong.
type wrongCache struct{ core.ValueCache }

func (c wrongCache) Digits(ctx context.Context, n core.Index, first, count int64) ([]byte, error) {
	text, err := c.ValueCache.Digits(ctx, n, first, count)
	if len(text) > 0 {
		text[len(text)-1] = '0' + (text[len(text)-1]-'0'+1)%10
	}
	return text, err
}

// forcedStore marks records whatever their revision.
type forcedStore struct{ core.IndexStore }

func (s forcedStore) MarkCalculated(ctx context.Context, n core.Index, _ int64, generation string) (bool, error) {
	r, err := s.Lookup(ctx, n)
	if err != nil {
		return false, err
	}
	return s.IndexStore.MarkCalculated(ctx, n, r.Revision, generation)
}

// optimisticStore does not wait for a commit that fails.
type optimisticStore struct{ core.IndexStore }

func (s optimisticStore) Record(ctx context.Context, at time.Time, submissions []core.Submission) ([]core.Record, error) {
	records, err := s.IndexStore.Record(ctx, at, submissions)
	if err != nil {
		err = nil
		for _, sub := range submissions {
			records = append(records, core.Record{Index: sub.Index})
		}
	}
	return records, err
}
