package postgres

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// noRoomPeriod is how long Ping reports a server that had no room for a write.
// It ends although nothing was written since: where submissions are kept from a
// program that is not ready, none would show that there is room again.
const noRoomPeriod = 10 * time.Second

// A refusal is a write that the server had no room for.
type refusal struct {
	at  time.Time
	err error
}

// noRoom reports whether a code says that the server's disk is full, or that
// it is out of memory.
func noRoom(code string) bool { return code == "53100" || code == "53200" }

// noteWrite notes for Ping how a write ended.
func (s *IndexStore) noteWrite(err error) {
	var fault *pgconn.PgError
	switch {
	case err == nil:
		s.refused.Store(nil)
	case errors.As(err, &fault) && noRoom(fault.Code):
		s.refused.Store(&refusal{time.Now(), err})
	}
}

// lastWrite returns the error of the last write if the server had no room for
// it, and that was not long ago.
func (s *IndexStore) lastWrite() error {
	if r := s.refused.Load(); r != nil && time.Since(r.at) < noRoomPeriod {
		return r.err
	}
	return nil
}
