package fibonacci_test

import (
	"context"
	"fmt"
	"os"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

func ExampleText() {
	text, err := fibonacci.Text(context.Background(), -100)
	fmt.Println(text, err)
	// Output: -354224848179261915075 <nil>
}

func ExampleNumber() {
	f, err := fibonacci.Number(context.Background(), -8)
	fmt.Println(f, f.Sign(), f.Abs(), err)
	// Output: -21 -1 21 <nil>
}

// Each number is the sum of the two before it.
func ExampleRange() {
	numbers, err := fibonacci.Range(context.Background(), -4, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	for n, f := range numbers {
		fmt.Printf("F(%d) = %d\n", n, f)
	}
	// Output:
	// F(-4) = -3
	// F(-3) = 2
	// F(-2) = -1
	// F(-1) = 1
	// F(0) = 0
	// F(1) = 1
	// F(2) = 1
	// F(3) = 2
	// F(4) = 3
	// F(5) = 5
}

// A calculation on two processors, in 100 MB.
func ExampleCalculator() {
	calculator := fibonacci.Calculator{}.WithParallelism(2).WithMemoryLimit(100_000_000)
	fmt.Println(calculator.PeakBytes(1_000_000) < 100_000_000)
	f, err := calculator.Number(context.Background(), 1_000_000)
	fmt.Println(f.Abs().DigitCount(), err)
	_, err = calculator.Number(context.Background(), 1_000_000_000)
	fmt.Println(core.KindOf(err))
	// Output:
	// true
	// 208988 <nil>
	// too large
}

func ExampleBig() {
	f, err := fibonacci.Big(context.Background(), 300)
	fmt.Println(f.BitLen(), err)
	// Output: 208 <nil>
}

func ExampleWrite() {
	if _, err := fibonacci.Write(context.Background(), os.Stdout, 187); err != nil {
		fmt.Println(err)
	}
	// Output: 538522340430300790495419781092981030533
}

// The cost of a slice of digits depends on its length, not on that of the number.
func ExampleMagnitude() {
	f, err := fibonacci.Magnitude(context.Background(), 100_000)
	if err != nil {
		fmt.Println(err)
		return
	}
	digits := f.DigitCount()
	fmt.Printf("%s … %s\n", f.AppendDigits(nil, 0, 10), f.AppendDigits(nil, digits-10, 10))
	// Output: 2597406934 … 3428746875
}

func ExampleDigitCount() {
	fmt.Println(fibonacci.DigitCount(9_007_199_254_740_991))
	// Output: 1882393317509687
}

func ExampleMod() {
	fmt.Println(fibonacci.Mod(1_000_000_000_000, 1_000_000_007))
	// Output: 730695249
}
