package redis

import (
	"context"
	"crypto/rand"
	"os"
	"slices"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// Claim implements core.WorkQueue. A single server is asked once. On a Cluster the
// partitions are first asked whether they have something, and then one of them for
// tasks, another one each time. If it has too few the others are asked together, each
// for a part of the rest. Claim leaves out the partitions that can't be reached, or are
// reached again for less than gracePeriod, and fails only if none is left or each fails
// of which it claims.
func (q *WorkQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap(err)
	}
	candidates, err := q.candidates(ctx, limit.Order())
	if err != nil {
		return nil, err
	}
	// What was claimed must be returned, or it would be held by no one.
	ctx = context.WithoutCancel(ctx)
	rest := remaining{max(1, limit.Count), limit.Cost, limit.Cost > 0}
	var claims []core.Claim
	claimed := false // from one of them, perhaps nothing
	for len(candidates) > 0 && rest.count > 0 {
		first := len(claims) == 0
		var shares []share
		if first {
			shares, candidates = []share{{candidates[0], rest}}, candidates[1:]
		} else {
			shares, candidates = rest.split(candidates)
		}
		for i, portion := range q.claimFrom(ctx, shares, first) {
			if portion.err != nil {
				if err = portion.err; !q.client.leaveOut(ctx, shares[i].partition, err) && first {
					return nil, err
				}
				continue
			}
			claimed = true
			claims = append(claims, portion.claims...)
			rest.spend(portion.claims)
			if portion.more {
				shares[i].next = portion.next
				candidates = append(candidates, shares[i].candidate)
			}
		}
		if len(claims) > 0 {
			candidates = rest.affordable(ofLane(candidates, claims[0].Lane))
		}
	}
	if claimed {
		q.luck.note(len(claims))
		return claims, nil
	}
	return nil, err
}

// candidate is a partition in which there may be something to claim, and the lanes
// to be tried there, one after the other.
type candidate struct {
	partition
	lanes []core.Lane
	next  time.Duration // cost of its next task, 0 if it is not known
}

// candidates returns where there may be something to claim. With several
// partitions all that have something of the first lane come before the next lane.
func (q *WorkQueue) candidates(ctx context.Context, lanes []core.Lane) ([]candidate, error) {
	partitions := q.client.claimable()
	switch len(partitions) {
	case 0:
		return nil, errAllAway
	case 1:
		return []candidate{{partition: partitions[0], lanes: lanes}}, nil
	}
	turn := int(q.turn.Add(1)) % len(partitions)
	partitions = slices.Concat(partitions[turn:], partitions[:turn])
	byLane := make([][]candidate, len(lanes))
	delays, err := q.delays(ctx, partitions, lanes)
	if err != nil {
		return nil, err
	}
	for k, p := range partitions {
		for i, delay := range delays[k] {
			if delay == 0 {
				byLane[i] = append(byLane[i], candidate{partition: p, lanes: lanes[i : i+1]})
			}
		}
	}
	return slices.Concat(byLane...), nil
}

// ofLane returns those of the candidates that have a lane, to be tried for it alone.
func ofLane(candidates []candidate, lane core.Lane) []candidate {
	var of []candidate
	for _, c := range candidates {
		if slices.Contains(c.lanes, lane) {
			c.lanes = []core.Lane{lane}
			of = append(of, c)
		}
	}
	return of
}

// remaining is what is left of a ClaimLimit.
type remaining struct {
	count   int
	cost    time.Duration
	bounded bool // by cost
}

func (r *remaining) spend(claims []core.Claim) {
	r.count -= len(claims)
	for _, c := range claims {
		r.cost -= c.Cost
	}
}

// affordable returns those of the candidates whose next task may fit.
func (r remaining) affordable(candidates []candidate) []candidate {
	return slices.DeleteFunc(candidates, func(c candidate) bool { return r.bounded && c.next > r.cost })
}

// share is the part of what remains that a candidate is asked to spend.
type share struct {
	candidate
	remaining
}

// split divides what remains into equal shares, but at least as large as the next tasks
// are. It returns the candidates that get none.
func (r remaining) split(candidates []candidate) (shares []share, rest []candidate) {
	count := (r.count + len(candidates) - 1) / len(candidates)
	cost := r.cost / time.Duration(len(candidates))
	for _, c := range candidates {
		own := remaining{min(count, r.count), min(max(cost, c.next), r.cost), r.bounded}
		if own.count == 0 || r.bounded && own.cost < c.next {
			rest = append(rest, c)
			continue
		}
		r.count -= own.count
		r.cost -= own.cost
		shares = append(shares, share{c, own})
	}
	return shares, rest
}

// portion is what a candidate gives.
type portion struct {
	claims []core.Claim
	more   bool          // it may have more
	next   time.Duration // cost of its next task if that was left because of it, else 0
	err    error
}

// host begins tokens, for people who look into the queue.
var host, _ = os.Hostname()

// claimFrom claims tasks of one lane of each partition, atOnce at most; it takes the
// first whatever its cost if one must be taken.
func (q *WorkQueue) claimFrom(ctx context.Context, shares []share, must bool) []portion {
	calls, tokens := make([]call, len(shares)), make([]string, len(shares))
	for i, s := range shares {
		cost := ""
		if s.bounded {
			cost = strconv.FormatInt(s.cost.Microseconds(), 10)
		}
		tokens[i] = host + " " + rand.Text()
		keys := s.laneKeys(s.lanes, func(l lane) []string { return []string{l.queue(), l.claims(), l.progress()} })
		calls[i] = call{claimScript, keys, []any{
			group, consumer, tokens[i], q.expiry(), min(s.count, atOnce), cost, must, q.dueRestarts(s.candidate),
		}}
	}
	portions := make([]portion, len(shares))
	for i, reply := range q.client.runAll(ctx, calls...) {
		portions[i] = q.parsePortion(reply, shares[i], tokens[i])
	}
	return portions
}

// dueRestarts returns a digit for each lane of a candidate: 1 if leases that begin in
// the future are to begin now.
func (q *WorkQueue) dueRestarts(c candidate) string {
	digits := make([]byte, len(c.lanes))
	for i, l := range c.lanes {
		digits[i] = '0'
		if q.restarts.isDue(lane{c.partition, l}, q.lease) {
			digits[i] = '1'
		}
	}
	return string(digits)
}

// parsePortion reads what the script returns.
func (q *WorkQueue) parsePortion(reply *goredis.Cmd, of share, token string) portion {
	list, err := reply.Slice()
	if err != nil {
		return portion{err: wrap(err)}
	}
	p := portion{claims: make([]core.Claim, len(list)-1)}
	for i, fields := range list[1:] {
		p.claims[i], err = parseClaim(fields.([]any), of.lanes)
		if err != nil {
			return portion{err: core.WrapError(core.KindInternal, "A task in Redis has an invalid value.", err)}
		}
		p.claims[i].Token, p.claims[i].Lease = token, q.lease
	}
	p.more = len(p.claims) == min(of.count, atOnce)
	if left, _ := list[0].(string); left != "" {
		micros, err := strconv.ParseInt(left, 10, 64)
		if err != nil {
			return portion{err: core.WrapError(core.KindInternal, "A task in Redis has an invalid value.", err)}
		}
		p.more, p.next = true, time.Duration(micros)*time.Microsecond
	}
	return p
}

// parseClaim reads a claim from one of the lanes as the script returns it.
func parseClaim(fields []any, lanes []core.Lane) (core.Claim, error) {
	n, err := strconv.ParseInt(fields[0].(string), 10, 64)
	if err != nil {
		return core.Claim{}, err
	}
	cost, err := strconv.ParseInt(fields[2].(string), 10, 64)
	if err != nil {
		return core.Claim{}, err
	}
	return core.Claim{
		Index:    core.Index(n),
		Cost:     time.Duration(cost) * time.Microsecond,
		Lane:     lanes[fields[3].(int64)],
		Delivery: int(fields[1].(int64)),
	}, nil
}
