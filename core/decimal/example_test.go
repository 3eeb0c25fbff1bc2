package decimal_test

import (
	"fmt"

	"github.com/pisano-dev/pisano/core/decimal"
)

func ExampleNatural_Mul() {
	x, err := decimal.Parse("11111111111111111111")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x.Mul(x))
	// Output: 123456790123456790120987654320987654321
}

func ExampleNatural_AppendDigits() {
	x := decimal.FromUint64(1234567890)
	fmt.Printf("%s of %d\n", x.AppendDigits(nil, 3, 4), x.DigitCount())
	// Output: 4567 of 10
}

// Digits of a stored number are read from the chunks that hold them.
func ExampleChunked() {
	x := decimal.FromUint64(1234567890)
	var chunks [][]byte
	for k := range x.ChunkCount() {
		chunks = append(chunks, x.AppendChunk(nil, 1, k))
	}
	stored := decimal.Chunked{
		Tag:    1,
		Digits: x.DigitCount(),
		Fetch:  func(k int) ([]byte, error) { return chunks[k], nil },
	}
	digits, err := stored.AppendDigits(nil, 3, 4)
	fmt.Printf("%s %v\n", digits, err)

	stored.Tag = 2 // the tag of another number
	_, err = stored.AppendDigits(nil, 3, 4)
	fmt.Println(err)
	// Output:
	// 4567 <nil>
	// decimal: stored number is corrupt: the checksum of chunk 0 does not match
}
