package system

import (
	"strings"
	"testing"
	"time"

	client "github.com/pisano-dev/pisano/clients/go"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// A value that exceeds the cache budget fails, and holds up nothing else.
func TestEmbedded_AValueWithoutRoomFailsVisiblyAndAlone(t *testing.T) {
	t.Parallel()
	_, c := startEmbedded(t, t.TempDir()+"/pisano.db", "PISANO_CACHE_BYTES=1MiB", "PISANO_CONCURRENCY=1")
	c.MustSubmit(50_000_000) // 4.4 MB
	begin := time.Now()
	c.MustSubmit(1)
	c.Await(1)
	measured(t, "F(1) calculated after %v", time.Since(begin).Round(time.Millisecond))
	testkit.Eventually(t, "a failure", c.Is(50_000_000, client.StateFailed))
	state, err := c.State(50_000_000)
	if err != nil || !strings.Contains(state.Reason, "F(50000000) can't be kept") {
		t.Errorf("it is %+v, %v", state, err)
	}
	for n := range core.Index(20) { // more than the budget holds
		c.MustSubmit(1_000_000 + n)
		c.Await(1_000_000 + n)
	}
	c.WantRight(1_000_019)
}
