package simulation

import "github.com/pisano-dev/pisano/core/intercept"

// Coverage tells which faults happened at the calls of which port methods, and
// which nemeses struck.
type Coverage map[Cell]bool

// Cell is a fault at the calls of a port method, such as "lost reply" at
// "IndexStore.Record". Without a method it is a nemesis; without a fault, that
// the method was called.
type Cell struct{ Method, Fault string }

// CallFaults are the faults that every call of every port method may have, but
// those of Calculator and WorkQueue.Ready.
func CallFaults() []string {
	names := make([]string, 0, unreachable)
	for f := failed; f <= unreachable; f++ {
		names = append(names, f.String())
	}
	return names
}

// Nemeses are the names of all nemeses.
func Nemeses() []string { return nemesisNames[:] }

// cover notes that a call had a fault; s.mu is held.
func (s *simulation) cover(call intercept.Call, f fault) {
	s.coverage[Cell{call.Name, f.String()}] = true
}

// coverCall is cover without s.mu held.
func (s *simulation) coverCall(call intercept.Call, f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cover(call, f)
}
