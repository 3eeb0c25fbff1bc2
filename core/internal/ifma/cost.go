package ifma

import "github.com/pisano-dev/pisano/core/decimal/ntt"

// The parts of the cost of a product for each of its points, found by
// measurement: a unit is about 0.1 ns on one processor.
const (
	columnUnits      = 2 // for each operand, and for each level of the columns
	columnLevelUnits = 2
	rowUnits         = 9 // for each form, and for each transform and level of the rows
	rowLevelUnits    = 2
	recombineUnits   = 15 // for each result
	convertUnits     = 15
)

// ShortWords is how many words a number has that package words multiplies
// faster.
const ShortWords = 24

// ConvertCost returns what it costs to convert so many points.
func ConvertCost(points int) int64 { return convertUnits * int64(points) }

// Cost returns what a multiplication to so many points costs, in units that
// take about the same time whatever the form and the count.
func Cost(form ntt.Form, points int) int64 {
	l := newLayout(points)
	return (columnCost(l, form) + rowCost(l, form) + recombineCost(l, form)) * int64(points)
}

func columnCost(l layout, form ntt.Form) int64 {
	return int64(form.Operands()) * int64(columnUnits+columnLevelUnits*(l.order-l.rowOrder))
}

func rowCost(l layout, form ntt.Form) int64 {
	return rowUnits + int64(form.Operands()+form.Results())*int64(rowLevelUnits*l.rowOrder)
}

func recombineCost(l layout, form ntt.Form) int64 {
	return int64(form.Results()) * int64(recombineUnits+columnLevelUnits*(l.order-l.rowOrder))
}
