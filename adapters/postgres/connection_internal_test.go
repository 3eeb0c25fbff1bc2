package postgres

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestLearn_EveryNamedStatementThatAPoolerLostIsTriedAgain, not only the first
// of those that fail at the same time.
func TestLearn_EveryNamedStatementThatAPoolerLostIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"26000", "42P05"} {
		s := new(IndexStore)
		for call, c := range []struct {
			mode pgx.QueryExecMode
			want bool
		}{
			{pgx.QueryExecModeCacheStatement, true},
			{pgx.QueryExecModeCacheStatement, true},
			{pgx.QueryExecModeCacheDescribe, false}, // it had no name: this is something else
		} {
			if again := s.learn(t.Context(), session{mode: c.mode}, &pgconn.PgError{Code: code}); again != c.want {
				t.Errorf("%s, call %d: tried again %v, want %v", code, call, again, c.want)
			}
		}
		if !s.unnamed.Load() {
			t.Errorf("%s: statements still have names", code)
		}
	}
}
