package core

import (
	"context"
	"time"
)

// IndexStore is the port to the durable record of every index submitted. It
// is the truth: what it holds is calculated or visibly failed in the end, and
// everything else can be rebuilt from it.
//
// All methods are safe for concurrent use by any number of processes. Times
// are kept to the microsecond, in UTC. When the store can't be reached the
// error's kind is KindUnavailable and nothing has been promised to anybody.
type IndexStore interface {
	// Record notes submissions, whose indices are distinct, and returns the
	// records as they are afterwards, in the same order. It is all or nothing,
	// and committed to durable storage before it returns.
	//
	// An index not seen before gets a record: pending, first and last seen at
	// the given time. One seen before has its submissions raised by Count, its
	// last seen time moved forward (never back) and, with Reopen, its state set
	// to pending with no reason and its revision raised. Concurrent calls lose no
	// count.
	Record(ctx context.Context, at time.Time, submissions []Submission) ([]Record, error)

	// Reopen makes the record of n pending, because its value is wanted and
	// not there. KindNotFound if there is no such record.
	Reopen(ctx context.Context, n Index) error

	// Lookup returns the record of n, or KindNotFound.
	Lookup(ctx context.Context, n Index) (Record, error)

	// List returns up to limit records with a Sequence below before, newest
	// first; before 0 starts at the newest. Its cost does not grow with the
	// number of records.
	List(ctx context.Context, before int64, limit int) ([]Record, error)

	// Unfinished returns up to limit indices that want a value: pending ones,
	// and ones calculated into another generation of the cache than the given.
	// Those last seen are first.
	Unfinished(ctx context.Context, generation string, limit int) ([]Index, error)

	// MarkCalculated makes the record of n calculated, its value stored in the
	// given generation of the cache; MarkFailed makes it failed with a reason
	// for people. Both do so only while the record's Revision is the given one
	// and report whether they did: false means that somebody missed the value in
	// the meantime, or that there is no such record.
	MarkCalculated(ctx context.Context, n Index, revision int64, generation string) (bool, error)
	MarkFailed(ctx context.Context, n Index, revision int64, reason string) (bool, error)

	// Ping returns nil when the store can do its work: it is reached and takes
	// writes. It is cheap and leaves nothing that counts.
	Ping(ctx context.Context) error
}

// Submission is a wish for the value of an index.
type Submission struct {
	Index  Index
	Count  int64 // how often it was submitted, at least 1
	Reopen bool  // no value was found: it has to be calculated, perhaps again
}

// Record is what an IndexStore knows of an index.
type Record struct {
	Index       Index
	Sequence    int64 // order of first submission, positive; larger is newer
	FirstSeenAt time.Time
	LastSeenAt  time.Time
	Submissions int64
	Revision    int64  // grows whenever the index is reopened, by Record or Reopen
	State       State  // StatePending, StateCalculated or StateFailed
	Generation  string // of the cache that took the value, when calculated
	Reason      string // why it failed, when it did; a sentence for people
}
