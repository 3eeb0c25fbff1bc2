package fibonacci_test

import (
	"context"
	"fmt"
	"math/big"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// googol returns 10^100.
func googol() *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(100), nil) }

func ExampleAt() {
	f, err := fibonacci.At(googol())
	if err != nil {
		fmt.Println(err)
		return
	}
	leading, _ := f.Leading(20)
	trailing, _ := f.Trailing(20)
	fmt.Printf("%s … %s, even: %v\n", leading, trailing, f.Even())
	// Output: 62449911286460687648 … 59183788299560546875, even: false
}

func ExampleLucasAt() {
	l, err := fibonacci.LucasAt(big.NewInt(100))
	if err != nil {
		fmt.Println(err)
		return
	}
	number, err := l.Number(context.Background())
	fmt.Println(l, number, err)
	// Output: L(100) 792070839848372253127 <nil>
}

func ExampleTerm_DigitCount() {
	f, _ := fibonacci.At(googol())
	fmt.Println(f.DigitCount())
	// Output: 2089876402499787337692720892375554168224592399182109535392875613974104853496745963277658556235103535
}

func ExampleTerm_Scientific() {
	f, _ := fibonacci.At(big.NewInt(1_000_000_000))
	s, err := f.Scientific(10)
	fmt.Println(s, err)
	// Output: 7.952317875e+208987639 <nil>
}

// The last ten digits of the billionth Fibonacci number.
func ExampleTerm_Trailing() {
	f, _ := fibonacci.At(big.NewInt(1_000_000_000))
	digits, err := f.Trailing(10)
	fmt.Println(digits, err)
	// Output: 1560546875 <nil>
}

func ExampleTerm_Mod() {
	f, _ := fibonacci.At(googol())
	r, err := f.Mod(big.NewInt(97))
	fmt.Println(r, err)
	// Output: 79 <nil>
}

func ExampleTerm_Steps() {
	f, _ := fibonacci.At(big.NewInt(10))
	steps, _ := f.Steps(big.NewInt(100))
	for step := range steps {
		fmt.Println(step)
	}
	// Output:
	// F(1) = 1, F(2) = 1
	// F(2) = 1, F(3) = 2
	// F(5) = 5, F(6) = 8
	// F(10) = 55, F(11) = 89
}

func ExampleTerm_SmallPrimeFactors() {
	f, _ := fibonacci.At(googol())
	fmt.Println(f.SmallPrimeFactors()[:5])
	// Output: [3 5 7 11 41]
}

func ExampleTerm_Divisors() {
	f, _ := fibonacci.At(big.NewInt(30))
	fmt.Println(f.Divisors())
	// Output: [1 2 3 5 6 10 15 30] <nil>
}

func ExampleTerm_Primality() {
	for _, n := range []int64{81_839, 1_968_721, 1_000_003, 1000} {
		f, _ := fibonacci.At(big.NewInt(n))
		p := f.Primality()
		fmt.Printf("%v: %v. %s\n", f, p.Verdict, p.Reason)
	}
	// Output:
	// F(81839): prime. F(81839) is proven to be prime: OEIS A001605 of 30 October 2024.
	// F(1968721): probable prime. F(1968721) passes the tests of primality, but is not in the list of proofs: OEIS A001605 of 30 October 2024.
	// F(1000003): composite. All primes F(n) up to n = 3340367 are known: OEIS A001605 of 30 October 2024. This is not one of them.
	// F(1000): composite. F(n/2) divides F(n).
}

func ExampleGCD() {
	d, err := fibonacci.GCD(big.NewInt(10_000), big.NewInt(15_000))
	fmt.Println(d, err)
	// Output: F(5000) <nil>
}

func ExamplePisanoPeriod() {
	p, err := fibonacci.PisanoPeriod(context.Background(), big.NewInt(1_000_000))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Period, p.Rank, p.Ratio)
	for _, f := range p.Factors {
		fmt.Println(f, f.Period)
	}
	// Output:
	// 1500000 750000 2
	// 2^6 96
	// 5^6 62500
}

func ExampleCycle() {
	for f := range fibonacci.Cycle(4) {
		fmt.Print(f, " ")
	}
	// Output: 0 1 1 2 3 1
}

// 832040 is a Fibonacci number.
func ExampleInverse() {
	for _, x := range []int64{832_040, 1, 100} {
		p, err := fibonacci.Inverse(context.Background(), decimal.NewInt(x))
		fmt.Println(p.Indices, p.Below, p.Above, err)
	}
	// Output:
	// [30] 29 31 <nil>
	// [-1 1 2] 0 3 <nil>
	// [] 11 12 <nil>
}

func ExampleZeckendorf() {
	fmt.Println(fibonacci.Zeckendorf(big.NewInt(100))) // 89 + 8 + 3
	// Output: [11 6 4] <nil>
}
