// Package engine selects how this machine multiplies long numbers: in plain Go,
// or with vector instructions if the processor has them. All engines return the
// same words.
package engine

import (
	"os"
	"strings"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/vector"
)

// Engine is a method to multiply long numbers and to format them. It is safe for
// concurrent use.
type Engine interface {
	// Name returns the value of PISANO_ENGINE that selects the engine.
	Name() string

	// PointDigits returns the largest number of digits in a point with which
	// numbers of the given number of digits can be multiplied, or 0 if they are
	// too long for the engine.
	PointDigits(digits int64) int
	// MaxPoints returns the largest number of points of a product.
	MaxPoints() int
	// ShortWords returns the length in words of the shorter factor up to which
	// package words multiplies faster.
	ShortWords() int
	// PairWords returns the same for a form with two operands and two results.
	PairWords() int

	// Cost and ConvertCost return the cost of a multiplication and of a
	// conversion, in units that take about the same time.
	Cost(form ntt.Form, points int) int64
	ConvertCost(points int) int64
	// Parallel reports whether products of the given number of points run on all
	// processors in a calculation whose largest product has the given number.
	Parallel(points, largest int) bool
	// Bytes returns the memory that a Multiplier needs for products of the given
	// number of points.
	Bytes(points int) int64

	// Text sets dst to the decimal digits of words, which are in ascending order
	// of significance: 19 digits each, most significant first.
	Text(dst []byte, words []uint64)

	newMultiplier() multiplier
	// release frees the memory that multipliers share.
	release()
}

// Multiplier multiplies numbers given as points: see ntt.Multiplier.
type Multiplier interface {
	Reserve(points int)
	Multiply(form ntt.Form, dst, dst1, a, b []uint64) bool
	Convert(dst []uint64, to int, src []uint64, from int) bool
	// Run runs other tasks of the calculation.
	Run(tasks int, work int64, do func(task int)) bool
}

// multiplier is a Multiplier that is used for one calculation after the other.
type multiplier interface {
	Multiplier
	// Begin starts a calculation with points of the given number of digits; see
	// ntt.Multiplier.Begin.
	Begin(digits, processors int, step func(work int64) bool)
	// End ends the calculation. The multiplier keeps its memory.
	End()
	// KeptBytes returns the size of that memory.
	KeptBytes() int64
}

// Variable is the environment variable that selects an engine by its name.
const Variable = "PISANO_ENGINE"

// Known are the names of all engines, the fastest first.
var Known = []string{"ifma", "avx2", "purego"}

var (
	available = []Engine{plain{}}
	chosen    Engine
)

func init() {
	for _, set := range []*vector.Instructions{vector.AVX2, vector.IFMA} {
		if set.Available() {
			available = append([]Engine{vectors{set}}, available...)
		}
	}
	chosen = available[0]
	if e := Named(strings.TrimSpace(os.Getenv(Variable))); e != nil {
		chosen = e
	}
}

// Available returns the engines that this machine can run, the fastest first.
func Available() []Engine { return available }

// Named returns the engine of the given name, or nil if this machine cannot run
// it.
func Named(name string) Engine {
	for _, e := range available {
		if e.Name() == name {
			return e
		}
	}
	return nil
}

// Chosen returns the engine of this process: the one named by the environment
// variable, or else the fastest.
func Chosen() Engine { return chosen }

// For returns e, or plain Go, which multiplies the longest numbers, if numbers of
// the given number of digits are too long for e.
func For(e Engine, digits int64) Engine {
	if e.PointDigits(digits) == 0 {
		return plain{}
	}
	return e
}
