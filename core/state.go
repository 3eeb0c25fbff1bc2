package core

// State is the stage that a submitted index has reached.
type State int

// The states of an index.
const (
	StatePending     State = iota // waiting for a worker
	StateCalculating              // claimed by a worker; never stored in an IndexStore
	StateCalculated               // has its value
	StateFailed                   // abandoned, with a reason
)

var stateNames = [...]string{"pending", "calculating", "calculated", "failed"}

// String returns the name of the state, for logs.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}

// Final reports whether the state lasts: StateCalculated does until the value is
// lost, StateFailed until the index is submitted again.
func (s State) Final() bool { return s == StateCalculated || s == StateFailed }
