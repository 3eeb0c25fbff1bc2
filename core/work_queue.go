package core

import (
	"context"
	"time"
)

// WorkQueue is the port to the indices that wait for a worker. An index is in
// it at most once. It is delivered at least once: a delivery that is neither
// acknowledged nor renewed within the claim period, which the implementation
// is made with, is delivered again. The queue may be lost as a whole.
//
// All methods are safe for concurrent use by any number of processes. When
// the queue can't be reached the error's kind is KindUnavailable.
type WorkQueue interface {
	// Enqueue adds the tasks whose indices are not in the queue, waiting or
	// claimed, and returns how many it added. They are delivered in order, first
	// in first out; a queue that is spread over several servers may be of parts
	// that each keep their order. Until it is removed a task counts in the
	// backlog, as one of the given client, which is any text.
	Enqueue(ctx context.Context, client string, tasks ...Task) (added int, err error)

	// Backlog returns how much is in the queue, waiting or claimed.
	// When the queue is empty, or lost, it is zero. Asking costs no more for a
	// long queue than for a short one.
	Backlog(ctx context.Context, client string) (Backlog, error)

	// Claim takes the next index, of any of its parts: one whose claim has run
	// out, else the one that waits longest. It waits up to the given time for
	// one to come and returns KindNotFound if none does.
	Claim(ctx context.Context, wait time.Duration) (Claim, error)

	// Renew gives the claim another claim period and notes the progress of its
	// calculation, 0 to 1. KindNotFound means that the claim is lost, and the
	// index another's or nobody's.
	Renew(ctx context.Context, c Claim, progress float64) error

	// Acknowledge removes the index from the queue: it is done with. A claim
	// that was lost is acknowledged to no effect, without an error.
	Acknowledge(ctx context.Context, c Claim) error

	// Release hands the index back, to be claimed at once, as if it had not
	// been delivered this time. A claim that was lost is released to no effect,
	// without an error.
	Release(ctx context.Context, c Claim) error

	// Jobs returns those of the indices that are in the queue.
	Jobs(ctx context.Context, indices ...Index) (map[Index]Job, error)

	// Announce counts the worker of the given name, which is any text, among the
	// Workers for the given time from now, whatever was announced of it before.
	// For 0 it leaves them at once.
	Announce(ctx context.Context, worker string, lasting time.Duration) error

	// Workers returns how many workers are announced at present. Those of a queue
	// that was lost are lost with it, until they are announced again.
	Workers(ctx context.Context) (int, error)

	// Ping returns nil when the queue can do its work: it is reached and takes
	// writes. It is cheap and leaves nothing that counts.
	Ping(ctx context.Context) error
}

// Task is an index to be put to work.
type Task struct {
	Index Index
	Cost  time.Duration // time that a worker will need for it, kept to the microsecond
}

// Backlog is how much there is to do.
type Backlog struct {
	Tasks int // how many there are in the queue

	// Sums of the costs of tasks.
	All time.Duration // of all that are in the queue
	Own time.Duration // of those that were enqueued for the client who was asked about
}

// Claim is one delivery of an index to a worker.
type Claim struct {
	Index    Index
	Delivery int    // how often it has been delivered, this time included
	Token    string // tells this delivery from all others; the queue's own
}

// Job is an index in the queue.
type Job struct {
	Claimed  bool    // a worker holds it and its claim has not run out
	Progress float64 // as last renewed, 0 to 1
}
