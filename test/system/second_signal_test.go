package system

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// A request is being answered, for which the first signal waits.
func TestSignal_SecondEndsTheProgramAtOnce(t *testing.T) {
	t.Parallel()
	p := pisano.Start(t, "api", "PISANO_DATA="+filepath.Join(t.TempDir(), "pisano.db"))
	c := p.Client("/api")
	conn, _ := c.Open(http.MethodPost, "/api/indices", "Content-Type: application/json", "Content-Length: 100")
	// The handler waits for the rest of the body.
	if _, err := io.WriteString(conn, "{"); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "a probe after the request", alive(c))
	p.Terminate()
	testkit.Eventually(t, "the first signal", testkit.True(func() bool { return strings.Contains(p.Tail(), `"stopping"`) }))
	begin := time.Now()
	p.Terminate()
	p.AwaitExit()
	measured(t, "ended %v after the second signal", p.Ended.Sub(begin).Round(time.Millisecond))
	state, ok := p.Command.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || state.Signal() != syscall.SIGTERM {
		t.Errorf("it ended by %v\n%s", p.Command.ProcessState, p.Tail())
	}
}
