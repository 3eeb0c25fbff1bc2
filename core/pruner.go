package core

import (
	"context"
	"time"
)

// Pruner is the port to the deletion of old records, which only [Retention] uses.
// It is a part of an IndexStore: a service whose records are kept forever needs
// none.
type Pruner interface {
	// Prune deletes up to limit records, at least 1, whose states are final and which
	// were last seen before the given time, and returns how many. It deletes fewer
	// only if there are no more, or some of them are being changed. It is atomic, and
	// its cost does not grow with the number of records.
	//
	// It may be called by any number of processes, while others use the IndexStore. A
	// record that is submitted or reopened meanwhile is deleted before that or not at
	// all. An index whose record was deleted is new when it is submitted again.
	Prune(ctx context.Context, before time.Time, limit int) (deleted int, err error)
}
