package core

import (
	"slices"
	"testing"
	"time"
)

func TestAssignLanes_ByCostAndByTheShareOfTheSubmitter(t *testing.T) {
	t.Parallel()
	const tiny, short, long = taskOverhead, MaxShortCost, MaxShortCost + 1
	for _, test := range []struct {
		name  string
		there time.Duration
		costs []time.Duration
		want  []Lane
	}{
		{"by cost", 0, []time.Duration{tiny, short, long, maxTaskCost, tiny}, []Lane{LaneShort, LaneShort, LaneLong, LaneLong, LaneShort}},
		{"as far as there is room", shortShare - short - tiny, []time.Duration{short, short, tiny, tiny}, []Lane{LaneShort, LaneLong, LaneShort, LaneLong}},
		{"beyond the share", shortShare, []time.Duration{tiny}, []Lane{LaneLong}},
	} {
		var tasks []Task
		for _, cost := range test.costs {
			tasks = append(tasks, Task{Cost: cost, Lane: LaneRecovery})
		}
		assignLanes(tasks, test.there)
		var got []Lane
		for _, task := range tasks {
			got = append(got, task.Lane)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: lanes %v, want %v", test.name, got, test.want)
		}
	}
}
