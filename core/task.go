package core

import "time"

const (
	// taskOverhead is the cost of a task beside its calculation: claiming the
	// index, storing its value, marking its record. Small tasks share it and need
	// less.
	taskOverhead = time.Millisecond
	// maxTaskCost keeps sums of costs far from overflow.
	maxTaskCost = 24 * time.Hour
)

// tasksOf returns the tasks of calculating the indices, without their lanes.
func tasksOf(calculator Calculator, indices []Index) []Task {
	return estimatedTasks(indices, estimatesOf(calculator, indices))
}

// estimatedTasks is tasksOf for indices whose estimates are known.
func estimatedTasks(indices []Index, estimates []Estimate) []Task {
	tasks := make([]Task, len(indices))
	for i, n := range indices {
		cost := taskOverhead + min(estimates[i].Duration, maxTaskCost)
		tasks[i] = Task{Index: n, Cost: cost}
	}
	return tasks
}

func estimatesOf(calculator Calculator, indices []Index) []Estimate {
	estimates := make([]Estimate, len(indices))
	for i, n := range indices {
		estimates[i] = calculator.Estimate(n)
	}
	return estimates
}

// costOf returns the sum of the tasks' costs.
func costOf(tasks []Task) time.Duration {
	var cost time.Duration
	for _, t := range tasks {
		cost += t.Cost
	}
	return cost
}

// shortCostOf returns the sum of the costs of the tasks of LaneShort.
func shortCostOf(tasks []Task) time.Duration {
	var cost time.Duration
	for _, t := range tasks {
		if t.Lane == LaneShort {
			cost += t.Cost
		}
	}
	return cost
}

// indicesOf returns the indices of the tasks.
func indicesOf(tasks []Task) []Index {
	indices := make([]Index, len(tasks))
	for i, t := range tasks {
		indices[i] = t.Index
	}
	return indices
}
