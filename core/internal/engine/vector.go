package engine

import (
	"github.com/pisano-dev/pisano/core/internal/ifma"
	"github.com/pisano-dev/pisano/core/internal/ntt"
)

// vectorAvailable reports whether this machine can run vector.
var vectorAvailable = ifma.Available

// vector is the engine with AVX-512 IFMA.
type vector struct{}

func (vector) Name() string                         { return "ifma" }
func (vector) PointDigits(digits int64) int         { return ifma.PointDigits(digits) }
func (vector) MaxPoints() int                       { return ifma.MaxPoints }
func (vector) ShortWords() int                      { return ifma.ShortWords }
func (vector) PairWords() int                       { return ifma.PairWords }
func (vector) Cost(form ntt.Form, points int) int64 { return ifma.Cost(form, points) }
func (vector) ConvertCost(points int) int64         { return ifma.ConvertCost(points) }
func (vector) Parallel(points int) bool             { return ifma.Parallel(points) }
func (vector) Bytes(points int) int64               { return ifma.Bytes(points) }
func (vector) Text(dst []byte, w []uint64)          { ifma.Text(dst, w) }
func (vector) newMultiplier() multiplier            { return new(ifma.Multiplier) }
func (vector) release()                             { ifma.Release() }
