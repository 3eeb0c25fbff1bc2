package engine

import (
	"github.com/pisano-dev/pisano/core/internal/vector"
	"github.com/pisano-dev/pisano/core/internal/ntt"
)

// vectorAvailable reports whether this machine can run vectors.
var vectorAvailable = vector.Available

// vectors is the engine with AVX-512 IFMA.
type vectors struct{}

func (vectors) Name() string                         { return "ifma" }
func (vectors) PointDigits(digits int64) int         { return vector.PointDigits(digits) }
func (vectors) MaxPoints() int                       { return vector.MaxPoints }
func (vectors) ShortWords() int                      { return vector.ShortWords }
func (vectors) PairWords() int                       { return vector.PairWords }
func (vectors) Cost(form ntt.Form, points int) int64 { return vector.Cost(form, points) }
func (vectors) ConvertCost(points int) int64         { return vector.ConvertCost(points) }
func (vectors) Parallel(points int) bool             { return vector.Parallel(points) }
func (vectors) Bytes(points int) int64               { return vector.Bytes(points) }
func (vectors) Text(dst []byte, w []uint64)          { vector.Text(dst, w) }
func (vectors) newMultiplier() multiplier            { return new(vector.Multiplier) }
func (vectors) release()                             { vector.Release() }
