package telemetry_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
)

func TestBuild_NamesRevisionGoAndPlatform(t *testing.T) {
	t.Parallel()
	got := telemetry.Build()
	if !strings.HasPrefix(got, "Pisano ") || !strings.Contains(got, ", revision ") || !strings.HasSuffix(got, runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH) {
		t.Errorf("the line is %q", got)
	}
}
