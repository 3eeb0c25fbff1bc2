package redis_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
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
	must(t, c.Redis().SPublish(t.Context(), "{"+o.Prefix+"}:events", "\x01of another version").Err())
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
	summary := core.Summary{Index: 10, DigitCount: 2, Digits: "55"}
	message, _ := redis.EncodeEvents([]core.Event{{Kind: core.EventFailed, Index: 1 << 40, Reason: "Because.", Summary: &summary}})
	for n := range message {
		// The version alone is a message of no events.
		if events, err := redis.DecodeEvents(message[:n]); err == nil && n != 1 {
			t.Errorf("%d of %d bytes were read as %+v", n, len(message), events)
		}
	}
}

func TestEvents_CarryTheSummaryOfACalculatedValue(t *testing.T) {
	t.Parallel()
	at := time.UnixMicro(1_700_000_000_123_456).UTC()
	whole := core.Summary{Index: -10, DigitCount: 2, Digits: "55", CalculatedAt: at, Duration: time.Millisecond}
	ends := core.Summary{Index: 10_000, DigitCount: 2090, Leading: strings.Repeat("3", 50), Trailing: strings.Repeat("5", 50), CalculatedAt: at}
	message, rest := redis.EncodeEvents([]core.Event{
		{Kind: core.EventCalculated, Index: -10, At: at, Summary: &whole},
		{Kind: core.EventProgress, Index: 5, At: at, Progress: 0.5},
		{Kind: core.EventCalculated, Index: 10_000, At: at, Summary: &ends},
	})
	events, err := redis.DecodeEvents(message)
	must(t, err)
	if len(rest) > 0 || len(events) != 3 || events[0].Summary == nil || events[1].Summary != nil || events[2].Summary == nil {
		t.Fatalf("decoded %+v, left %+v", events, rest)
	}
	if *events[0].Summary != whole || *events[2].Summary != ends || events[1].Progress != 0.5 {
		t.Errorf("decoded %+v and %+v", *events[0].Summary, *events[2].Summary)
	}
}

func TestEvents_CarryTheDelivery(t *testing.T) {
	t.Parallel()
	at := time.UnixMicro(1_700_000_000_123_456).UTC()
	want := []core.Event{
		{Kind: core.EventProgress, Index: 5, At: at, Progress: 0.5, Worker: "wörker", Delivery: 2, ClaimedAt: at.Add(-time.Second)},
		{Kind: core.EventFailed, Index: 6, At: at, Reason: "Because.", Worker: "other", Delivery: 5, ClaimedAt: at},
		{Kind: core.EventSeen, Index: 7, At: at},
	}
	message, _ := redis.EncodeEvents(want)
	events, err := redis.DecodeEvents(message)
	must(t, err)
	if !slices.Equal(events, want) {
		t.Errorf("decoded %+v, want %+v", events, want)
	}
}

// The value is there: the next version of a worker has stored it.
func TestDecodeEvents_LeavesOutTheSummaryOfAnotherVersion(t *testing.T) {
	t.Parallel()
	summary := core.Summary{Index: 10, DigitCount: 2, Digits: "55"}
	event := core.Event{Kind: core.EventCalculated, Index: 10, At: time.UnixMicro(5).UTC(), Summary: &summary}
	message, _ := redis.EncodeEvents([]core.Event{event, event})
	stored, err := summary.AppendBinary(nil)
	must(t, err)
	newer := append([]byte{stored[0] + 1}, stored[1:len(stored)-crc32.Size]...)
	newer = binary.BigEndian.AppendUint32(newer, crc32.Checksum(newer, crc32.MakeTable(crc32.Castagnoli)))
	events, err := redis.DecodeEvents(bytes.Replace(message, stored, newer, 1))
	must(t, err)
	if len(events) != 2 || events[0].Summary != nil || events[0].Index != 10 || events[1].Summary == nil {
		t.Errorf("decoded %+v", events)
	}
}
