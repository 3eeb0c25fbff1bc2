package core_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// near is a service that keeps summaries in memory, with a count of its calls of the
// ValueCache.
type near struct {
	*domain
	summaries, generations atomic.Int64
}

// inNearCache runs a test in virtual time on a service that keeps memory bytes of
// summaries, behind interceptors of its own.
func inNearCache(t *testing.T, memory int64, test func(s *near), interceptors ...intercept.Interceptor) {
	t.Helper()
	inDomain(t, nil, func(dom *domain) {
		s := &near{domain: dom}
		count := func(calls *atomic.Int64) intercept.Interceptor { return intercept.Before(func() { calls.Add(1) }) }
		ports := intercept.Ports(dom.ports, append([]intercept.Interceptor{
			intercept.On("ValueCache.Summaries", count(&s.summaries)),
			intercept.On("ValueCache.Generation", count(&s.generations)),
		}, interceptors...)...)
		dom.service = core.NewService(ports, dom.broadcaster, core.Limits{Memory: memory}, quiet)
		test(s)
	})
}

const enough = 1 << 20

// calculated has indices calculated by a worker that then stops, and reads one of
// them: from now on the service knows the generation, and keeps what it reads.
func (s *near) calculated(indices ...core.Index) {
	s.t.Helper()
	stop := s.startWorker()
	s.submit(indices...)
	time.Sleep(time.Minute) // until all are calculated
	stop()
	s.status(indices[0])
}

// read reads the status of n, and reports whether that took a call of the ValueCache.
func (s *near) read(n core.Index) (status core.Status, called bool) {
	s.t.Helper()
	before := s.summaries.Load()
	status = s.status(n)
	return status, s.summaries.Load() > before
}

func (s *near) wantState(n core.Index, want core.State) {
	s.t.Helper()
	if status, _ := s.read(n); status.State != want {
		s.t.Errorf("F(%d) is %v, want %v", n, status.State, want)
	}
}

func TestNearCache_KnownValuesAreReadFromMemory(t *testing.T) {
	t.Parallel()
	inNearCache(t, enough, func(s *near) {
		s.calculated(40, 5000)
		s.status(40)
		reads, checks := s.summaries.Load(), s.generations.Load()
		for range 100 {
			s.wait(40)
			if status, kept := s.service.Kept(s.t.Context(), 40); !kept || status.State != core.StateCalculated || status.Summary.Digits != "102334155" {
				t.Fatalf("F(40) is %+v, kept %v", status, kept)
			}
			if digits := s.status(40).Summary.Digits; digits != "102334155" {
				t.Fatalf("F(40) is %s", digits)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if n := s.summaries.Load() - reads; n > 0 {
			t.Errorf("the cache was read %d times for a value that is kept", n)
		}
		if n := s.generations.Load() - checks; n > 11 {
			t.Errorf("the generation was read %d times in ten seconds", n)
		}
	})
}

func TestNearCache_KeepsNothingWithoutMemory(t *testing.T) {
	t.Parallel()
	inNearCache(t, 0, func(s *near) {
		s.calculated(40)
		for range 3 {
			if _, called := s.read(40); !called {
				t.Error("F(40) was read from memory")
			}
		}
		if _, kept := s.service.Kept(s.t.Context(), 40); kept {
			t.Error("F(40) is kept")
		}
	})
}

func TestNearCache_ConcurrentReadersShareACall(t *testing.T) {
	t.Parallel()
	inNearCache(t, enough, func(s *near) {
		s.calculated(40, 41)
		before := s.summaries.Load()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { s.wantState(41, core.StateCalculated) })
		}
		all.Wait()
		if calls := s.summaries.Load() - before; calls != 1 {
			t.Errorf("a hundred readers of one value read the cache %d times", calls)
		}
	}, intercept.On("ValueCache.Summaries", intercept.Delay(time.Millisecond)))
}

func TestNearCache_AReaderThatLeavesTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	inNearCache(t, enough, func(s *near) {
		s.calculated(40, 41)
		before := s.summaries.Load()
		ctx, leave := context.WithCancel(s.t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := s.service.Status(ctx, "a reader who leaves", 41); core.KindOf(err) != core.KindCanceled {
				t.Errorf("a reader who left got %v", err)
			}
		})
		synctest.Wait()
		for range 10 {
			all.Go(func() { s.wantState(41, core.StateCalculated) })
		}
		synctest.Wait()
		leave()
		all.Wait()
		if calls := s.summaries.Load() - before; calls != 2 {
			t.Errorf("the cache was read %d times, want 2: by the reader who left, and by the others together", calls)
		}
	}, intercept.On("ValueCache.Summaries", intercept.Delay(time.Millisecond)))
}

// A flush has values calculated again by those who read them, as without memory.
func TestNearCache_AFlushIsNoticedWithinASecond(t *testing.T) {
	t.Parallel()
	inNearCache(t, enough, func(s *near) {
		s.calculated(40)
		s.wantState(40, core.StateCalculated)
		s.cache.Flush()
		time.Sleep(time.Second)
		s.wantState(40, core.StatePending)
		s.startWorker()
		s.wait(40)
	})
}

func TestNearCache_IsNotUsedWhileTheGenerationCannotBeRead(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	inNearCache(t, enough, func(s *near) {
		s.calculated(40)
		s.wantState(40, core.StateCalculated)
		away.Store(true)
		time.Sleep(time.Second)
		_, err := s.service.Status(s.t.Context(), "a reader", 40)
		s.wantKind(err, core.KindUnavailable)
		away.Store(false)
		s.wantState(40, core.StateCalculated)
	}, intercept.On("ValueCache", intercept.When(away.Load, unavailable)))
}

// The number is in memory, and its digits are not in the cache.
func TestNearCache_ASlowGenerationIsReadOnceForARead(t *testing.T) {
	t.Parallel()
	const slow = 3 * time.Second // longer than a confirmation lasts
	inNearCache(t, enough, func(s *near) {
		s.calculated(40)
		s.status(40)
		for range 3 {
			time.Sleep(time.Minute)
			checks, begin := s.generations.Load(), time.Now()
			if status := s.status(40); status.State != core.StateCalculated || status.Summary.Digits != "102334155" {
				t.Errorf("F(40) is %+v", status)
			}
			if n, took := s.generations.Load()-checks, time.Since(begin); n != 1 || took > 2*slow {
				t.Errorf("a read took %d calls and %v", n, took)
			}
		}
	}, intercept.On("ValueCache.Generation", intercept.Before(func() { time.Sleep(slow) })))
}

func TestNearCache_HidesNoEvictionFromThoseWhoNeedTheCache(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]func(s *near){
		"a submission": func(s *near) {
			if state := s.submit(40)[0].State; state != core.StatePending {
				s.t.Errorf("submitted after the eviction, F(40) is %v", state)
			}
		},
		"digits": func(s *near) {
			_, err := s.service.Digits(s.t.Context(), "a reader", 40, 0, 1)
			s.wantKind(err, core.KindNotReady)
		},
		"a summary of the digits": func(s *near) {
			_, err := s.service.Summary(s.t.Context(), "a reader", 40)
			s.wantKind(err, core.KindNotReady)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inNearCache(t, enough, func(s *near) {
				s.calculated(40)
				s.wantState(40, core.StateCalculated)
				s.cache.Evict(40)
				s.wantState(40, core.StateCalculated) // with all its digits
				request(s)
				s.wantState(40, core.StatePending)
				s.startWorker()
				s.wait(40)
				if digits, err := s.service.Digits(s.t.Context(), "a reader", 40, 0, 9); string(digits) != "102334155" {
					t.Errorf("the digits are %s, %v", digits, err)
				}
			})
		})
	}
}

// What is kept of a long value promises digits that are in the cache alone.
func TestNearCache_TheEvictionOfALongValueIsNoticedWithinASecond(t *testing.T) {
	t.Parallel()
	inNearCache(t, enough, func(s *near) {
		s.calculated(5000)
		s.status(5000)
		if _, called := s.read(5000); called {
			t.Error("F(5000) was not kept")
		}
		s.cache.Evict(5000)
		time.Sleep(time.Second)
		s.wantState(5000, core.StatePending)
	})
}

func TestNearCache_TellsTheLastTimeOfCalculation(t *testing.T) {
	t.Parallel()
	inNearCache(t, enough, func(s *near) {
		s.calculated(40)
		first := s.status(40).Summary.CalculatedAt
		s.cache.Evict(40)
		time.Sleep(time.Minute)
		other := core.NewService(s.ports, s.broadcaster, core.Limits{}, quiet)
		if _, err := other.Submit(s.t.Context(), "a submitter of another process", 40); err != nil {
			t.Fatal(err)
		}
		s.startWorker()
		synctest.Wait()
		if last := s.status(40).Summary.CalculatedAt; !last.After(first) {
			t.Errorf("F(40) was calculated at %v and again later; the status tells %v", first, last)
		}
	})
}

func TestNearCache_KeepsWhatWasUsedLastWithinItsBound(t *testing.T) {
	t.Parallel()
	const memory, count = 20 << 10, 100 // for about 20 of them
	inNearCache(t, memory, func(s *near) {
		indices := make([]core.Index, count)
		for i := range indices {
			indices[i] = core.Index(i) + 500
		}
		s.calculated(indices...)
		kept := 0
		for _, n := range indices {
			s.status(n)
			s.status(indices[0])
			if _, called := s.read(indices[0]); called {
				t.Errorf("F(%d), which was used last, was read again after F(%d)", indices[0], n)
			}
		}
		for _, n := range indices {
			if _, is := s.service.Kept(s.t.Context(), n); is {
				kept++
			}
		}
		if most := memory / 500; kept < 5 || kept > most {
			t.Errorf("%d summaries are kept in %d bytes", kept, memory)
		}
	})
}

func TestNearCache_ASummaryIsEncodedOnce(t *testing.T) {
	t.Parallel()
	inNearCache(t, enough, func(s *near) {
		s.calculated(40)
		encoded := 0
		encode := func(summary core.Summary) []byte { encoded++; return []byte(summary.Digits) }
		for range 3 {
			if text := s.status(40).EncodedSummary(encode); string(text) != "102334155" {
				t.Errorf("F(40) is encoded as %s", text)
			}
		}
		if encoded != 1 {
			t.Errorf("a summary that is kept was encoded %d times", encoded)
		}
	})
}
