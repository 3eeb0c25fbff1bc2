package system

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// programs is the folder of the programs under test.
var programs string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "pisano-system-")
	if err == nil {
		programs = folder
		err = errors.Join(os.Chmod(folder, 0o755), build(folder)) // other users may run them, too
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	servers.Main(m, func() { _ = os.RemoveAll(programs) })
}

func build(folder string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*servers.HangTimeout) // with the race detector, from nothing
	defer cancel()
	for _, program := range []string{"api", "worker"} {
		command := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(folder, program), "github.com/pisano-dev/pisano/cmd/"+program)
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%s is not built: %w\n%s", program, err, output)
		}
	}
	return nil
}
