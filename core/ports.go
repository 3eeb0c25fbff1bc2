package core

import "fmt"

// Ports are the implementations that the domain works with. NewService, NewWorker
// and NewReconciler need all of them.
type Ports struct {
	Store      IndexStore
	Cache      ValueCache
	Queue      WorkQueue
	Workers    WorkerRegistry
	Events     Events
	Calculator Calculator
}

// mustBeWhole panics if a port is nil. user is the function that needs it.
func (p Ports) mustBeWhole(user string) {
	for _, port := range []struct {
		name string
		port any
	}{
		{"Store", p.Store}, {"Cache", p.Cache}, {"Queue", p.Queue}, {"Workers", p.Workers}, {"Events", p.Events}, {"Calculator", p.Calculator},
	} {
		if port.port == nil {
			panic(fmt.Sprintf("core: %s needs Ports.%s, which is nil", user, port.name))
		}
	}
}
