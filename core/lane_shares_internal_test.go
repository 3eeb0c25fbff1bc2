package core

import (
	"slices"
	"testing"
	"time"
)

// serve works off tasks from the lanes for as long as the total cost says, and
// returns the cost of those of each lane. Tasks of a lane have the given cost; 0 is
// an empty lane.
func (s *laneShares) serve(total time.Duration, costs [len(Lanes)]time.Duration) (served [len(Lanes)]time.Duration) {
	for done := time.Duration(0); done < total; {
		for _, lane := range s.order() {
			if cost := costs[lane]; cost > 0 {
				s.charge(lane, cost)
				served[lane] += cost
				done += cost
				break
			}
		}
	}
	return served
}

func TestLaneShares_AreThoseOfTheWeights(t *testing.T) {
	t.Parallel()
	const ms, s = time.Millisecond, time.Second
	for name, costs := range map[string][len(Lanes)]time.Duration{
		"tasks of one cost":           {s, s, s},
		"tasks of different costs":    {5 * ms, 20 * s, 3 * s},
		"recovery of the longest":     {100 * ms, s, 60 * s},
		"one lane is empty":           {0, 7 * s, s},
		"only what no user waits for": {0, 0, s},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const total = 10 * time.Hour
			served := new(laneShares).serve(total, costs)
			var weights time.Duration
			for _, lane := range Lanes {
				if costs[lane] > 0 {
					weights += laneWeights[lane]
				}
			}
			for _, lane := range Lanes {
				want := total * laneWeights[lane] / weights
				if costs[lane] == 0 {
					want = 0
				}
				if off := served[lane] - want; off.Abs() > 13*slices.Max(costs[:]) {
					t.Errorf("lane %v got %v of %v, want %v", lane, served[lane], total, want)
				}
			}
		})
	}
}

func TestLaneShares_AnEmptyLaneSavesUpNothing(t *testing.T) {
	t.Parallel()
	for _, idle := range Lanes {
		shares := new(laneShares)
		costs := [len(Lanes)]time.Duration{time.Second, time.Second, time.Second}
		costs[idle] = 0
		shares.serve(time.Hour, costs)
		costs[idle] = time.Second
		served := shares.serve(13*time.Second, costs)
		if want := [len(Lanes)]time.Duration{8 * time.Second, 4 * time.Second, time.Second}; served[idle] > want[idle]+time.Second || served[idle] == 0 {
			t.Errorf("in the 13 s after lane %v was empty the lanes got %v, want about %v", idle, served, want)
		}
	}
}

func TestLaneShares_PreferWhatUsersWaitFor(t *testing.T) {
	t.Parallel()
	if order := new(laneShares).order(); !slices.Equal(order, Lanes[:]) {
		t.Errorf("the first order is %v, want %v", order, Lanes)
	}
	shares := new(laneShares)
	shares.serve(time.Minute, [len(Lanes)]time.Duration{LaneRecovery: time.Second})
	if order := shares.order(); order[0] != LaneShort || order[2] != LaneRecovery {
		t.Errorf("after a minute of recovery the order is %v", order)
	}
}

func TestLaneShares_WhatIsRefundedCostsNothing(t *testing.T) {
	t.Parallel()
	shares := new(laneShares)
	shares.charge(LaneLong, time.Hour)
	shares.refund(LaneLong, time.Hour)
	shares.charge(LaneRecovery, time.Second)
	if order := shares.order(); order[2] != LaneRecovery {
		t.Errorf("an hour was refunded, and the order is %v", order)
	}
}
