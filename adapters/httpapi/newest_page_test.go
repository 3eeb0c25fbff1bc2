package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
)

// lists is the API in virtual time, without a worker, with a count of the reads of
// its lists.
type lists struct {
	t       *testing.T
	ports   core.Ports
	handler http.Handler
	reads   atomic.Int64
}

// inLists runs a test of the lists in virtual time, behind interceptors of its own.
func inLists(t *testing.T, test func(l *lists), interceptors ...intercept.Interceptor) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &lists{t: t, ports: core.Ports{
			Store: new(memory.IndexStore), Cache: new(memory.ValueCache), Queue: memory.NewWorkQueue(lease),
			Workers: new(memory.WorkerRegistry), Events: new(memory.Events), Calculator: fibonacci.New(),
		}}
		count := intercept.Before(func() { l.reads.Add(1) })
		ports := intercept.Ports(l.ports, append([]intercept.Interceptor{
			intercept.On("IndexStore.List", count), intercept.On("ValueCache.List", count),
		}, interceptors...)...)
		broadcaster := core.NewBroadcaster(l.ports.Events, quiet)
		ctx, stop := context.WithCancel(t.Context())
		t.Cleanup(stop)
		go broadcaster.Run(ctx)
		<-broadcaster.Connected()
		l.handler = httpapi.New(core.NewService(ports, broadcaster, core.Limits{}, quiet), software, httpapi.Options{}, quiet)
		test(l)
	})
}

// get returns the answer to a GET request that ends with ctx.
func (l *lists) get(ctx context.Context, path string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	l.handler.ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
	return answer
}

// want reads a list and checks its status and that it has an item of the index.
func (l *lists) want(path string, status int, index core.Index) {
	l.t.Helper()
	answer := l.get(l.t.Context(), path)
	if item := fmt.Sprintf(`"index":%d,`, index); answer.Code != status || status == http.StatusOK && !strings.Contains(answer.Body.String(), item) {
		l.t.Errorf("%s: status %d, want %d with %s: %s", path, answer.Code, status, item, answer.Body)
	}
}

func (l *lists) submit(index core.Index) {
	l.t.Helper()
	request := httptest.NewRequestWithContext(l.t.Context(), http.MethodPost, "/indices", strings.NewReader(fmt.Sprintf(`{"index": %d}`, index)))
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	if l.handler.ServeHTTP(answer, request); answer.Code != http.StatusAccepted {
		l.t.Errorf("submitted: %d %s", answer.Code, answer.Body)
	}
}

// put stores a value as another process does, without an event.
func (l *lists) put(n core.Index) {
	l.t.Helper()
	if err := l.ports.Cache.Put(l.t.Context(), core.Value{Index: n, Magnitude: decimal.FromUint64(1), CalculatedAt: time.Now()}); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lists) publish(kind core.EventKind, n core.Index) {
	l.t.Helper()
	if err := l.ports.Events.Publish(l.t.Context(), core.Event{Kind: kind, Index: n}); err != nil {
		l.t.Fatal(err)
	}
	synctest.Wait()
}

func TestNewestPage_IsReadOnceForAllWhoPoll(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/values", "/indices?limit=20"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			inLists(t, func(l *lists) {
				l.submit(10)
				l.put(10)
				time.Sleep(time.Second)
				var all sync.WaitGroup
				for i := range 1000 {
					all.Go(func() {
						time.Sleep(time.Duration(i) * time.Millisecond) // a second in all
						l.want(path, http.StatusOK, 10)
					})
				}
				all.Wait()
				if n := l.reads.Load(); n < 9 || n > 10 {
					t.Errorf("a thousand requests in a second read the list %d times, want one in 100 ms", n)
				}
			}, intercept.On("IndexStore.List", intercept.Delay(5*time.Millisecond)), intercept.On("ValueCache.List", intercept.Delay(5*time.Millisecond)))
		})
	}
}

func TestNewestPage_ShowsWhatAnEventHasTold(t *testing.T) {
	t.Parallel()
	inLists(t, func(l *lists) {
		for n := range core.Index(5) {
			l.put(n)
			l.publish(core.EventCalculated, n)
			l.want("/values", http.StatusOK, n)
			if _, err := l.ports.Store.Record(l.t.Context(), time.Now(), []core.Submission{{Index: n, Count: 1}}); err != nil {
				t.Fatal(err)
			}
			l.publish(core.EventSeen, n)
			l.want("/indices", http.StatusOK, n)
		}
	})
}

func TestNewestPage_ShowsWhatWasSubmitted(t *testing.T) {
	t.Parallel()
	inLists(t, func(l *lists) {
		for n := range core.Index(5) {
			l.submit(n)
			l.want("/indices", http.StatusOK, n)
		}
	}, intercept.On("Events.Publish", intercept.Drop))
}

// The page is being read when the list changes: who requests it later waits for the
// next.
func TestNewestPage_IsReadAgainIfTheListChangesMeanwhile(t *testing.T) {
	t.Parallel()
	late := func(ctx context.Context, call intercept.Call) error {
		err := call.Next(ctx)
		time.Sleep(20 * time.Millisecond)
		return err
	}
	inLists(t, func(l *lists) {
		l.put(1)
		var all sync.WaitGroup
		all.Go(func() { l.want("/values", http.StatusOK, 1) })
		time.Sleep(10 * time.Millisecond)
		l.put(2)
		l.publish(core.EventCalculated, 2)
		for range 100 {
			all.Go(func() { l.want("/values", http.StatusOK, 2) })
		}
		all.Wait()
		if n := l.reads.Load(); n != 2 {
			t.Errorf("the list was read %d times, want 2", n)
		}
	}, intercept.On("ValueCache.List", late))
}

func TestNewestPage_KeepsNoError(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	inLists(t, func(l *lists) {
		l.put(1)
		away.Store(true)
		l.want("/values", http.StatusServiceUnavailable, 1)
		away.Store(false)
		l.want("/values", http.StatusOK, 1)
	}, intercept.On("ValueCache.List", intercept.When(away.Load, intercept.Fail(core.NewError(core.KindUnavailable, "The cache can't be reached.")))))
}

func TestNewestPage_OutlivesTheRequestThatReadsIt(t *testing.T) {
	t.Parallel()
	inLists(t, func(l *lists) {
		l.put(1)
		ctx, leave := context.WithCancel(l.t.Context())
		var all sync.WaitGroup
		all.Go(func() { l.get(ctx, "/values") })
		synctest.Wait()
		for range 10 {
			all.Go(func() { l.want("/values", http.StatusOK, 1) })
		}
		synctest.Wait()
		leave()
		all.Wait()
		if n := l.reads.Load(); n != 1 {
			t.Errorf("the list was read %d times, want once", n)
		}
	}, intercept.On("ValueCache.List", intercept.Delay(time.Millisecond)))
}

func TestNewestPage_EachLimitHasItsOwn(t *testing.T) {
	t.Parallel()
	inLists(t, func(l *lists) {
		for n := range core.Index(60) {
			l.put(n)
		}
		for limit := 1; limit <= 50; limit++ {
			answer := l.get(l.t.Context(), fmt.Sprintf("/values?limit=%d", limit))
			if items := strings.Count(answer.Body.String(), `"sign"`); items != limit || !strings.Contains(answer.Header().Get("Link"), fmt.Sprintf("?limit=%d&", limit)) {
				t.Errorf("limit %d: %d items, %q", limit, items, answer.Header().Get("Link"))
			}
		}
		for _, query := range []string{"limit=0", "limit=201", "limit=x", "cursor=x"} {
			if answer := l.get(l.t.Context(), "/values?"+query); answer.Code != http.StatusUnprocessableEntity {
				t.Errorf("?%s: status %d", query, answer.Code)
			}
		}
	})
}
