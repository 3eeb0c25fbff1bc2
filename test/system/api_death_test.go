package system

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestAPIDeath_AfterTheCommitLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	l := servers.Forward(t, s.redis.Addr())
	api, c := s.startAPI("REDIS_HOST=" + l.Addr())
	l.Drop() // what follows the commit hangs
	const n core.Index = 54321
	go func() { _, _ = c.TrySubmit(n) }() // the API is killed before it answers

	database, err := pgx.Connect(t.Context(), s.database())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = database.Close(t.Context()) }()
	testkit.Eventually(t, "the commit", testkit.True(func() bool {
		var count int
		err := database.QueryRow(t.Context(), "SELECT count(*) FROM indices WHERE n = $1", int64(n)).Scan(&count)
		return err == nil && count == 1
	}))
	api.Kill()
	if queued, err := dial(t, s.redis.Addr()).DBSize(t.Context()).Result(); err != nil || queued > 1 {
		t.Fatalf("the index was queued before the API died: %d keys, %v", queued, err)
	}

	begin := time.Now()
	_, c = s.startAPI()
	s.startWorker()
	testkit.Eventually(t, "the value", c.Is(n, "calculated"))
	measured(t, "calculated %v after the API died, without another submission", time.Since(begin).Round(time.Millisecond))
	c.WantRight(n)
}
