package vector

import "github.com/pisano-dev/pisano/core/internal/ntt"

// units is the cost of a product for each of its points, measured. A unit is about
// 0.1 ns on one processor.
type units struct {
	product     int64 // for the product, not for each point
	column      int64 // for each operand or result
	columnLevel int64 // for each level of the columns of an operand or result
	memory      int64 // for each operand or result of a large product
	row         int64 // for each form
	rowLevel    int64 // for each level of the rows of an operand or result
	recombine   int64 // for each result
	convert     int64
}

var (
	ifmaUnits = units{product: 4000, column: 2, columnLevel: 2, memory: 8, row: 9, rowLevel: 2, recombine: 15, convert: 15}
	avx2Units = units{product: 4000, column: 4, columnLevel: 4, memory: 8, row: 18, rowLevel: 4, recombine: 45, convert: 15}
)

// ShortWords is the length in words of the shorter factor up to which package words
// multiplies faster.
func (s *Instructions) ShortWords() int { return s.short }

// PairWords is the same for a form with two operands and two results.
func (s *Instructions) PairWords() int { return s.pair }

// ConvertCost returns the cost of converting the given number of points.
func (s *Instructions) ConvertCost(points int) int64 { return s.units.convert * int64(points) }

// Cost returns the cost of a multiplication with the given number of points in the
// result, in units that take about the same time for all forms and lengths.
func (s *Instructions) Cost(form ntt.Form, points int) int64 {
	l, u := s.newLayout(points, points), &s.units
	return u.product + (u.columns(&l, form)+u.rows(&l, form)+u.recombined(&l, form))*int64(points)
}

func (u *units) columns(l *layout, form ntt.Form) int64 {
	return int64(form.Operands()) * u.columnsOf(l)
}

func (u *units) rows(l *layout, form ntt.Form) int64 {
	return u.row + int64(form.Operands()+form.Results())*u.rowLevel*int64(l.rowOrder)
}

func (u *units) recombined(l *layout, form ntt.Form) int64 {
	return int64(form.Results()) * (u.recombine - u.column + u.columnsOf(l))
}

// columnsOf is for one operand or result.
func (u *units) columnsOf(l *layout) int64 {
	c := u.column + u.columnLevel*int64(l.order-l.rowOrder)
	if l.points >= largePoints {
		c += u.memory
	}
	return c
}
