package redis

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// readyChannel is the channel on which all processes are notified of how many tasks
// there are to claim. It is an ordinary channel, not a sharded one, because
// scripts of every partition publish to it. Its name is that of earlier versions,
// whose programs listen to it, and publish nothing but that there are some.
const readyChannel = "wake"

const (
	// readyPoll is how often a process looks for what nothing announces: leases
	// that expire, and tasks whose announcement was lost.
	readyPoll = 2 * time.Second
	// deafPolls is how many times more often it looks while it hears no announcements.
	deafPolls = 8
	// firstStagger and maxStagger bound how much later than others a process claims
	// that did so in vain once, or many times.
	firstStagger = 2 * time.Millisecond
	maxStagger   = 128 * time.Millisecond
)

// Ready implements core.WorkQueue. Enqueue and Release publish what they add. For
// expired leases and lost messages one goroutine of the process looks into the
// queue. Callers that wait also claim once a lease, which restarts the leases that
// begin in the future.
func (q *WorkQueue) Ready() <-chan struct{} {
	q.listening.Do(func() {
		q.client.all.Go(q.listen)
		q.client.all.Go(q.watch)
	})
	return q.ready.Within(max(q.lease, q.poll))
}

// listen notifies this process when tasks are announced, until the Client is closed.
func (q *WorkQueue) listen() {
	c := q.client
	for c.ctx.Err() == nil {
		sub := subscription{c.rdb.Subscribe(c.ctx, c.channel(readyChannel)), c.Ping}
		if sub.confirm(c.ctx) == nil {
			q.hears.Store(true)
			q.ready.Notify() // what was published before is not known
			sub.follow(c.ctx, func(tasks string) bool {
				count, _ := strconv.Atoi(tasks)
				q.ready.NotifyWithin(q.luck.stagger(count))
				return true
			})
			q.hears.Store(false)
		}
		sub.close()
		pause(c.ctx, time.Second)
	}
}

// watch looks into the queue again and again, until the Client is closed.
func (q *WorkQueue) watch() {
	for q.client.ctx.Err() == nil {
		pause(q.client.ctx, q.look())
	}
}

// look notifies this process if there is something to claim, or the queue can't be
// reached, which claimants must know. It returns after which time to look again.
func (q *WorkQueue) look() time.Duration {
	period := q.poll
	if !q.hears.Load() {
		period /= deafPolls
	}
	period = period/2 + rand.N(period) // not in step with other processes
	delays, err := q.delays(q.client.ctx, q.client.claimable(), core.Lanes[:])
	if err != nil {
		q.ready.Notify()
		return period
	}
	for _, lanes := range delays {
		for _, delay := range lanes {
			switch {
			case delay == 0:
				q.ready.Notify()
			case delay > 0:
				period = min(period, delay)
			}
		}
	}
	return period
}

// delays returns in what time there may be something to claim that nothing announces,
// in each lane of each partition: 0 if there is now, negative if no lease can expire. A
// partition that can't be reached has none; delays fails if none can.
func (q *WorkQueue) delays(ctx context.Context, partitions []partition, lanes []core.Lane) ([][]time.Duration, error) {
	if len(partitions) == 0 {
		return nil, errAllAway
	}
	calls := make([]call, len(partitions))
	for i, p := range partitions {
		streams := p.laneKeys(lanes, func(l lane) []string { return []string{l.queue()} })
		calls[i] = call{readyScript, streams, []any{group, q.expiry()}}
	}
	delays := make([][]time.Duration, len(partitions))
	var err error
	reached := false
	for i, reply := range q.client.runAll(ctx, calls...) {
		millis, fault := reply.Int64Slice()
		if fault != nil {
			if err = wrap(fault); !q.client.leaveOut(ctx, partitions[i], err) {
				return nil, err
			}
			continue
		}
		reached = true
		for _, ms := range millis {
			delays[i] = append(delays[i], time.Duration(ms)*time.Millisecond)
		}
	}
	if !reached {
		return nil, err
	}
	return delays, nil
}

// luck is how a process fared when it claimed what was announced. Of many that wait
// the one that had most is the first to claim, and the others find out later that it
// has, all that was announced meanwhile at once. The zero value is the best.
type luck struct {
	mu        sync.Mutex
	announced bool    // and nothing was claimed, or claimed in vain, since
	misses    int     // announcements in a row that there was nothing of
	draw      float64 // 0 to 1, drawn after each miss
}

// stagger returns how long to wait before tasks are claimed that were announced. More
// tasks are for more processes.
func (l *luck) stagger(tasks int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.announced = true
	if l.misses == 0 {
		return 0
	}
	longest := min(firstStagger<<min(l.misses-1, 16), maxStagger)
	return time.Duration(l.draw*float64(longest)) / time.Duration(max(1, tasks))
}

// note notes how many tasks were claimed.
func (l *luck) note(claimed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case claimed > 0:
		l.misses = 0
	case l.announced:
		l.misses++
		l.draw = rand.Float64()
	}
	l.announced = false
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
