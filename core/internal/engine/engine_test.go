package engine

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// The output tells which engines the tests on this machine cover.
func TestEngines_OfThisMachineAreKnown(t *testing.T) {
	t.Parallel()
	var names, missing []string
	for _, e := range Available() {
		names = append(names, e.Name())
	}
	for _, name := range Known {
		if Named(name) == nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		missing = []string{"none"}
	}
	fmt.Printf("engine: %s runs %s; not tested here: %s\n", runtime.GOARCH, strings.Join(names, ", "), strings.Join(missing, ", "))
	for _, name := range names {
		if !slices.Contains(Known, name) {
			t.Errorf("%s runs and is not known", name)
		}
	}
	if !slices.Contains(names, "purego") {
		t.Error("plain Go does not run")
	}
}

// The environment is read once, so that each value needs a process.
func TestEngine_IsChosenByTheEnvironment(t *testing.T) {
	t.Parallel()
	const child = "TEST_ENGINE_CHILD"
	if os.Getenv(child) != "" {
		fmt.Println("chosen:", Chosen().Name())
		return
	}
	fastest := Available()[0].Name()
	want := map[string]string{"": fastest, "no such engine": fastest}
	for _, e := range Available() {
		want[e.Name()] = e.Name()
	}
	for value, name := range want {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEngine_IsChosenByTheEnvironment$", "-test.v")
		cmd.Env = append(os.Environ(), child+"=1", Variable+"="+value)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "chosen: "+name+"\n") {
			t.Errorf("%s=%q: %v, want %s in\n%s", Variable, value, err, name, out)
		}
	}
}
