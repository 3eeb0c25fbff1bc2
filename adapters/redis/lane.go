package redis

import "github.com/pisano-dev/pisano/core"

// lane is a lane of the queue in one partition. Each has keys of its own. Those of
// core.LaneShort have the names that programs without lanes use for the whole
// queue: what either enqueues there the other claims.
type lane struct {
	partition
	lane core.Lane
}

// laneOf returns the lane that a claim is of.
func (c *Client) laneOf(claim core.Claim) lane { return lane{c.partitionOf(claim.Index), claim.Lane} }

func (l lane) key(name string) string {
	if l.lane != core.LaneShort {
		name += ":" + l.lane.String()
	}
	return l.partition.key(name)
}

func (l lane) queue() string    { return l.key("queue") }
func (l lane) jobs() string     { return l.key("jobs") }
func (l lane) claims() string   { return l.key("claims") }
func (l lane) progress() string { return l.key("progress") }
func (l lane) backlog() string  { return l.key("backlog") }

// keys are those of all that is known of the jobs of a lane.
func (l lane) keys() []string {
	return []string{l.queue(), l.jobs(), l.claims(), l.progress(), l.backlog()}
}

// laneKeys returns some of the keys of each of the lanes of a partition.
func (p partition) laneKeys(lanes []core.Lane, some func(lane) []string) []string {
	var keys []string
	for _, l := range lanes {
		keys = append(keys, some(lane{p, l})...)
	}
	return keys
}
