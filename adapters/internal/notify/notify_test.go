package notify_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/adapters/internal/notify"
)

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func TestNotifier_NotifiesAllWhoWaitAndNoneWhoComeLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n notify.Notifier
		n.Notify() // none waits
		a, b := n.Within(time.Second), n.Within(time.Second)
		if isClosed(a) || isClosed(b) {
			t.Fatal("a channel is closed before Notify")
		}
		n.Notify()
		if !isClosed(a) || !isClosed(b) {
			t.Error("a channel is open after Notify")
		}
		if isClosed(n.Within(time.Second)) {
			t.Error("a later channel is closed by an earlier Notify")
		}
		n.Notify()
	})
}

func TestNotifier_NotifiesWhenTheTimeIsUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n notify.Notifier
		early := n.Within(time.Second)
		n.Notify()
		time.Sleep(time.Second / 2)
		start := time.Now()
		<-n.Within(time.Second) // the timer of the first channel is stopped
		if took := time.Since(start); took != time.Second {
			t.Errorf("closed after %v, want 1s", took)
		}
		if !isClosed(early) {
			t.Error("the first channel is open after Notify")
		}
	})
}

func TestNotifier_NotifiesOnceForSeveralThatAreDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n notify.Notifier
		n.NotifyWithin(time.Second) // none waits
		start, ch := time.Now(), n.Within(time.Hour)
		for _, d := range []time.Duration{3 * time.Second, 2 * time.Second, 4 * time.Second} {
			n.NotifyWithin(d)
		}
		<-ch
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("closed after %v, want 2s", took)
		}
		later := n.Within(time.Hour)
		time.Sleep(time.Minute)
		if isClosed(later) {
			t.Error("a later channel is closed by an earlier call")
		}
		if n.NotifyWithin(0); !isClosed(later) {
			t.Error("a channel is open although it is due at once")
		}
	})
}
