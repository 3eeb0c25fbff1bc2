package porttest_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wrongImplementation names the implementation that a process of its own tests.
const wrongImplementation = "PISANO_TEST_WRONG_IMPLEMENTATION"

// TestSuites_FailWrongImplementationsQuickly runs the suites on implementations that
// break the contract, each in a process of its own: it must fail, say what the
// contract is, and take neither long nor much memory.
func TestSuites_FailWrongImplementationsQuickly(t *testing.T) {
	t.Parallel()
	if name := os.Getenv(wrongImplementation); name != "" {
		t.Cleanup(func() {
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			fmt.Printf("memory: %d MiB\n", memory.Sys>>20)
		})
		wrongs[name].test(t)
		return
	}
	for name, wrong := range wrongs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSuites_FailWrongImplementationsQuickly$", "-test.timeout=2m")
			child.Env = append(os.Environ(), wrongImplementation+"="+name, "GOMAXPROCS=2") // the more run at a time, the more memory they take
			begin := time.Now()
			out, err := child.CombinedOutput()
			took := time.Since(begin).Round(time.Millisecond)
			if err == nil {
				t.Fatal("it passes")
			}
			if !strings.Contains(string(out), wrong.says) {
				t.Errorf("the report does not say %q:\n%.5000s", wrong.says, out)
			}
			peak := regexp.MustCompile(`memory: (\d+) MiB`).FindSubmatch(out)
			if peak == nil {
				t.Fatalf("it did not come to its end within %v:\n%.5000s", took, out)
			}
			if size, err := strconv.Atoi(string(peak[1])); err != nil || size > 256 {
				t.Errorf("it took %s MiB of memory", peak[1])
			}
			if len(out) > 1<<20 {
				t.Errorf("the report has %d bytes", len(out))
			}
			t.Logf("failed after %v, with %s MiB of memory", took, peak[1])
		})
	}
}

// wrong is an implementation that breaks the contract: what the suite says of it,
// and the suite run on it.
type wrong struct {
	says string
	test func(t *testing.T)
}

// wrongs are the implementations by name. Those of each port have a file of their
// own.
var wrongs = func() map[string]wrong {
	all := make(map[string]wrong)
	for _, port := range []map[string]wrong{
		wrongStores, wrongPruners, wrongCaches, wrongQueues, wrongRegistries, wrongEvents, wrongCalculators,
	} {
		maps.Copy(all, port)
	}
	return all
}()
