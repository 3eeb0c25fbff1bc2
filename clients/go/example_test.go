package pisano_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestExample_Runs(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	output, err := exec.CommandContext(t.Context(), "go", "run", "./example", s.url+"/api", "1000").CombinedOutput()
	if err != nil || !strings.HasSuffix(string(output), "F(1000) has 209 digits. It begins with 43466557686937456435.\n") {
		t.Errorf("%v: %s", err, output)
	}
}

func TestREADME_HasTheExampleOfMany(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("example/many/main.go")
	if err != nil || !strings.Contains(string(readme), string(example)) {
		t.Errorf("the README has another program than the example: %v", err)
	}
}
