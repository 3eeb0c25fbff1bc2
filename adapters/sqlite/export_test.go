package sqlite

import (
	"testing"
	"time"
)

// SetClock has leases and announcements measured by now.
func (db *DB) SetClock(now func() time.Time) { db.now = now }

// Usage returns the budget of a cache and how much of it is used.
func Usage(t *testing.T, c ValueCache) (budget, used int64) {
	t.Helper()
	used, err := usedByValues(t.Context(), c.db.read)
	if err != nil {
		t.Fatal(err)
	}
	return c.budget, used
}

// WasLockedOut reports whether a write has waited long for another process.
func WasLockedOut(db *DB) bool { return db.lockedOut.Load() != nil }

// CopyLog does what Watch does every second.
func CopyLog(t *testing.T, db *DB) { db.copyLog(t.Context()) }

// LogFile is the file of the log.
type LogFile = logFile

// WrapLog replaces the file of the log.
func WrapLog(db *DB, wrap func(LogFile) LogFile) { db.log.file = wrap(db.log.file) }
