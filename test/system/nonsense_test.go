package system

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

const (
	// nonsenseTime is how long nonsense is sent; PISANO_SOAK=10m overrides it.
	nonsenseTime = 20 * time.Second
	// nonsensePause bounds the count: a sender sends at most 500 a second.
	nonsensePause = 2 * time.Millisecond
	// senders is the number of concurrent senders.
	senders = 8
	// patience is how long a sender waits for an answer. Some answers are long polls, and half a request is answered late.
	patience = 500 * time.Millisecond
)

func TestNonsense_GivesNoServerErrorNoPanicAndNoGrowth(t *testing.T) {
	t.Parallel()
	lasts, seed := nonsenseSettings(t, nonsenseTime)
	operations := documented(t)

	// Small indices: what is accepted is calculated, too.
	settings := []string{"LOG_LEVEL=debug", "PISANO_MAX_INDEX=3000"}
	for mode, begin := range map[string]func(t *testing.T) *pisano.Program{
		"servers": func(t *testing.T) *pisano.Program {
			s := newSystem(t)
			s.startWorker()
			api, _ := s.startAPI(settings...)
			return api
		},
		"embedded": func(t *testing.T) *pisano.Program {
			return pisano.Start(t, "api", append(settings, "PISANO_DATA="+t.TempDir()+"/pisano.db")...)
		},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			api := begin(t)
			prefix := map[string]string{"servers": "", "embedded": "/api"}[mode]
			n := &nonsense{t: t, api: api, client: api.Client(prefix), statuses: make(map[int]int)}
			for sender := range senders {
				n.generators = append(n.generators, &generator{
					Rand: rand.New(rand.NewPCG(seed, uint64(sender))), operations: operations, prefix: prefix,
				})
			}
			// What grows once, such as pools and caches, has grown after a third of the time.
			n.send(lasts / 3)
			early := n.settled()
			n.send(lasts - lasts/3)
			late := n.settled()
			// Leaks are never given back; connections that a busy machine has not closed yet are.
			testkit.Eventually(t, fmt.Sprintf("as few goroutines and descriptors as before (%d, %d)", early.goroutines, early.descriptors), testkit.True(func() bool {
				if late.goroutines <= early.goroutines+20 && late.descriptors <= early.descriptors+20 {
					return true
				}
				late = n.size()
				return false
			}))
			if late.memory > early.memory+32*mebibyte {
				t.Errorf("resident memory from %s to %s", inMebibytes(early.memory), inMebibytes(late.memory))
			}
			if late.series > 1000 {
				t.Errorf("%d series of metrics", late.series)
			}
			if faults := api.Faults(); len(faults) > 0 {
				t.Errorf("%d faults in the log, first %s", len(faults), faults[0])
			}
			if n.statuses[http.StatusOK] == 0 || n.statuses[http.StatusUnprocessableEntity] == 0 {
				t.Errorf("the nonsense reaches no handler: %v", n.statuses)
			}
			measured(t, "%s: %d requests of nonsense in %v, answered %v, %d without an answer; %d goroutines then %d, %d descriptors then %d, %s resident then %s",
				mode, n.sent.Load(), lasts, n.statuses, n.unanswered.Load(), early.goroutines, late.goroutines,
				early.descriptors, late.descriptors, inMebibytes(early.memory), inMebibytes(late.memory))
		})
	}
}

// nonsenseSettings returns how long nonsense is sent, and its seed, as the environment says.
func nonsenseSettings(t *testing.T, lasts time.Duration) (_ time.Duration, seed uint64) {
	t.Helper()
	var err error
	if given := os.Getenv("PISANO_SOAK"); given != "" {
		if lasts, err = time.ParseDuration(given); err != nil {
			t.Fatal(err)
		}
	}
	seed = rand.Uint64()
	if given := os.Getenv("PISANO_SEED"); given != "" {
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("PISANO_SEED=%d sends the same requests again", seed)
	return lasts, seed
}

// nonsense sends random requests to an API.
type nonsense struct {
	t          *testing.T
	api        *pisano.Program
	client     *pisano.Client
	generators []*generator
	sent       atomic.Int64
	unanswered atomic.Int64

	mu       sync.Mutex
	statuses map[int]int
}

// send runs all senders for a time.
func (n *nonsense) send(lasts time.Duration) {
	end := time.Now().Add(lasts)
	var all sync.WaitGroup
	for _, g := range n.generators {
		all.Go(func() {
			for time.Now().Before(end) && !n.t.Failed() {
				n.exchange(g.request())
				time.Sleep(nonsensePause)
			}
		})
	}
	all.Wait()
}

// exchange sends bytes on a connection of their own and looks at the answers.
func (n *nonsense) exchange(method string, request []byte) {
	conn, err := n.client.Dial()
	if err != nil {
		n.t.Errorf("the API does not listen: %v", err)
		return
	}
	defer conn.Close()
	n.sent.Add(1)
	_ = conn.SetDeadline(time.Now().Add(patience))
	// The server may have answered, and closed, before it has read everything.
	_, _ = conn.Write(request)
	if tcp, ok := conn.(*net.TCPConn); ok && len(request)%2 == 0 {
		_ = tcp.CloseWrite() // half of the clients close early
	}
	answers := bufio.NewReader(conn)
	answered := false
	for {
		response, err := http.ReadResponse(answers, &http.Request{Method: method})
		if err != nil {
			if !answered {
				n.unanswered.Add(1)
			}
			return
		}
		n.look(response, request)
		if response.StatusCode >= 200 && !answered {
			// The request may be several, with more answers.
			answered = true
			_ = conn.SetReadDeadline(time.Now().Add(patience / 100))
		}
	}
}

func (n *nonsense) look(response *http.Response, request []byte) {
	defer response.Body.Close()
	n.mu.Lock()
	n.statuses[response.StatusCode]++
	n.mu.Unlock()
	switch status := response.StatusCode; {
	case status == http.StatusNotImplemented || status == http.StatusHTTPVersionNotSupported:
		// A coding, or a version of HTTP, that is not supported.
	case status >= 500:
		body, _ := io.ReadAll(response.Body) // or a part of it
		n.t.Errorf("answered %d %s to %.2000q", status, body, request)
		return
	}
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		_, _ = io.Copy(io.Discard, response.Body) // or what comes in time
	}
}

// size is the figures that must not grow.
type size struct {
	goroutines, descriptors, series int
	memory                          int64
}

// settled waits until no request is being answered, and measures.
func (n *nonsense) settled() size {
	n.t.Helper()
	// The API waits ten seconds for a client that sent half a body.
	last := -1
	testkit.Eventually(n.t, "rest", testkit.True(func() bool {
		before := last
		last = n.api.Descriptors()
		time.Sleep(time.Second)
		return last == before
	}))
	return n.size()
}

// size measures now.
func (n *nonsense) size() size {
	n.t.Helper()
	sums := scrape(n.t, n.api)
	return size{
		goroutines:  int(sums["go_goroutines"]),
		descriptors: n.api.Descriptors(),
		series:      int(sums["series"]),
		memory:      n.api.Memory("VmRSS"),
	}
}
