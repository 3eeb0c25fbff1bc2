package core_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// A backlog that was read for another submission admits, and never refuses.
func TestAdmission_RefusesByABacklogOfItsOwn(t *testing.T) {
	t.Parallel()
	inAdmission(t, 100*time.Second, func(dom *domain) {
		dom.submits("one", 45)
		claims, err := dom.queue.Claim(dom.t.Context(), core.ClaimLimit{})
		if err != nil {
			dom.t.Fatal(err)
		}
		if err := dom.queue.Acknowledge(dom.t.Context(), claims...); err != nil {
			dom.t.Fatal(err)
		}
		dom.submits("one", 44)
		dom.refused("one", 43)
	})
}

func TestAdmission_WorkOfOtherProcessesCountsSoon(t *testing.T) {
	t.Parallel()
	const bound = 100 * time.Second
	inAdmission(t, bound, func(dom *domain) {
		dom.submits("one", 1)
		here, elsewhere := dom.service, core.NewService(dom.ports, dom.broadcaster, core.Limits{MaxBacklog: bound}, quiet)
		dom.service = elsewhere
		dom.submits("one", 45)
		dom.service = here
		time.Sleep(10 * time.Millisecond)
		dom.refused("one", 44)
	})
}
