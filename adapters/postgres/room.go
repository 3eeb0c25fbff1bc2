package postgres

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// noRoomPeriod is how long Ping reports that the server had no room for a write.
// It ends even if nothing has been written since: a program that is not ready may
// receive no submissions, and so no write would show that there is room again.
const noRoomPeriod = 10 * time.Second

// A refusal is a write for which the server had no room.
type refusal struct {
	at  time.Time
	err error
}

// noRoom reports whether an error code means that the server's disk is full or
// that it is out of memory.
func noRoom(code string) bool { return code == "53100" || code == "53200" }

// noteWrite records the result of a write for Ping.
func (db *DB) noteWrite(err error) {
	var fault *pgconn.PgError
	switch {
	case err == nil:
		db.refused.Store(nil)
	case errors.As(err, &fault) && noRoom(fault.Code):
		db.refused.Store(&refusal{time.Now(), err})
	}
}

// lastWrite returns the error of the last write if the server had no room for it,
// less than noRoomPeriod ago.
func (db *DB) lastWrite() error {
	if r := db.refused.Load(); r != nil && time.Since(r.at) < noRoomPeriod {
		return r.err
	}
	return nil
}
