package fibonacci

import (
	"math/big"
	"testing"
)

// BenchmarkExplorer measures the most expensive arguments that are common. Facts is
// all that is known of a term.
func BenchmarkExplorer(b *testing.B) {
	n := largest()
	term := Term{n: n}
	semiprime := new(big.Int).Mul(big.NewInt(4_294_967_279), big.NewInt(4_294_967_291))
	below := new(big.Int).Sub(n, big.NewInt(1))
	long, err := Number(b.Context(), 4_000_000)
	if err != nil {
		b.Fatal(err)
	}
	for name, work := range map[string]func() error{
		"Leading":           func() error { _, err := term.Leading(50); return err },
		"Leading/1000":      func() error { _, err := term.Leading(MaxDigits); return err },
		"Trailing":          func() error { _, err := term.Trailing(50); return err },
		"Trailing/1000":     func() error { _, err := term.Trailing(MaxDigits); return err },
		"Mod":               func() error { _, err := term.Mod(big.NewInt(97)); return err },
		"Mod/largest":       func() error { _, err := term.Mod(n); return err },
		"DigitCount":        func() error { term.DigitCount(); return nil },
		"Primality":         func() error { term.Primality(); return nil },
		"Primality/below":   func() error { (Term{n: below}).Primality(); return nil },
		"SmallPrimeFactors": func() error { term.SmallPrimeFactors(); return nil },
		"Facts": func() error {
			term.DigitCount()
			term.Primality()
			term.SmallPrimeFactors()
			if _, err := term.Leading(50); err != nil {
				return err
			}
			_, err := term.Trailing(50)
			return err
		},
		"PisanoPeriod": func() error { _, err := PisanoPeriod(b.Context(), semiprime); return err },
		"Inverse":      func() error { _, err := Inverse(b.Context(), long); return err },
		"Zeckendorf":   func() error { _, err := Zeckendorf(below); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := work(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
