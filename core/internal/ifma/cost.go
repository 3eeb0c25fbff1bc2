package ifma

import "github.com/pisano-dev/pisano/core/internal/ntt"

// The parts of the cost of a product, found by measurement: a unit is about
// 0.1 ns on one processor. But for the first they are for each of its points.
const (
	productUnits     = 4000
	columnUnits      = 2 // for each operand, and for each level of the columns
	columnLevelUnits = 2
	memoryUnits      = 8 // for each operand and result of large products
	rowUnits         = 9 // for each form, and for each transform and level of the rows
	rowLevelUnits    = 2
	recombineUnits   = 15 // for each result
	convertUnits     = 15
)

const (
	// ShortWords is how many words the factors have of a product that package
	// words makes faster.
	ShortWords = 38
	// PairWords is the same where two products are made of the same factors.
	PairWords = 24
)

// ConvertCost returns what it costs to convert so many points.
func ConvertCost(points int) int64 { return convertUnits * int64(points) }

// Cost returns what a multiplication to so many points costs, in units that
// take about the same time whatever the form and the count.
func Cost(form ntt.Form, points int) int64 {
	l := newLayout(points)
	return productUnits + (columnCost(l, form)+rowCost(l, form)+recombineCost(l, form))*int64(points)
}

func columnCost(l layout, form ntt.Form) int64 {
	return int64(form.Operands()) * columnsCost(l)
}

func rowCost(l layout, form ntt.Form) int64 {
	return rowUnits + int64(form.Operands()+form.Results())*int64(rowLevelUnits*l.rowOrder)
}

func recombineCost(l layout, form ntt.Form) int64 {
	return int64(form.Results()) * (recombineUnits - columnUnits + columnsCost(l))
}

func columnsCost(l layout) int64 {
	units := columnUnits + columnLevelUnits*(l.order-l.rowOrder)
	if l.points >= largePoints {
		units += memoryUnits
	}
	return int64(units)
}
