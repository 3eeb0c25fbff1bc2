package system

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// addresses returns what the program has logged of where it serves what.
func addresses(t *testing.T, p *pisano.Program) (served struct{ Page, API, Health, Metrics string }) {
	t.Helper()
	log := p.Log()
	i := slices.IndexFunc(log, func(line string) bool { return strings.Contains(line, `"ready to serve"`) })
	if i < 0 {
		t.Fatalf("no such line:\n%s", p.Tail())
	}
	if err := json.Unmarshal([]byte(log[i]), &served); err != nil {
		t.Fatal(err)
	}
	return served
}

// wantServed checks that a GET of a logged address and a path has status 200.
func wantServed(t *testing.T, p *pisano.Program, address, path string) {
	t.Helper()
	target, below := strings.CutPrefix(address, p.URL)
	if !below {
		t.Errorf("%s: %q is not an address of %s", p.Name, address, p.URL)
	} else if got := p.Client("").Get(target + path).StatusCode; got != http.StatusOK {
		t.Errorf("%s: %s is %d", p.Name, address+path, got)
	}
}

func TestAddresses_OfEmbeddedModeAreLogged(t *testing.T) {
	t.Parallel()
	p, _ := startEmbedded(t, t.TempDir()+"/pisano.db")
	served := addresses(t, p)
	wantServed(t, p, served.Page, "")
	wantServed(t, p, served.API, "/indices")
	wantServed(t, p, served.Health, "")
	wantServed(t, p, served.Metrics, "")
}

func TestAddresses_OnServersAreLogged(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	api, _ := s.startAPI()
	worker := s.startWorker()
	served := addresses(t, api)
	if served.Page != "" {
		t.Errorf("there is no page at %s", served.Page)
	}
	wantServed(t, api, served.API, "/indices")
	wantServed(t, api, api.URL, "/indices")
	wantServed(t, api, served.Health, "")
	wantServed(t, api, served.Metrics, "")
	served = addresses(t, worker)
	if served.Page != "" || served.API != "" {
		t.Errorf("a worker has neither a page nor the API: %+v", served)
	}
	wantServed(t, worker, served.Health, "")
}
