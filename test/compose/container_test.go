package compose

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What tests start runs on the engine of the host, which mounts the files of the repository from the paths that the host has them at.
func TestDevelopmentContainer_SeesTheRepositoryWhereTheHostHasIt(t *testing.T) {
	t.Parallel()
	const file = ".devcontainer/devcontainer.json"
	text := regexp.MustCompile(`(?m)^\s*//.*$`).ReplaceAllString(read(t, file), "")
	var container struct {
		Build           struct{ Dockerfile string }
		Mounts          []string
		WorkspaceMount  string
		WorkspaceFolder string
	}
	if err := json.Unmarshal([]byte(text), &container); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, filepath.Dir(file), container.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	folder := container.WorkspaceFolder
	if want := "source=" + folder + ",target=" + folder + ",type=bind"; folder == "" || container.WorkspaceMount != want {
		t.Errorf("the repository is at %q: %s", folder, container.WorkspaceMount)
	}
	for _, path := range []string{"/var/run/docker.sock", "/tmp"} { // as in make ci-test
		if !slices.Contains(container.Mounts, "source="+path+",target="+path+",type=bind") || !strings.Contains(read(t, "Makefile"), "-v "+path+":"+path+" ") {
			t.Errorf("%s is not mounted from the host", path)
		}
	}
}
