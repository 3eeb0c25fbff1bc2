package pisano_test

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

// power returns 10^k.
func power(k int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(k), nil) }

func TestExplorer_AnswersPrintInWords(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	ctx := callContext(t)
	fibonacci := func(n int64) *big.Int {
		a, b := big.NewInt(0), big.NewInt(1)
		for range n {
			a.Add(a, b)
			a, b = b, a
		}
		return a
	}
	for want, call := range map[string]func() (fmt.Stringer, error){
		"F(-10) = -55":           func() (fmt.Stringer, error) { return api.Facts(ctx, big.NewInt(-10)) },
		"F(10) mod 7 = 6":        func() (fmt.Stringer, error) { return api.Remainder(ctx, big.NewInt(10), big.NewInt(7)) },
		"π(10) = 60, α(10) = 15": func() (fmt.Stringer, error) { return api.Period(ctx, big.NewInt(10)) },
		"F(-1) = F(1) = F(2)":    func() (fmt.Stringer, error) { return api.Inverse(ctx, big.NewInt(1)) },
		"F(10000)":               func() (fmt.Stringer, error) { return api.Inverse(ctx, fibonacci(10_000)) },
		"between F(11) and F(12)": func() (fmt.Stringer, error) {
			return api.Inverse(ctx, big.NewInt(100))
		},
		"100 = F(11) + F(6) + F(4)": func() (fmt.Stringer, error) { return api.Zeckendorf(ctx, big.NewInt(100)) },
		"0 is the empty sum":        func() (fmt.Stringer, error) { return api.Zeckendorf(ctx, big.NewInt(0)) },
		"F(" + power(100).String() + ") = 62449911286460687648878500661305504667308009753460…" +
			"32259930505954326207529447856359183788299560546875, " +
			"2089876402499787337692720892375554168224592399182109535392875613974104853496745963277658556235103535 digits": func() (fmt.Stringer, error) {
			return api.Facts(ctx, power(100))
		},
	} {
		if got, err := call(); err != nil || got.String() != want {
			t.Errorf("%v, %v, want %s", got, err, want)
		}
	}
	for index, err := range api.Indices(ctx) {
		t.Errorf("recorded: %v, %v", index, err)
	}
}

func TestFacts_HaveNoPointers(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	facts, err := api.Facts(callContext(t), big.NewInt(30))
	if err != nil {
		t.Fatal(err)
	}
	if facts.Number.Primality.Verdict != pisano.PrimalityVerdictComposite || facts.Number.Primality.Divisor == "" || facts.Number.Leading != "" ||
		facts.Lucas.Value != "1860498" || len(facts.Divisors) != 8 || len(facts.SmallPrimeFactors) == 0 {
		t.Errorf("%+v", facts)
	}
}

func TestNumbers_YieldsARange(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	var all []string
	for number, err := range api.Numbers(callContext(t), -2, 3) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, number.String())
	}
	if got := strings.Join(all, ", "); got != "F(-2) = -1, F(-1) = 1, F(0) = 0, F(1) = 1, F(2) = 1, F(3) = 2" {
		t.Error(got)
	}
}

// A connection that ends where the answer may end looks like the end of the answer.
func TestNumbers_AnAnswerThatIsCutOffIsAnError(t *testing.T) {
	t.Parallel()
	const first, second = `{"index":1,"value":"1","digitCount":1,"ratio":null}`, `{"index":2,"value":"1","digitCount":1,"ratio":1}`
	for name, c := range map[string]struct {
		text string
		rows int
		says string
	}{
		"nothing":         {"", 0, "ends before F(1)"},
		"a line":          {first + "\n", 1, "ends before F(2)"},
		"a line and half": {first + "\n" + second[:20], 1, "unexpected EOF"},
		"two of three":    {first + "\n" + second + "\n", 2, "ends before F(3)"},
		"another range":   {second + "\n", 0, "F(2) in the place of F(1)"},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/x-ndjson")
			_, _ = io.WriteString(w, c.text)
		}))
		t.Cleanup(s.Close)
		api, err := pisano.New(s.URL, pisano.WithRetry(0))
		if err != nil {
			t.Fatal(err)
		}
		rows, last := 0, error(nil)
		for _, err := range api.Numbers(callContext(t), 1, 3) {
			if last = err; err == nil {
				rows++
			}
		}
		if last == nil || rows != c.rows || !strings.Contains(last.Error(), c.says) {
			t.Errorf("%s: %d rows, then %v", name, rows, last)
		}
	}
}

func TestNumbers_EndsWithTheLoop(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	read := 0
	for number, err := range api.Numbers(callContext(t), 0, 9000) {
		if err != nil || number.Index != int64(read) {
			t.Fatalf("%v, %v", number, err)
		}
		if read++; read == 10 {
			break
		}
	}
	if read != 10 {
		t.Errorf("%d numbers", read)
	}
}

func TestExplorer_RefusalsAreProblems(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	ctx := callContext(t)
	for name, call := range map[string]func() error{
		"an index beyond 10^1000": func() error { _, err := api.Facts(ctx, power(1001)); return err },
		"a modulus of 0":          func() error { _, err := api.Remainder(ctx, big.NewInt(1), big.NewInt(0)); return err },
		"a period of 0":           func() error { _, err := api.Period(ctx, big.NewInt(0)); return err },
		"a negative sum":          func() error { _, err := api.Zeckendorf(ctx, big.NewInt(-1)); return err },
		"more than 10 MB": func() (last error) {
			for _, last = range api.Numbers(ctx, 0, 1_000_000) {
			}
			return last
		},
	} {
		var problem *pisano.ProblemError
		if err := call(); !errors.As(err, &problem) || problem.Status != 422 || len(problem.Errors) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
