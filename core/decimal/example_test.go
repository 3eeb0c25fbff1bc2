package decimal_test

import (
	"encoding/json"
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

// In JSON a number is a string.
func ExampleNatural() {
	var value struct{ Value decimal.Natural }
	if err := json.Unmarshal([]byte(`{"Value": "354224848179261915075"}`), &value); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d has %d digits\n", value.Value, value.Value.DigitCount())
	data, err := json.Marshal(value)
	fmt.Printf("%s %v\n", data, err)
	// Output:
	// 354224848179261915075 has 21 digits
	// {"Value":"354224848179261915075"} <nil>
}

func ExampleInt() {
	x, y := decimal.NewInt(-21), decimal.NewInt(13)
	quotient, remainder := x.QuoRem(y)
	fmt.Println(x.Add(y), x.Mul(y), quotient, remainder, x.Mod(13))
	fmt.Printf("%6d|%-6d|%06d|%+d\n", x, x, x, y)
	// Output:
	// -8 -273 -1 -8 5
	//    -21|-21   |-00021|+13
}

func ExampleInt_Scan() {
	var n int
	var f decimal.Int
	_, err := fmt.Sscanf("F(-8) = -21", "F(%d) = %d", &n, &f)
	fmt.Println(n, f, err)
	// Output: -8 -21 <nil>
}

// The words are the digits in base 10^19.
func ExampleFromWords() {
	fmt.Println(decimal.FromWords([]uint64{5, 1}))

	defer func() { fmt.Println(recover()) }()
	decimal.FromWords([]uint64{1 << 63, decimal.Base})
	// Output:
	// 10000000000000000005
	// decimal: word 1 is 10000000000000000000, not below Base
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

func ExampleNatural_QuoRem() {
	googol := decimal.FromUint64(10).Exp(100)
	quotient, remainder := googol.QuoRem(decimal.FromUint64(2).Exp(300))
	fmt.Println(quotient, remainder.DigitCount())
	// Output: 4909093465 90
}
