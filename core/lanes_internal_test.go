package core

import (
	"testing"
	"time"
)

func TestLaneOf_IsChosenByCost(t *testing.T) {
	t.Parallel()
	for cost, want := range map[time.Duration]Lane{taskOverhead: LaneShort, MaxShortCost: LaneShort, MaxShortCost + 1: LaneLong, maxTaskCost: LaneLong} {
		if got := laneOf(cost); got != want {
			t.Errorf("a task of %v is in lane %v, want %v", cost, got, want)
		}
	}
}
