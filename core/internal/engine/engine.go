// Package engine chooses how long numbers are multiplied on this machine: by
// plain Go, everywhere, or by vector instructions where the processor has them.
// All engines give the same words.
package engine

import (
	"os"
	"strings"

	"github.com/pisano-dev/pisano/core/internal/ntt"
)

// Engine is a way to multiply long numbers and to make text of them. It is safe
// for concurrent use.
type Engine interface {
	// Name is the value of PISANO_ENGINE that chooses the engine.
	Name() string

	// PointDigits returns how many digits a point may have, so that numbers of
	// so many digits can be multiplied, or 0 if they are too long.
	PointDigits(digits int64) int
	// MaxPoints is how many points a product may have.
	MaxPoints() int
	// ShortWords is how many words the shorter factor of a product has, up to
	// which package words multiplies faster.
	ShortWords() int
	// PairWords is the same where two results are made of a pair of numbers.
	PairWords() int

	// Cost, ConvertCost and TextCost return what a multiplication, a conversion
	// and a text cost, in units that take about the same time.
	Cost(form ntt.Form, points int) int64
	ConvertCost(points int) int64
	// Parallel reports whether products of so many points are shared out among
	// processors.
	Parallel(points int) bool
	// Bytes returns how much memory a Multiplier takes for products of so many
	// points.
	Bytes(points int) int64

	// Text sets dst to the digits of words, least significant first, 19 each.
	Text(dst []byte, words []uint64)

	newMultiplier() multiplier
	// release lets go of what multipliers share.
	release()
}

// Multiplier multiplies numbers in points: see ntt.Multiplier.
type Multiplier interface {
	Reserve(points int)
	Multiply(form ntt.Form, dst, dst1, a, b []uint64) bool
	Convert(dst []uint64, to int, src []uint64, from int) bool
}

// multiplier is a Multiplier that can be used again.
type multiplier interface {
	Multiplier
	// Begin prepares for numbers in points of so many digits; see
	// ntt.Multiplier.Step.
	Begin(digits int, step func(work int64) bool)
	// End gives back all but memory.
	End()
	// KeptBytes returns how much memory it keeps.
	KeptBytes() int64
}

// Variable is the environment variable that chooses an engine by its name.
const Variable = "PISANO_ENGINE"

// Known are the names of all engines, the fastest first.
var Known = []string{"ifma", "purego"}

var (
	available = []Engine{plain{}}
	chosen    Engine
)

func init() {
	if vectorAvailable {
		available = []Engine{vector{}, plain{}}
	}
	chosen = available[0]
	if e := Named(strings.TrimSpace(os.Getenv(Variable))); e != nil {
		chosen = e
	}
}

// Available returns the engines that this machine runs, the fastest first.
func Available() []Engine { return available }

// Named returns the engine of the given name, or nil if this machine does not
// run it.
func Named(name string) Engine {
	for _, e := range available {
		if e.Name() == name {
			return e
		}
	}
	return nil
}

// Chosen returns the engine of this process: the fastest, unless the environment
// says otherwise.
func Chosen() Engine { return chosen }

// For returns e, or, if numbers of so many digits are too long for it, the one
// that multiplies the longest.
func For(e Engine, digits int64) Engine {
	if e.PointDigits(digits) == 0 {
		return plain{}
	}
	return e
}
