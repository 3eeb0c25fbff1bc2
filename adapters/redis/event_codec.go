package redis

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// A message is a version byte, then events: each the kind, the index, the time
// in microseconds since 1970, the delivery, the time of the claim, 0 if there is
// none, and the lengths of the reason, of the name of the worker and of the summary
// as varints, the reason, the name, the stored form of the summary, of length 0 if
// there is none, and the bits of the progress, 8 bytes big-endian.

const (
	messageVersion = 3
	// messageSize is the size in bytes from which on a message takes no more
	// events.
	messageSize = 64 << 10
)

// encodeEvents returns a message with the first of the events, and the events
// that remain.
func encodeEvents(events []core.Event) (message []byte, rest []core.Event) {
	message = []byte{messageVersion}
	var summary []byte
	for i, e := range events {
		if len(message) > messageSize {
			return message, events[i:]
		}
		message = binary.AppendVarint(message, int64(e.Kind))
		message = binary.AppendVarint(message, int64(e.Index))
		message = binary.AppendVarint(message, e.At.UnixMicro())
		message = binary.AppendVarint(message, int64(e.Delivery))
		message = binary.AppendVarint(message, claimMicro(e.ClaimedAt))
		message = binary.AppendVarint(message, int64(len(e.Reason)))
		message = binary.AppendVarint(message, int64(len(e.Worker)))
		summary = summary[:0]
		if e.Summary != nil {
			summary, _ = e.Summary.AppendBinary(summary) // the error is always nil
		}
		message = binary.AppendVarint(message, int64(len(summary)))
		message = append(message, e.Reason...)
		message = append(message, e.Worker...)
		message = append(message, summary...)
		message = binary.BigEndian.AppendUint64(message, math.Float64bits(e.Progress))
	}
	return message, nil
}

// claimMicro returns a time in microseconds since 1970, and 0 for none.
func claimMicro(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMicro()
}

var errMessage = errors.New("a message of events can't be read")

// decodeEvents returns the events of a message.
func decodeEvents(message []byte) ([]core.Event, error) {
	if len(message) == 0 || message[0] != messageVersion {
		return nil, errMessage
	}
	var events []core.Event
	for rest := message[1:]; len(rest) > 0; {
		// Kind, index, time, delivery, time of the claim, lengths of the reason, the name and the summary.
		var fields [8]int64
		for i := range fields {
			x, size := binary.Varint(rest)
			if size <= 0 {
				return nil, errMessage
			}
			fields[i], rest = x, rest[size:]
		}
		var parts [3][]byte
		left := int64(len(rest)) - 8
		for i, length := range fields[5:] {
			if length < 0 || length > left {
				return nil, errMessage
			}
			left -= length
			parts[i], rest = rest[:length], rest[length:]
		}
		event := core.Event{
			Kind:     core.EventKind(fields[0]),
			Index:    core.Index(fields[1]),
			At:       time.UnixMicro(fields[2]).UTC(),
			Delivery: int(fields[3]),
			Reason:   string(parts[0]),
			Worker:   string(parts[1]),
		}
		if fields[4] != 0 {
			event.ClaimedAt = time.UnixMicro(fields[4]).UTC()
		}
		if summary := parts[2]; len(summary) > 0 {
			event.Summary = new(core.Summary)
			switch err := event.Summary.UnmarshalBinary(summary); {
			case errors.Is(err, core.ErrSummaryVersion):
				event.Summary = nil // it may be left out
			case err != nil:
				return nil, errMessage
			}
		}
		event.Progress = math.Float64frombits(binary.BigEndian.Uint64(rest))
		events = append(events, event)
		rest = rest[8:]
	}
	return events, nil
}
