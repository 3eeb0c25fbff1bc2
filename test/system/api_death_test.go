package system

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/core"
)

func TestIndexWhoseAPIDiedAfterTheCommitIsCalculated(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	w := newWire(t, s.redis.Addr())
	api, c := s.startAPI("REDIS_HOST=" + w.addr())
	w.swallow() // whatever comes after the commit hangs
	const n core.Index = 54321
	go func() { _, _ = c.submit(n) }() // nobody is left to answer

	database, err := pgx.Connect(t.Context(), databaseURL(s))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = database.Close(t.Context()) }()
	eventually(t, "the commit", func() bool {
		var count int
		err := database.QueryRow(t.Context(), "SELECT count(*) FROM indices WHERE n = $1", int64(n)).Scan(&count)
		return err == nil && count == 1
	})
	api.kill()
	if queued, err := dial(t, s.redis.Addr()).DBSize(t.Context()).Result(); err != nil || queued > 1 {
		t.Fatalf("the index was queued before the API died: %d keys, %v", queued, err)
	}

	begin := time.Now()
	_, c = s.startAPI()
	s.startWorker()
	eventually(t, "the value", c.is(n, "calculated"))
	measured(t, "calculated %v after the API died, nobody resubmitting", time.Since(begin).Round(time.Millisecond))
	c.wantRight(t, n)
}
