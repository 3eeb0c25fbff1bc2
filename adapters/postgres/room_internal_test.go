package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestPing_ReportsAWriteWithoutRoomForAWhile(t *testing.T) {
	t.Parallel()
	db := new(DB)
	for _, code := range []string{"53100", "53200"} {
		db.noteWrite(wrap(&pgconn.PgError{Code: code}))
		if db.lastWrite() == nil {
			t.Errorf("%s is not noted", code)
		}
		db.noteWrite(errors.New("of something else"))
		if db.lastWrite() == nil {
			t.Errorf("%s is forgotten after another error", code)
		}
		db.noteWrite(nil)
		if err := db.lastWrite(); err != nil {
			t.Errorf("after a write: %v", err)
		}
	}
	db.noteWrite(wrap(&pgconn.PgError{Code: "53300"})) // too many connections
	if err := db.lastWrite(); err != nil {
		t.Errorf("noted: %v", err)
	}
	db.refused.Store(&refusal{time.Now().Add(-noRoomPeriod), errors.New("long ago")})
	if err := db.lastWrite(); err != nil {
		t.Errorf("after noRoomPeriod: %v", err)
	}
}
