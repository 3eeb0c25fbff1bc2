package redis_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestSubscribe_AnUnreadableMessageEndsTheSubscription(t *testing.T) {
	t.Parallel()
	o := options(servers.Redis(t))
	c := open(t, o)
	heard, err := c.Events().Subscribe(t.Context())
	must(t, err)
	must(t, c.Redis().SPublish(t.Context(), "{"+o.Prefix+"}:events", "\x02of another version").Err())
	select {
	case e, open := <-heard:
		if open {
			t.Errorf("it was read as %+v", e)
		}
	case <-time.After(servers.HangTimeout):
		t.Error("the subscriber was not told that it missed something")
	}
}

func TestPublish_ManyEventsGoInMessagesOfModestSize(t *testing.T) {
	t.Parallel()
	var events []core.Event
	for n := range core.Index(2000) {
		events = append(events, core.Event{
			Kind: core.EventFailed, Index: -n, At: time.UnixMicro(int64(n)).UTC(), Reason: strings.Repeat("é", 100),
		})
	}
	var decoded []core.Event
	for rest := events; len(rest) > 0; {
		var message []byte
		message, rest = redis.EncodeEvents(rest)
		if len(message) > 70_000 {
			t.Errorf("a message of %d bytes", len(message))
		}
		some, err := redis.DecodeEvents(message)
		must(t, err)
		decoded = append(decoded, some...)
	}
	if !slices.Equal(decoded, events) {
		t.Error("other events came back")
	}
}

func TestDecodeEvents_RefusesATruncatedMessage(t *testing.T) {
	t.Parallel()
	message, _ := redis.EncodeEvents([]core.Event{{Kind: core.EventFailed, Index: 1 << 40, Reason: "Because."}})
	for n := range message {
		// The version alone is a message of no events.
		if events, err := redis.DecodeEvents(message[:n]); err == nil && n != 1 {
			t.Errorf("%d of %d bytes were read as %+v", n, len(message), events)
		}
	}
}
