package pisano

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// Listen follows the events from when it returns until it has heard that an index is calculated, or the test is over. The
// channel is closed when it has heard it.
func (s *Site) Listen(t testing.TB, n core.Index) <-chan struct{} {
	t.Helper()
	opened, heard := make(chan error, 1), make(chan struct{})
	go func() {
		response, err := s.open(t.Context(), http.MethodGet, "/api/events", nil)
		if err != nil {
			opened <- err
			return
		}
		defer func() { _ = response.Body.Close() }()
		if response.StatusCode != http.StatusOK {
			opened <- errors.New(response.Status)
			return
		}
		opened <- nil
		kind := ""
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if name, found := strings.CutPrefix(lines.Text(), "event: "); found {
				kind = name
			}
			var event struct{ Index core.Index }
			if data, found := strings.CutPrefix(lines.Text(), "data: "); found && kind == "calculated" &&
				json.Unmarshal([]byte(data), &event) == nil && event.Index == n {
				close(heard)
				return
			}
		}
	}()
	select {
	case err := <-opened:
		if err != nil {
			t.Fatalf("events: %v", err)
		}
	case <-time.After(servers.HangTimeout):
		t.Fatalf("events: no answer after %v", servers.HangTimeout)
	}
	return heard
}
