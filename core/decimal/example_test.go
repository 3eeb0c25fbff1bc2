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

// A slice of a stored number is read from the chunks that hold it.
func ExampleSlice() {
	const tag = 1 // says what the number is: a chunk of another is refused
	x := decimal.FromUint64(1234567890)
	chunks := [][]byte{x.AppendChunk(nil, tag, 0)}
	fetch := func(k int) ([]byte, error) { return chunks[k], nil }

	text, err := decimal.Slice(nil, tag, x.DigitCount(), 3, 4, fetch)
	fmt.Printf("%s %v\n", text, err)

	_, err = decimal.Slice(nil, tag+1, x.DigitCount(), 3, 4, fetch)
	fmt.Println(err)
	// Output:
	// 4567 <nil>
	// decimal: the stored number is damaged: chunk 0 has another checksum
}
