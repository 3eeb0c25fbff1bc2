package core

// State is where a submitted index stands.
type State int

// The states of an index. Calculated and Failed are final until the index is
// submitted again or its value is lost.
const (
	StatePending     State = iota // waits for a worker
	StateCalculating              // a worker is at it; never stored in an IndexStore
	StateCalculated               // the value is there
	StateFailed                   // given up, with a reason
)

var stateNames = [...]string{"pending", "calculating", "calculated", "failed"}

// String returns the state's name.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}

// Final reports whether nothing more will happen by itself.
func (s State) Final() bool { return s == StateCalculated || s == StateFailed }
