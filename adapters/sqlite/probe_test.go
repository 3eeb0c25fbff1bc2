package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

func TestPing_AFileThatCannotBeWrittenIsNotWell(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pisano.db")
	db, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", file+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	err = db.Ping(ctx)
	t.Logf("answered after %v: %v", time.Since(begin).Round(time.Millisecond), err)
	if core.KindOf(err) != core.KindUnavailable {
		t.Errorf("error %v while the file can only be read", err)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	for err = db.Ping(t.Context()); err != nil; err = db.Ping(t.Context()) {
		if time.Since(begin) > time.Minute {
			t.Fatal(err)
		}
	}
}
