package engine

import (
	"github.com/pisano-dev/pisano/core/internal/vector"
)

// vectors is an engine with vector instructions.
type vectors struct{ *vector.Instructions }

func (vectors) PointDigits(digits int64) int { return vector.PointDigits(digits) }
func (vectors) MaxPoints() int               { return vector.MaxPoints }
func (v vectors) newMultiplier() multiplier  { return v.NewMultiplier() }
func (v vectors) release()                   { v.Release() }
