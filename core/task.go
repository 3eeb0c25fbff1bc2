package core

import "time"

const (
	// taskOverhead is what an index costs beside its calculation: a million
	// tiny ones are much work, too.
	taskOverhead = 5 * time.Millisecond
	// maxTaskCost keeps sums of costs far from overflow.
	maxTaskCost = 24 * time.Hour
)

// tasksOf returns what has to be done for the indices.
func tasksOf(calculator Calculator, indices []Index) []Task {
	tasks := make([]Task, len(indices))
	for i, n := range indices {
		tasks[i] = Task{Index: n, Cost: taskOverhead + min(calculator.Estimate(n).Duration, maxTaskCost)}
	}
	return tasks
}

func indicesOf(tasks []Task) []Index {
	indices := make([]Index, len(tasks))
	for i, t := range tasks {
		indices[i] = t.Index
	}
	return indices
}
