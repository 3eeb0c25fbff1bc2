package memory

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// WorkQueue is a core.WorkQueue for tests.
type WorkQueue struct {
	claimPeriod time.Duration

	mu      sync.Mutex
	jobs    []*job // in order of arrival
	claims  int
	news    chan struct{}        // closed and replaced when a job may have become free
	workers map[string]time.Time // until when they are announced
}

type job struct {
	client string
	core.Task
	deliveries   int
	token        string
	claimedUntil time.Time
	progress     float64
}

// NewWorkQueue returns an empty queue with the given claim period.
func NewWorkQueue(claimPeriod time.Duration) *WorkQueue {
	return &WorkQueue{claimPeriod: claimPeriod, news: make(chan struct{}), workers: make(map[string]time.Time)}
}

// Enqueue implements core.WorkQueue.
func (m *WorkQueue) Enqueue(_ context.Context, client string, tasks ...core.Task) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	added := 0
	for _, t := range tasks {
		if m.find(t.Index) == nil {
			m.jobs = append(m.jobs, &job{client: client, Task: t})
			added++
		}
	}
	m.wake()
	return added, nil
}

// Backlog implements core.WorkQueue.
func (m *WorkQueue) Backlog(_ context.Context, client string) (core.Backlog, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	backlog := core.Backlog{Tasks: len(m.jobs)}
	for _, j := range m.jobs {
		backlog.All += j.Cost
		if j.client == client {
			backlog.Own += j.Cost
		}
	}
	return backlog, nil
}

// Claim implements core.WorkQueue.
func (m *WorkQueue) Claim(ctx context.Context, wait time.Duration) (core.Claim, error) {
	end := time.Now().Add(wait)
	for {
		claim, news, freeAt := m.tryClaim()
		if claim != nil {
			return *claim, nil
		}
		rest := time.Until(end)
		if rest <= 0 {
			return core.Claim{}, notFound()
		}
		if !freeAt.IsZero() {
			rest = min(rest, time.Until(freeAt))
		}
		timer := time.NewTimer(rest)
		select {
		case <-news:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return core.Claim{}, context.Cause(ctx)
		}
		timer.Stop()
	}
}

// tryClaim takes a free job, or tells when to look again: on news, and when
// the first claim runs out.
func (m *WorkQueue) tryClaim() (*core.Claim, <-chan struct{}, time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var freeAt time.Time
	for _, j := range m.jobs {
		if j.claimed() {
			if freeAt.IsZero() || j.claimedUntil.Before(freeAt) {
				freeAt = j.claimedUntil
			}
			continue
		}
		m.claims++
		j.token = strconv.Itoa(m.claims)
		j.deliveries++
		j.progress = 0
		j.claimedUntil = time.Now().Add(m.claimPeriod)
		return &core.Claim{Index: j.Index, Delivery: j.deliveries, Token: j.token}, nil, time.Time{}
	}
	return nil, m.news, freeAt
}

// Renew implements core.WorkQueue.
func (m *WorkQueue) Renew(_ context.Context, c core.Claim, progress float64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	j := m.held(c)
	if j == nil {
		return notFound()
	}
	j.claimedUntil, j.progress = time.Now().Add(m.claimPeriod), progress
	return nil
}

// Acknowledge implements core.WorkQueue.
func (m *WorkQueue) Acknowledge(_ context.Context, c core.Claim) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if j := m.held(c); j != nil {
		m.jobs = slices.DeleteFunc(m.jobs, func(other *job) bool { return other == j })
	}
	return nil
}

// Release implements core.WorkQueue.
func (m *WorkQueue) Release(_ context.Context, c core.Claim) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if j := m.held(c); j != nil {
		j.token, j.claimedUntil, j.progress = "", time.Time{}, 0
		j.deliveries--
		m.wake()
	}
	return nil
}

// Jobs implements core.WorkQueue.
func (m *WorkQueue) Jobs(_ context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	jobs := make(map[core.Index]core.Job)
	for _, n := range indices {
		if j := m.find(n); j != nil {
			jobs[n] = core.Job{Claimed: j.claimed(), Progress: j.progress}
		}
	}
	return jobs, nil
}

// Announce implements core.WorkQueue.
func (m *WorkQueue) Announce(_ context.Context, worker string, lasting time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.workers[worker] = time.Now().Add(lasting)
	m.forgetSilent()
	return nil
}

// Workers implements core.WorkQueue.
func (m *WorkQueue) Workers(context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgetSilent()
	return len(m.workers), nil
}

func (m *WorkQueue) forgetSilent() {
	maps.DeleteFunc(m.workers, func(_ string, until time.Time) bool { return !time.Now().Before(until) })
}

// Ping implements core.WorkQueue.
func (m *WorkQueue) Ping(context.Context) error { return nil }

// Flush loses every job and every worker.
func (m *WorkQueue) Flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.jobs = nil
	clear(m.workers)
}

func (m *WorkQueue) wake() {
	close(m.news)
	m.news = make(chan struct{})
}

func (m *WorkQueue) find(n core.Index) *job {
	for _, j := range m.jobs {
		if j.Index == n {
			return j
		}
	}
	return nil
}

// held returns the job of a claim that is not lost. A claim that ran out is
// still good as long as nobody else has taken the index.
func (m *WorkQueue) held(c core.Claim) *job {
	if j := m.find(c.Index); j != nil && j.token == c.Token {
		return j
	}
	return nil
}

func (j *job) claimed() bool { return time.Now().Before(j.claimedUntil) }
