package core_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// A repeated submission costs its submitter nothing, and must not cost all who
// watch an event for each index.
func TestSubmit_PublishesFewEventsOfRepeatedSubmissions(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		watcher := dom.service.Watch(dom.t.Context())
		const most = 20 // a second, of all submitters
		batch := func(first core.Index) []core.Index {
			indices := make([]core.Index, 1000)
			for i := range indices {
				indices[i] = first + core.Index(i)
			}
			return indices
		}
		publishes := func(submitter string, indices []core.Index, want int) {
			dom.t.Helper()
			if _, err := dom.service.Submit(dom.t.Context(), submitter, indices...); err != nil {
				dom.t.Fatal(err)
			}
			synctest.Wait()
			count := 0
			for ; ; count++ {
				select {
				case <-watcher.Ready():
					if e, open := watcher.Next(); !open || e.Kind != core.EventSeen {
						dom.t.Fatalf("read %+v, %v", e, open)
					}
					continue
				default:
				}
				break
			}
			if count != want {
				dom.t.Errorf("%d events of %s, want %d", count, submitter, want)
			}
		}
		publishes("one", batch(1), 1000)
		publishes("one", batch(1), most/2)
		publishes("one", batch(1), 0)
		publishes("two", batch(1), most/4)
		publishes("two", batch(2000), 1000) // new ones are all published
		time.Sleep(time.Second)
		publishes("one", []core.Index{5}, 1)
		publishes("two", batch(1), 10)
	})
}

// The first submission is announced also if it shares its commit with another one
// of the same index.
func TestSubmit_PublishesOneEventOfConcurrentFirstSubmissions(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		dom.intercept("IndexStore.Record", slow(time.Millisecond, 0))
	}, func(dom *domain) {
		submit := func(indices ...core.Index) {
			if _, err := dom.service.Submit(dom.t.Context(), "one", indices...); err != nil {
				dom.t.Error(err)
			}
		}
		for range 20 { // until no event of a repeated submission is published
			submit(1)
		}
		watcher := dom.service.Watch(dom.t.Context())
		var all sync.WaitGroup
		all.Go(func() { submit(1) }) // a commit of its own
		time.Sleep(time.Microsecond)
		for range 100 {
			all.Go(func() { submit(7) })
		}
		all.Wait()
		synctest.Wait()
		<-watcher.Ready()
		if e, open := watcher.Next(); !open || e.Kind != core.EventSeen || e.Index != 7 {
			dom.t.Errorf("read %+v, %v; want that F(7) was submitted", e, open)
		}
		select {
		case <-watcher.Ready():
			dom.t.Error("more than one event")
		default:
		}
	})
}

func TestSubmit_DoesNotWaitForItsEvent(t *testing.T) {
	t.Parallel()
	inDomain(t, func(dom *domain) {
		dom.intercept("Events.Publish", intercept.Delay(500*time.Millisecond))
	}, func(dom *domain) {
		watcher := dom.service.Watch(dom.t.Context())
		begin := time.Now()
		for n := range core.Index(3) {
			dom.submit(n)
		}
		if took := time.Since(begin); took > 0 {
			dom.t.Errorf("the submissions took %v", took)
		}
		// The second and the third are published together.
		time.Sleep(time.Second)
		for n := range core.Index(3) {
			<-watcher.Ready()
			if e, open := watcher.Next(); !open || e.Kind != core.EventSeen || e.Index != n {
				dom.t.Errorf("read %+v, %v; want that F(%d) was submitted", e, open, n)
			}
		}
	})
}
