package vector

import "github.com/pisano-dev/pisano/core/internal/ntt"

// The cost of a product for each of its points, measured. A unit is about 0.1 ns
// on one processor.
const (
	productUnits     = 4000 // for the product, not for each point
	columnUnits      = 2    // for each operand or result
	columnLevelUnits = 2    // for each level of the columns of an operand or result
	memoryUnits      = 8    // for each operand or result of a large product
	rowUnits         = 9    // for each form
	rowLevelUnits    = 2    // for each level of the rows of an operand or result
	recombineUnits   = 15   // for each result
	convertUnits     = 15
)

const (
	// ShortWords is the length in words of the shorter factor up to which package
	// words multiplies faster.
	ShortWords = 38
	// PairWords is the same for a form with two operands and two results.
	PairWords = 24
)

// ConvertCost returns the cost of converting the given number of points.
func ConvertCost(points int) int64 { return convertUnits * int64(points) }

// Cost returns the cost of a multiplication with the given number of points in the
// result, in units that take about the same time for all forms and lengths.
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
