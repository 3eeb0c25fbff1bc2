package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestRoom_ARefusedWriteIsNotedForAWhile(t *testing.T) {
	t.Parallel()
	s := new(IndexStore)
	for _, code := range []string{"53100", "53200"} {
		s.noteWrite(wrap(&pgconn.PgError{Code: code}))
		if s.lastWrite() == nil {
			t.Errorf("%s is not noted", code)
		}
		s.noteWrite(errors.New("of something else"))
		if s.lastWrite() == nil {
			t.Errorf("%s is forgotten after another error", code)
		}
		s.noteWrite(nil)
		if err := s.lastWrite(); err != nil {
			t.Errorf("after a write: %v", err)
		}
	}
	s.noteWrite(wrap(&pgconn.PgError{Code: "53300"})) // too many connections
	if err := s.lastWrite(); err != nil {
		t.Errorf("noted: %v", err)
	}
	s.refused.Store(&refusal{time.Now().Add(-noRoomPeriod), errors.New("long ago")})
	if err := s.lastWrite(); err != nil {
		t.Errorf("after noRoomPeriod: %v", err)
	}
}
