package engine

import (
	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// plain is the engine in plain Go.
type plain struct{}

func (plain) Name() string                         { return "purego" }
func (plain) PointDigits(digits int64) int         { return ntt.PointDigits(digits) }
func (plain) MaxPoints() int                       { return ntt.MaxPoints }
func (plain) ShortWords() int                      { return words.MaxShort }
func (plain) PairWords() int                       { return words.MaxShort }
func (plain) Cost(form ntt.Form, points int) int64 { return ntt.Cost(form, points) }
func (plain) ConvertCost(points int) int64         { return ntt.ConvertCost(points) }
func (plain) Parallel(points, _ int) bool          { return ntt.Parallel(points) }
func (plain) Bytes(points int) int64               { return ntt.Bytes(points) }
func (plain) Text(dst []byte, w []uint64)          { words.Text(dst, w) }
func (plain) newMultiplier() multiplier            { return new(ntt.Multiplier) }
func (plain) release()                             {}
