package main

import (
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// The vocabulary of IFMA: vectors of eight words.

const vectorBytes = 64

type (
	vec  = reg.VecVirtual
	gpr  = reg.Register
	mask = reg.OpmaskVirtual
)

// factor is a constant with its quotient: vectors in registers or memory.
type factor struct{ w, q Op }

// kernel begins a kernel of IFMA.
func kernel(name, signature, doc string) {
	kernelOf("ifma", name, signature)
	Doc(doc)
}

// kernelOf begins a kernel of a set of instructions.
func kernelOf(set, name, signature string) {
	TEXT(set+strings.ToUpper(name[:1])+name[1:], NOSPLIT, signature)
}

func param(name string) gpr { return Load(Param(name), GP64()) }

func end() {
	VZEROUPPER()
	RET()
}

// word returns the address of the i-th word at base.
func word(base gpr, i int) Mem { return Mem{Base: base, Disp: 8 * i} }

// lane returns the address of the i-th vector at base.
func lane(base gpr, i int) Mem { return Mem{Base: base, Disp: vectorBytes * i} }

// at returns the address index bytes after base.
func at(base, index gpr) Mem { return Mem{Base: base, Index: index, Scale: 1} }

func zero() vec {
	z := ZMM()
	clear, err := x86.VPXORQ(z, z, z)
	if err != nil {
		panic(err)
	}
	clear.CancellingInputs = true // z need not be defined before
	Instruction(clear)
	return z
}

func load(m Mem) vec {
	z := ZMM()
	VMOVDQU64(m, z)
	return z
}

func store(x vec, m Mem) { VMOVDQU64(x, m) }

func broadcast(m Mem) vec {
	z := ZMM()
	VPBROADCASTQ(m, z)
	return z
}

// constant returns the word x in all lanes.
func constant(x uint64) vec {
	r, z := GP64(), ZMM()
	MOVQ(U64(x), r)
	VPBROADCASTQ(r, z)
	return z
}

func copyOf(x vec) vec {
	z := ZMM()
	VMOVDQA64(x, z)
	return z
}

// everywhere is a word in memory that an instruction takes for all lanes.
type everywhere struct{ Mem }

// lo adds the lower 52 bits of x·y to sum, hi the upper 52 bits.
func lo(sum, x vec, y Op) {
	if y, ok := y.(everywhere); ok {
		VPMADD52LUQ_BCST(y.Mem, x, sum)
		return
	}
	VPMADD52LUQ(y, x, sum)
}

func hi(sum, x vec, y Op) {
	if y, ok := y.(everywhere); ok {
		VPMADD52HUQ_BCST(y.Mem, x, sum)
		return
	}
	VPMADD52HUQ(y, x, sum)
}

func add(x, y vec) vec {
	z := ZMM()
	VPADDQ(y, x, z)
	return z
}

func sub(x, y vec) vec {
	z := ZMM()
	VPSUBQ(y, x, z)
	return z
}

func and(x, y vec) vec {
	z := ZMM()
	VPANDQ(y, x, z)
	return z
}

func or(x, y vec) vec {
	z := ZMM()
	VPORQ(y, x, z)
	return z
}

func shiftRight(x vec, n uint64) vec {
	z := ZMM()
	VPSRLQ(Imm(n), x, z)
	return z
}

func shiftLeft(x vec, n uint64) vec {
	z := ZMM()
	VPSLLQ(Imm(n), x, z)
	return z
}

// modulus holds what a kernel needs of a prime: see the type constants of the
// package.
type modulus struct {
	base  gpr
	first int // word
}

const modulusWords = 11

func (m modulus) word(i int) vec  { return broadcast(word(m.base, m.first+i)) }
func (m modulus) complement() vec { return m.word(0) }
func (m modulus) times(k int) vec { return m.word(map[int]int{2: 1, 3: 2, 4: 3, 6: 4}[k]) }
func (m modulus) one() vec        { return m.word(5) }
func (m modulus) fold() vec       { return m.word(6) }
func (m modulus) i() factor       { return factor{m.word(7), m.word(8)} }
func (m modulus) p() vec          { return m.word(9) }
func (m modulus) negInverse() vec { return m.word(10) }

// broadcastFactor returns the i-th factor at base for all lanes.
func broadcastFactor(base gpr, i int) factor {
	return factor{broadcast(word(base, 2*i)), broadcast(word(base, 2*i+1))}
}

// factorAt is broadcastFactor, left in memory.
func factorAt(base gpr, i int) factor {
	return factor{everywhere{word(base, 2*i)}, everywhere{word(base, 2*i+1)}}
}

// laneFactor returns the i-th factor at base that differs from lane to lane.
func laneFactor(base gpr, i int) factor {
	return factor{load(lane(base, 2*i)), load(lane(base, 2*i+1))}
}

// laneFactorAt is laneFactor, left in memory.
func laneFactorAt(base gpr, i int) factor { return factor{lane(base, 2*i), lane(base, 2*i+1)} }

// copyOrZero returns a copy of x, or 0 if x is nil.
func copyOrZero(x vec) vec {
	if x == nil {
		return zero()
	}
	return copyOf(x)
}

// times returns x·f, below p(1 + x/2^52); np is 2^52 − p.
func times(x vec, f factor, np vec) vec { return timesAbove(nil, x, f, np) }

// timesAbove returns k + x·f. k is nil for 0.
func timesAbove(k, x vec, f factor, np vec) vec {
	q, r := zero(), copyOrZero(k)
	hi(q, x, f.q)
	lo(r, x, f.w)
	lo(r, q, np)
	return r
}

// times2 returns x·f + y·g, with one quotient for both.
func times2(x vec, f factor, y vec, g factor, np vec) vec {
	q, r := zero(), zero()
	hi(q, x, f.q)
	hi(q, y, g.q)
	lo(r, x, f.w)
	lo(r, y, g.w)
	lo(r, q, np)
	return r
}

// reduce reduces x to below 2p; one is ⌊2^52/p⌋.
func reduce(x, one, np vec) { reduceAbove(nil, x, one, np) }

// reduceAbove reduces x to kp or more and below (k+2)p. negK is −k, or nil for 0: the
// quotient is made too small by k.
func reduceAbove(negK, x, one, np vec) {
	q := copyOrZero(negK)
	hi(q, x, one)
	lo(x, q, np)
}

// minus returns −k in all lanes.
func minus(k uint64) vec { return constant(-k) }

// plusMinus returns x + t and x + k − t. k is nil for 0, if x is not below t.
func plusMinus(x, t, k vec) (sum, difference vec) {
	minuend := x
	if k != nil {
		minuend = add(x, k)
	}
	return add(x, t), sub(minuend, t)
}

// loop repeats body with index running over the given count of bytes by step,
// at least once.
func loop(label string, bytes gpr, step uint64, body func(index gpr)) {
	index := GP64()
	XORQ(index, index)
	Label(label)
	body(index)
	ADDQ(U32(step), index)
	CMPQ(index, bytes)
	JB(LabelRef(label))
}

// repeat does body count times, at least once.
func repeat(label string, count gpr, body func()) {
	Label(label)
	body()
	DECQ(count)
	JNZ(LabelRef(label))
}

// rows returns the addresses of n rows that follow one another at the distance.
func rows(base, distance gpr, n int) []gpr {
	r := []gpr{base}
	for len(r) < n {
		next := GP64()
		LEAQ(Mem{Base: r[len(r)-1], Index: distance, Scale: 1}, next)
		r = append(r, next)
	}
	return r
}

func toBytes(words gpr) { SHLQ(Imm(3), words) }
