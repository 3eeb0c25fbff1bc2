package ntt

import "math/bits"

// The cost of a product for each of its points, measured. A unit is about 0.1 ns
// on one processor.
const (
	columnCost      = 10  // for each operand
	columnLevelCost = 10  // for each level of the columns of an operand or result
	rowCost         = 50  // for each form
	rowLevelCost    = 10  // for each level of the rows of an operand or result
	recombineCost   = 100 // for each result
	convertCost     = 50
)

// Cost returns the cost of a multiplication with the given number of points in the
// result, in units that take about the same time for all forms and lengths.
func Cost(form Form, points int) int64 {
	l := newLayout(points)
	return (l.columnCost(form) + l.rowCost(form) + l.recombineCost(form)) * int64(points)
}

// ConvertCost returns the cost of converting the given number of points.
func ConvertCost(points int) int64 { return convertCost * int64(points) }

func (l layout) columnCost(form Form) int64 {
	levels := int64(bits.Len(uint(l.rows)) - 1)
	return int64(form.Operands()) * (columnCost + columnLevelCost*levels)
}

func (l layout) rowCost(form Form) int64 {
	levels := int64(bits.Len(uint(l.length)) - 1)
	return rowCost + int64(form.Operands()+form.Results())*rowLevelCost*levels
}

func (l layout) recombineCost(form Form) int64 {
	levels := int64(bits.Len(uint(l.rows)) - 1)
	return int64(form.Results()) * (recombineCost + columnLevelCost*levels)
}
