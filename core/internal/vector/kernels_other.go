//go:build !amd64 || purego

package vector

// Available is false: this machine cannot run the kernels, which panic.
const Available = false

func split4(*constants, *uint64, int, int, *record)                  { unavailable() }
func split4To(*constants, *uint64, int, *uint64, int, int, *record)  { unavailable() }
func split4Lanes(*constants, *uint64, int, *rowRecord)               { unavailable() }
func join4(*constants, *uint64, int, int, *record)                   { unavailable() }
func join4From(*constants, *uint64, int, *uint64, int, int, *record) { unavailable() }
func join4Lanes(*constants, *uint64, int, *rowRecord)                { unavailable() }
func split2(*constants, *uint64, *uint64, int, *factor)              { unavailable() }
func join2(*constants, *uint64, *uint64, int, *factor)               { unavailable() }
func linear2(*constants, *uint64, *uint64, *uint64, int, *[2]factor) { unavailable() }
func product(*constants, *uint64, *uint64, int)                      { unavailable() }
func square(*constants, *uint64, *uint64, int)                       { unavailable() }
func doubleDown(*constants, *uint64, *uint64, int)                   { unavailable() }
func doubleUp(*constants, *uint64, *uint64, int)                     { unavailable() }
func doubleEven(*constants, *uint64, *uint64, int)                   { unavailable() }
func doubleOdd(*constants, *uint64, *uint64, int)                    { unavailable() }
func text(*byte, *uint64, int)                                       { unavailable() }

func splitLeaves(*constants, *laneRoots, *uint64, int, *factor, *factor, *factor, *leafRecord) {
	unavailable()
}

func joinLeaves(*constants, *laneRoots, *uint64, int, *factor, *factor, *factor, *leafRecord) {
	unavailable()
}

func residues(*[primeCount]constants, *uint64, int, *uint64, int) { unavailable() }

func first4(*[primeCount]constants, *uint64, int, int, *uint64, *uint64, int) { unavailable() }

func first8(*[primeCount]constants, *[primeCount]record, *uint64, int, int, *uint64, *uint64, *uint64, *uint64, int) {
	unavailable()
}

func recombine19(*recombination, *uint64, int, *uint64, int, *[2]uint64) { unavailable() }
func recombine18(*recombination, *uint64, int, *uint64, int, *[2]uint64) { unavailable() }

func unavailable() { panic("vector: not available on this machine") }
