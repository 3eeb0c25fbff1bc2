package simulation_test

import (
	"fmt"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/internal/simulation"
)

// portMethods returns the methods of all ports, such as "IndexStore.Record".
func portMethods() (names []string) {
	for field := range reflect.TypeFor[core.Ports]().Fields() {
		for method := range field.Type.Methods() {
			names = append(names, field.Type.Name()+"."+method.Name)
		}
	}
	return names
}

// special are the faults that only one method has.
var special = []simulation.Cell{
	{Method: "ValueCache.Put", Fault: "no room"},
	{Method: "Events.Publish", Fault: "events lost"},
	{Method: "Events.Publish", Fault: "events doubled"},
	{Method: "Calculator.Calculate", Fault: "calculation failed"},
	{Method: "Calculator.Calculate", Fault: "crash before"},
	{Method: "IndexStore.Lookup", Fault: "refused"},
	{Method: "IndexStore.MarkCalculated", Fault: "refused"},
	{Method: "ValueCache.Summaries", Fault: "refused"},
	{Method: "ValueCache.Put", Fault: "refused"},
}

// faultless are the methods that return no error, and the calculation, which has
// faults of its own.
var faultless = map[string]bool{"Calculator.Estimate": true, "Calculator.Calculate": true, "WorkQueue.Ready": true}

// possible returns every fault that can happen: each fault of calls at each port
// method, the special ones, and the nemeses.
func possible() []simulation.Cell {
	cells := special
	for _, method := range portMethods() {
		for _, fault := range simulation.CallFaults() {
			if !faultless[method] {
				cells = append(cells, simulation.Cell{Method: method, Fault: fault})
			}
		}
	}
	for _, nemesis := range simulation.Nemeses() {
		cells = append(cells, simulation.Cell{Fault: nemesis})
	}
	return cells
}

// coverageTable returns in how many seeds each fault happened.
func coverageTable(seeds map[simulation.Cell]int) string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "seeds with\t%s\t\n", strings.Join(simulation.CallFaults(), "\t"))
	for _, method := range portMethods() {
		if faultless[method] {
			continue
		}
		fmt.Fprint(table, method)
		for _, fault := range simulation.CallFaults() {
			fmt.Fprintf(table, "\t%d", seeds[simulation.Cell{Method: method, Fault: fault}])
		}
		fmt.Fprint(table, "\t\n")
	}
	_ = table.Flush()
	for _, cell := range special {
		fmt.Fprintf(&b, "%s: %s %d\n", cell.Method, cell.Fault, seeds[cell])
	}
	for _, nemesis := range simulation.Nemeses() {
		fmt.Fprintf(&b, "%s %d\n", nemesis, seeds[simulation.Cell{Fault: nemesis}])
	}
	return b.String()
}
