package redis

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// A message is a version byte, then events: each the kind, the index, the time
// in microseconds since 1970, the length of the reason and that of the summary as
// varints, the reason, the stored form of the summary, of length 0 if there is
// none, and the bits of the progress, 8 bytes big-endian.

const (
	messageVersion = 2
	// messageSize is what a message grows to before another is begun, in bytes.
	messageSize = 64 << 10
)

// encodeEvents returns a message of the first of the events, and the others.
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
		message = binary.AppendVarint(message, int64(len(e.Reason)))
		summary = summary[:0]
		if e.Summary != nil {
			summary, _ = e.Summary.AppendBinary(summary) // the error is always nil
		}
		message = binary.AppendVarint(message, int64(len(summary)))
		message = append(message, e.Reason...)
		message = append(message, summary...)
		message = binary.BigEndian.AppendUint64(message, math.Float64bits(e.Progress))
	}
	return message, nil
}

var errMessage = errors.New("a message of events can't be read")

// decodeEvents returns the events of a message.
func decodeEvents(message []byte) ([]core.Event, error) {
	if len(message) == 0 || message[0] != messageVersion {
		return nil, errMessage
	}
	var events []core.Event
	for rest := message[1:]; len(rest) > 0; {
		var fields [5]int64 // kind, index, time, lengths of the reason and the summary
		for i := range fields {
			x, size := binary.Varint(rest)
			if size <= 0 {
				return nil, errMessage
			}
			fields[i], rest = x, rest[size:]
		}
		reason, summary := fields[3], fields[4]
		if left := int64(len(rest)) - 8; reason < 0 || summary < 0 || reason > left || summary > left-reason {
			return nil, errMessage
		}
		event := core.Event{
			Kind:   core.EventKind(fields[0]),
			Index:  core.Index(fields[1]),
			At:     time.UnixMicro(fields[2]).UTC(),
			Reason: string(rest[:reason]),
		}
		rest = rest[reason:]
		if summary > 0 {
			event.Summary = new(core.Summary)
			if err := event.Summary.UnmarshalBinary(rest[:summary]); err != nil {
				return nil, errMessage
			}
		}
		rest = rest[summary:]
		event.Progress = math.Float64frombits(binary.BigEndian.Uint64(rest))
		events = append(events, event)
		rest = rest[8:]
	}
	return events, nil
}
