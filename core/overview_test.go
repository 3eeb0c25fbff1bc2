package core_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestOverview_TellsWhatIsPendingAndForHowLong(t *testing.T) {
	t.Parallel()
	inDomain(t, nil, func(dom *domain) {
		want := func(want core.Pending) {
			dom.t.Helper()
			time.Sleep(time.Second) // an overview is reused for as long
			if seen := dom.service.Overview(dom.t.Context()); seen.Pending == nil || *seen.Pending != want {
				dom.t.Errorf("%+v is pending, want %+v", seen.Pending, want)
			}
		}
		want(core.Pending{})
		dom.submit(40)
		time.Sleep(time.Hour)
		dom.submit(41)
		want(core.Pending{Count: 2, Oldest: time.Hour + time.Second})
		dom.submit(40)
		want(core.Pending{Count: 2, Oldest: 2 * time.Second})
		dom.startWorker()
		dom.wait(40)
		dom.wait(41)
		want(core.Pending{})
	})
}
