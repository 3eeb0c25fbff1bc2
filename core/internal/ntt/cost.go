package ntt

import "math/bits"

// The parts of the cost of a product for each of its points, found by
// measurement: a unit is about 0.1 ns on one processor.
const (
	columnCost      = 10 // for each operand, and for each level of the columns
	columnLevelCost = 10
	rowCost         = 50 // for each form, and for each transform and level of the rows
	rowLevelCost    = 10
	recombineCost   = 100 // for each result
	convertCost     = 50
)

// Cost returns what a multiplication to so many points costs, in units that
// take about the same time whatever the form and the count.
func Cost(form Form, points int) int64 {
	l := newLayout(points)
	return (l.columnCost(form) + l.rowCost(form) + l.recombineCost(form)) * int64(points)
}

// ConvertCost returns what it costs to convert so many points.
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
