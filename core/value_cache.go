package core

import (
	"context"
	"time"
)

// ValueCache is the port to the calculated values. It may lose what it holds
// at any time, one value (eviction) or all at once (a flush, or a cache that
// came back empty); every value can be calculated again.
//
// All methods are safe for concurrent use by any number of processes. If the
// cache can't be reached, the error's kind is KindUnavailable; if ctx is
// cancelled, KindCanceled. A call with nothing to do returns nothing and no
// error.
//
// What is read has been verified against the checksums it was stored with. An
// entry that is damaged or incomplete is dropped, all of it, and reported as
// missing. One that another version of the program has stored, and this one can't
// read, is reported as missing and kept.
type ValueCache interface {
	// Put stores values. Each replaces the value of its index; if several have the
	// same index, the last is kept. It is atomic for each value: a reader, and a reader
	// after a crash, sees a whole value or none. A call that fails may have stored
	// some of them. No single transfer exceeds 1 MiB. KindOverloaded if there is
	// no room: the message is the reason that the index fails for.
	Put(ctx context.Context, values ...Value) error

	// Summaries returns the summaries of those of the indices that have a value.
	Summaries(ctx context.Context, indices ...Index) (map[Index]Summary, error)

	// Digits returns count digits of the magnitude of F(n) as decimal text,
	// from digit first on, 0 being the most significant. It reads little more
	// than it returns. KindNotFound if there is no value, KindInvalid if it has
	// no such digits.
	Digits(ctx context.Context, n Index, first, count int64) ([]byte, error)

	// List returns up to limit summaries, at least 1, that come after the given
	// position, newest first; the zero Position starts at the newest. Its cost does not
	// grow with the number of values, nor without bound with the number of those
	// that were lost: where thousands in a row were lost one by one, it may end
	// early, and has them removed so that a later call finds what is behind them.
	List(ctx context.Context, after Position, limit int) ([]Summary, error)

	// Generation names the current life of the cache. It stays the same while
	// the cache keeps its values, evictions aside, and changes after values were
	// lost all at once.
	Generation(ctx context.Context) (string, error)

	// Room returns how much the cache can hold. It is cheap.
	Room(ctx context.Context) (Room, error)

	// Ping returns nil if the cache can do its work: it is reached and takes
	// writes. It is cheap and leaves nothing behind that counts.
	Ping(ctx context.Context) error
}

// Room is how much a ValueCache can hold, in bytes of its memory or of its file. A
// value takes a little more of them than its packed digits. The zero Room is that
// of a cache without a bound, or whose bound is not known.
type Room struct {
	Total int64 // what it can hold in all, values and everything else that is there
	Free  int64 // what it can take before it evicts a value or has no room for one; at least 0
}

// Bounded reports whether there is a bound that is known.
func (r Room) Bounded() bool { return r.Total > 0 }

// Position is a place in the list of values: that of the value of an index,
// calculated at a time. The list is sorted by time, then by index, both
// descending.
type Position struct {
	CalculatedAt time.Time
	Index        Index
}

// IsZero reports whether p is the place before the newest value.
func (p Position) IsZero() bool { return p.CalculatedAt.IsZero() }

// Before reports whether p comes before q in the list.
func (p Position) Before(q Position) bool {
	if c := p.CalculatedAt.Compare(q.CalculatedAt); c != 0 {
		return c > 0
	}
	return p.Index > q.Index
}
