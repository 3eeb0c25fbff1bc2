package core_test

import (
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestSubmitOnce_CountsOnceHoweverOftenItArrives(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		dom.intercept("IndexStore.Record", slow(time.Millisecond, 0))
	}, func(dom *domain) {
		once := func(submitter, key string, indices ...core.Index) {
			if _, err := dom.service.SubmitOnce(dom.t.Context(), submitter, key, indices...); err != nil {
				dom.t.Error(err)
			}
		}
		var all sync.WaitGroup
		for range 100 { // in one commit, and in several
			all.Go(func() { once("one", "a", 7, 8, 7) })
			all.Go(func() { once("one", "b", 7) })
			all.Go(func() { once("two", "a", 7) })
		}
		all.Wait()
		once("one", "a", 7, 8, 7)
		dom.submit(7)
		if sevens, eights := dom.record(7).Submissions, dom.record(8).Submissions; sevens != 5 || eights != 1 {
			dom.t.Errorf("counted %d and %d submissions, want 5 and 1", sevens, eights)
		}
		time.Sleep(core.KeyAge)
		once("one", "b", 7)
		if r := dom.record(7); r.Submissions != 6 {
			dom.t.Errorf("a day later: %d submissions, want 6", r.Submissions)
		}
	})
}

func TestSubmitOnce_RefusesTheKeyOfAnotherSubmission(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		dom.intercept("IndexStore.Record", slow(time.Millisecond, 0))
	}, func(dom *domain) {
		var all sync.WaitGroup
		var mu sync.Mutex
		refused := 0
		for i := range 10 { // two requests with each key, in one commit and in several
			all.Go(func() {
				_, err := dom.service.SubmitOnce(dom.t.Context(), "one", string(rune('a'+i/2)), core.Index(100+i))
				if err == nil {
					return
				}
				if core.KindOf(err) != core.KindInvalid {
					dom.t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				refused++
			})
		}
		all.Wait()
		records, err := dom.store.List(dom.t.Context(), 0, 100)
		if err != nil || len(records) != 5 || refused != 5 {
			dom.t.Errorf("%d recorded, %d refused, %v; want 5 of each", len(records), refused, err)
		}
		if _, err := dom.service.SubmitOnce(dom.t.Context(), "one", "a", 500, 501); core.KindOf(err) != core.KindInvalid {
			dom.t.Errorf("the key of a submission that is recorded: %v", err)
		}
	})
}
