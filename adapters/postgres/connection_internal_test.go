package postgres

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestStatement_ThatAPoolerLostIsTriedAgainEveryTime, not only the first of
// those that fail at the same time.
func TestStatement_ThatAPoolerLostIsTriedAgainEveryTime(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"26000", "42P05"} {
		db := new(DB)
		for call, c := range []struct {
			mode pgx.QueryExecMode
			want bool
		}{
			{pgx.QueryExecModeCacheStatement, true},
			{pgx.QueryExecModeCacheStatement, true},
			{pgx.QueryExecModeCacheDescribe, false}, // it had no name: this is something else
		} {
			if again := db.learn(t.Context(), session{mode: c.mode}, &pgconn.PgError{Code: code}); again != c.want {
				t.Errorf("%s, call %d: tried again %v, want %v", code, call, again, c.want)
			}
		}
		if !db.unnamed.Load() {
			t.Errorf("%s: statements still have names", code)
		}
	}
}
