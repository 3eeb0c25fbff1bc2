package system

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

const (
	// explorerTime is how long the explorer is asked; PISANO_SOAK=10m overrides it.
	explorerTime = 5 * time.Second
	// maxAnswer bounds an answer: 10,000,000 digits, and what is between 10,000 numbers.
	maxAnswer = 12_000_000
	// submissionPause bounds the submissions: at most 100 a second.
	submissionPause = 10 * time.Millisecond
	// questionPause bounds the questions: all senders ask at most 160 a second, three times as many as nginx passes of a client.
	questionPause = 50 * time.Millisecond
)

// Nonsense is asked of the explorer, most of it as expensive as it may be, while another client submits.
func TestExplorer_NonsenseIsAnsweredAndSubmissionsDoNotWait(t *testing.T) {
	t.Parallel()
	lasts, seed := nonsenseSettings(t, explorerTime)
	api := pisano.Start(t, "api", "PISANO_DATA="+t.TempDir()+"/pisano.db", "PISANO_MAX_INDEX=3000")
	client := api.Client("/api")
	operations := slices.DeleteFunc(documented(t), func(op operation) bool {
		return !strings.HasPrefix(op.path, "/numbers") && !strings.HasPrefix(op.path, "/periods") &&
			!strings.HasPrefix(op.path, "/inverse") && !strings.HasPrefix(op.path, "/zeckendorf")
	})
	if len(operations) != 7 {
		t.Fatalf("%d operations of the explorer", len(operations))
	}

	alone := submitFor(t, client, lasts/3)
	asked := &answers{durations: make(map[string]durations), statuses: make(map[int]int)}
	end := time.Now().Add(lasts - lasts/3)
	var all sync.WaitGroup
	for sender := range senders {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(sender))), operations: operations}
		all.Go(func() {
			for time.Now().Before(end) && !t.Failed() {
				g.ask(t, client, asked)
				time.Sleep(questionPause)
			}
		})
	}
	beside := submitFor(t, client, lasts-lasts/3)
	all.Wait()

	if asked.statuses[http.StatusOK] == 0 || asked.statuses[http.StatusUnprocessableEntity] == 0 {
		t.Errorf("the questions reach no handler: %v", asked.statuses)
	}
	if faults := api.Faults(); len(faults) > 0 {
		t.Errorf("%d faults in the log, first %s", len(faults), faults[0])
	}
	measured(t, "submissions: %v alone, %v beside the explorer", alone, beside)
	measured(t, "%v of questions to the explorer, answered %v", lasts-lasts/3, asked.statuses)
	for name, d := range asked.durations {
		measured(t, "  %s: %v", name, d)
	}
}

// submitFor submits small indices, one after the other, and returns how long each took.
func submitFor(t *testing.T, client *pisano.Client, lasts time.Duration) durations {
	t.Helper()
	var took durations
	for end := time.Now().Add(lasts); time.Now().Before(end) && !t.Failed(); time.Sleep(submissionPause) {
		began := time.Now()
		a := client.Send(http.MethodPost, "/api/indices", fmt.Sprintf(`{"index":%d}`, rand.IntN(3000)), "X-Forwarded-For: 203.0.113.7")
		took = append(took, time.Since(began))
		if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusAccepted {
			t.Errorf("a submission is answered with %d %s", a.StatusCode, a.Text)
		}
	}
	return took
}

// answers is how the explorer answered.
type answers struct {
	mu        sync.Mutex
	durations map[string]durations // by operation
	statuses  map[int]int
}

// ask asks the explorer a question and looks at the answer, which must come.
func (g *generator) ask(t *testing.T, client *pisano.Client, asked *answers) {
	t.Helper()
	op := one(g, g.operations...)
	target, body := g.question(op)
	accept := one(g, "application/json", "application/x-ndjson", "text/csv", "*/*", "x")
	began := time.Now()
	a, err := client.Do(op.method, target, body, "Accept: "+accept)
	took := time.Since(began)
	switch {
	case err != nil:
		t.Errorf("%.200s is not answered: %v", target, err)
	case a.StatusCode >= 500:
		t.Errorf("%.200s is answered with %d %.500s", target, a.StatusCode, a.Text)
	case len(a.Text) > maxAnswer:
		t.Errorf("%.200s is answered with %d bytes", target, len(a.Text))
	}
	asked.mu.Lock()
	defer asked.mu.Unlock()
	asked.statuses[a.StatusCode]++
	name := op.method + " " + op.path
	asked.durations[name] = append(asked.durations[name], took)
}

// question returns a request of an operation that is well-formed, with parameters that need not be.
func (g *generator) question(op operation) (target, body string) {
	path, query := op.path, url.Values{}
	for _, p := range op.Parameters {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(g.value(p)))
		case p.In == "query" && !g.in(4):
			query.Set(p.Name, g.value(p))
		}
	}
	if op.RequestBody != nil {
		body = string(g.longInteger())
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return "/api" + path, body
}

// durations are how long requests took.
type durations []time.Duration

// String returns their number, and the percentiles.
func (d durations) String() string {
	if len(d) == 0 {
		return "none"
	}
	sorted := slices.Sorted(slices.Values(d))
	at := func(share float64) time.Duration {
		return sorted[int(share*float64(len(sorted)-1))].Round(10 * time.Microsecond)
	}
	return fmt.Sprintf("%d, p50 %v, p99 %v, the slowest %v", len(d), at(0.5), at(0.99), at(1))
}
