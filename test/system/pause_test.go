package system

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// longer is an index whose calculation outlasts several pauses, and pause is longer than a lease.
const (
	longer core.Index = 999_999_999
	pause             = 6 * time.Second
)

// Six pauses are one more than a task has deliveries.
func TestPause_OfAnEmbeddedProgramIsNotCountedAsDeath(t *testing.T) {
	t.Parallel()
	p, c := startEmbedded(t, t.TempDir()+"/pisano.db")
	c.MustSubmit(longer)
	calculating(t, c, longer)
	for range 6 {
		p.Pause(pause)
		time.Sleep(50 * time.Millisecond)
	}
	c.Await(longer)
	if p.Delivery(longer) != 1 || p.Calculations() != 1 {
		t.Errorf("calculated at delivery %d, %d values in all", p.Delivery(longer), p.Calculations())
	}
}

func TestPause_OfTwoWorkersInTurnIsNotCountedAsDeath(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI(longAccepted)
	first, second := s.startWorker(), s.startWorker()
	c.MustSubmit(longer)
	calculating(t, c, longer)
	for range 3 {
		first.Pause(pause)
		time.Sleep(50 * time.Millisecond)
		second.Pause(pause)
		time.Sleep(50 * time.Millisecond)
	}
	c.Await(longer)
}
