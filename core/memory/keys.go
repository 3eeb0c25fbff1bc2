package memory

import (
	"time"

	"github.com/pisano-dev/pisano/core"
)

// keys are those that submissions had within core.KeyAge. The zero value is empty.
type keys struct {
	byID  map[[16]byte]*usedKey
	order []*usedKey // of their first uses
}

type usedKey struct {
	core.Key
	by *keyedCall // the first
	at time.Time
}

// keyedCall is a call of Record.
type keyedCall struct {
	keys *keys
	at   time.Time
}

// begin begins a call and removes keys that are forgotten.
func (k *keys) begin(at time.Time) *keyedCall {
	if k.byID == nil {
		k.byID = make(map[[16]byte]*usedKey)
	}
	for len(k.order) > 0 && forgotten(k.order[0], at) {
		if oldest := k.order[0]; k.byID[oldest.ID] == oldest {
			delete(k.byID, oldest.ID)
		}
		k.order = k.order[1:]
	}
	return &keyedCall{k, at}
}

func forgotten(used *usedKey, at time.Time) bool { return at.Sub(used.at) >= core.KeyAge }

// use notes the use of a key, and reports whether the submission counts, and
// whether it is refused.
func (c *keyedCall) use(key core.Key) (counts, refused bool) {
	if key == (core.Key{}) {
		return true, false
	}
	used := c.keys.byID[key.ID]
	if used == nil || forgotten(used, c.at) {
		used = &usedKey{Key: key, by: c, at: c.at}
		c.keys.byID[key.ID] = used
		c.keys.order = append(c.keys.order, used)
	}
	return used.by == c, used.Digest != key.Digest
}
