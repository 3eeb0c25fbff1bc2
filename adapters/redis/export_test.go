package redis

import (
	"context"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// What tests need to read and change what is stored.

func (c *Client) Redis() goredis.UniversalClient { return c.rdb }
func (c *Client) PartOf(n core.Index) int        { return c.numberOf(n) }
func (c *Client) ValueKey(n core.Index) string   { return c.partitionOf(n).value(n) }
func (c *Client) QueueKeys(n core.Index) []string {
	return lane{c.partitionOf(n), core.LaneShort}.keys()
}
func (c *Client) BacklogKey(n core.Index) string {
	return lane{c.partitionOf(n), core.LaneShort}.backlog()
}
func (c *Client) ListKey(n core.Index) string { return c.partitionOf(n).values() }

func (c *Client) StoreKey() string { return c.store() }

func (c *Client) Tags() []string {
	var tags []string
	for _, p := range c.partitions {
		tags = append(tags, string(p[1:len(p)-1]))
	}
	return tags
}

var (
	Slot = slot
	Wrap = wrap

	CheckInfo = checkVersion
	PlaceOf   = placeOf
	InfoField = infoField

	EncodeEvents = encodeEvents
	DecodeEvents = decodeEvents
)

const Slots = slots

// SetPoll sets how often Ready looks for what nothing announces.
func (q *WorkQueue) SetPoll(d time.Duration) { q.poll = d }

// HoldEnqueues has calls of Enqueue for one task wait until release is called.
func (q *WorkQueue) HoldEnqueues(ctx context.Context) (release func(), err error) {
	return q.enqueues.End, q.enqueues.Begin(ctx)
}

// HoldLookups has calls of Summaries for few indices wait until release is called.
func (c *Client) HoldLookups(ctx context.Context) (release func(), err error) {
	return c.lookups.End, c.lookups.Begin(ctx)
}
