package app

import (
	"io"
	"os"
	"strings"
	"testing"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// runMain runs Main with arguments separated by spaces. It replaces the standard
// streams, so its tests are not parallel.
func runMain(t *testing.T, arguments string) (code int, stdout, stderr string) {
	t.Helper()
	streams := []**os.File{&os.Stdout, &os.Stderr}
	texts := make([]chan string, len(streams))
	var ends []*os.File
	for i, stream := range streams {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		original := *stream
		defer func() { *stream = original }()
		*stream, texts[i], ends = w, make(chan string, 1), append(ends, w)
		go func() {
			text, _ := io.ReadAll(r)
			texts[i] <- string(text)
		}()
	}
	code = Main(strings.Fields(arguments), config.API, func(config.Config) fx.Option {
		t.Errorf("%q starts the program", arguments)
		return fx.Options()
	})
	for _, end := range ends {
		_ = end.Close()
	}
	return code, <-texts[0], <-texts[1]
}

func TestMain_HelpIsPrintedWhereItIsRequested(t *testing.T) {
	t.Setenv("PISANO_DATA", t.TempDir()+"/pisano.db")
	for _, arguments := range []string{"--help", "-h", "-help", "backup --help", "restore -h", "restore --overwrite --help"} {
		if code, stdout, stderr := runMain(t, arguments); code != 0 || stdout != usage || stderr != "" {
			t.Errorf("%s: %d, %q, %q", arguments, code, stdout, stderr)
		}
	}
}

func TestMain_NamesTheArgumentsItRefuses(t *testing.T) {
	t.Setenv("PISANO_DATA", t.TempDir()+"/pisano.db")
	for _, arguments := range []string{"--port 80", "serve", "health now", "backup", "backup a b", "backup --quiet", "restore --force", "restore --overwrite", "restore a --overwrite"} {
		code, stdout, stderr := runMain(t, arguments)
		if code != 2 || stdout != "" || !strings.Contains(stderr, arguments+".\n") || !strings.HasSuffix(stderr, usage) {
			t.Errorf("%s: %d, %q, %q", arguments, code, stdout, stderr)
		}
	}
}
