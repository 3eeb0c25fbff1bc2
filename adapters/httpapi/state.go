package httpapi

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// State is the state of an index.
type State string

// stateNames are the names of the states in the document.
var stateNames = map[core.State]State{
	core.StatePending:     "pending",
	core.StateCalculating: "calculating",
	core.StateCalculated:  "calculated",
	core.StateFailed:      "failed",
}

// Schema implements huma.SchemaProvider.
func (State) Schema(schemas huma.Registry) *huma.Schema {
	return registerSchema(schemas, "State", &huma.Schema{
		Type:        huma.TypeString,
		Description: "The state of an index. calculated and failed are final until the index is submitted again or its value is evicted.",
		Enum:        []any{"pending", "calculating", "calculated", "failed"},
		Examples:    []any{"calculated"},
	})
}
