package core

import (
	"context"
	"time"
)

// IndexStore is the port to the durable record of every index submitted. It
// is the truth: whatever it holds ends calculated or visibly failed, and
// everything else can be rebuilt from it.
//
// All methods are safe for concurrent use by any number of processes. Times
// are kept to the microsecond, in UTC. If the store can't be reached, the
// error's kind is KindUnavailable; if ctx is cancelled, KindCanceled. A call
// that fails promises nothing: it may have taken effect, but never in part. A
// call with nothing to do returns nothing and no error.
type IndexStore interface {
	// Record stores submissions, whose pairs of Index and Key are distinct, and
	// returns the records of their indices as they are afterwards, in the same order.
	// It is atomic, and committed to durable storage before it returns.
	//
	// An index not seen before gets a record: pending, first and last seen at
	// the given time. One seen before has its submissions raised by Count, its
	// last seen time moved forward (never back) and, with Reopen, its state set
	// to pending with no reason and its revision raised. Concurrent calls lose no
	// count.
	//
	// The Count of a submission is not added if an earlier call of Record had one with
	// the same Key. If that had the same ID and another Digest, the submission is
	// refused: nothing is done for it, and its record is the zero Record. Within a
	// call, an ID has one Digest. An ID is forgotten KeyAge after its first use, by
	// the times given; calls with keys delete a bounded number of forgotten ones.
	Record(ctx context.Context, at time.Time, submissions []Submission) ([]Record, error)

	// Reopen makes the record of n pending, with no reason, and raises its
	// revision: the value is wanted, and it is missing. KindNotFound if n has no
	// record.
	Reopen(ctx context.Context, n Index) error

	// Lookup returns the records of those of the indices that have one.
	Lookup(ctx context.Context, indices ...Index) (map[Index]Record, error)

	// List returns up to limit records, at least 1, with a Sequence below before,
	// newest first; before 0 starts at the newest. Its cost does not grow with the
	// number of records.
	List(ctx context.Context, before int64, limit int) ([]Record, error)

	// Pending returns up to limit indices, at least 1, whose records are pending,
	// in the given order of the times they were last seen. Its cost does not grow
	// with the number of records.
	Pending(ctx context.Context, order Order, limit int) ([]Index, error)

	// Lost returns up to limit indices, at least 1, whose records are calculated
	// into another generation of the cache than the given, in the given order of the
	// times they were last seen. Its cost does not grow with the number of records.
	Lost(ctx context.Context, generation string, order Order, limit int) ([]Index, error)

	// CountLost returns the number of indices that Lost returns with the same
	// limit. It is cheaper: none of them is transferred.
	CountLost(ctx context.Context, generation string, limit int) (int, error)

	// MarkCalculated makes records calculated, their values stored in the given
	// generation of the cache, and returns the indices whose records it marked.
	// It marks a record only if its revision is the given one: a record that is
	// left out does not exist, or was reopened in the meantime. It is atomic.
	MarkCalculated(ctx context.Context, generation string, marks ...Mark) (marked map[Index]bool, err error)

	// MarkFailed marks the record of n as failed, with a reason for people, and
	// reports whether it did. It does so only if the record is pending and its
	// revision is the given one.
	MarkFailed(ctx context.Context, n Index, revision int64, reason string) (marked bool, err error)

	// Ping returns nil if the store can do its work: it is reached and takes
	// writes. It is cheap and leaves nothing behind that counts.
	Ping(ctx context.Context) error
}

// Order is the order of a list of indices.
type Order int

// The orders of a list of indices.
const (
	NewestFirst Order = iota
	OldestFirst
)

// Submission is a request for the value of an index.
type Submission struct {
	Index  Index
	Count  int64 // how often it was submitted, at least 1
	Reopen bool  // no value was found: it has to be calculated, perhaps again
	Key    Key   // of the request that it is a part of; the zero Key if that has none
}

// Key identifies a request that may arrive several times and counts once. The zero
// Key identifies none.
type Key struct {
	ID     [16]byte
	Digest [16]byte // of what is submitted
}

// KeyAge is how long an IndexStore remembers the ID of a Key.
const KeyAge = 24 * time.Hour

// Mark is a record to be marked as long as its revision is the given one.
type Mark struct {
	Index    Index
	Revision int64
}

// Record is what an IndexStore knows of an index.
type Record struct {
	Index       Index
	Sequence    int64 // order of first submission, positive; larger is newer
	FirstSeenAt time.Time
	LastSeenAt  time.Time
	Submissions int64  // how often it was submitted
	Revision    int64  // grows whenever the index is reopened, by Record or Reopen
	State       State  // StatePending, StateCalculated or StateFailed
	Generation  string // of the cache that took the value, when calculated
	Reason      string // why it failed, when it did; a sentence for people
}
