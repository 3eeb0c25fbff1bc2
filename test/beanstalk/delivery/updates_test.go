package delivery

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// manager finds versions in files for Renovate.
type manager struct {
	files   []string
	strings []string
	name    string // of what has the version, if the strings do not capture it
}

// ownManagers are those of .github/renovate.json.
func ownManagers(t *testing.T) (all []manager) {
	t.Helper()
	var file struct {
		CustomManagers []struct {
			ManagerFilePatterns []string
			MatchStrings        []string
			DepNameTemplate     string
		}
	}
	if err := json.Unmarshal(read(t, ".github/renovate.json"), &file); err != nil {
		t.Fatal(err)
	}
	for _, custom := range file.CustomManagers {
		all = append(all, manager{custom.ManagerFilePatterns, custom.MatchStrings, custom.DepNameTemplate})
	}
	return all
}

// Renovate's own managers: of Dockerfiles, with the arguments that name base images, and of Compose, which reads the images of services
// that are not built. https://docs.renovatebot.com/modules/manager/dockerfile/ and docker-compose/
var (
	ofDockerfiles = manager{
		files:   []string{"Dockerfile*", "*/Dockerfile*", "*/*/Dockerfile*", "*/*/*/Dockerfile*"},
		strings: []string{`(?m)^ARG \w+_IMAGE=(?<depName>[^:\s]+):(?<currentValue>\S+)$`},
	}
	ofCompose = manager{
		files:   []string{"docker-compose*.yml"},
		strings: []string{`(?m)^ +image: "\$\{\w+:-(?<depName>[^:}]+):(?<currentValue>[^:}]+)\}"$`},
	}
)

// version is a version of something that a manager finds in a file.
type version struct {
	name, value string
	begin, end  int
}

// find returns what a manager finds in a file.
func (m manager) find(t *testing.T, file string) (found []version) {
	t.Helper()
	if !slices.ContainsFunc(m.files, func(pattern string) bool { is, _ := path.Match(pattern, file); return is }) {
		return nil
	}
	text := string(read(t, file))
	for _, one := range m.strings {
		expression := regexp.MustCompile(one)
		name, value := expression.SubexpIndex("depName"), expression.SubexpIndex("currentValue")
		for _, at := range expression.FindAllStringSubmatchIndex(text, -1) {
			v := version{name: m.name, value: text[at[2*value]:at[2*value+1]], begin: at[0], end: at[1]}
			if name >= 0 {
				v.name = text[at[2*name]:at[2*name+1]]
			}
			found = append(found, v)
		}
	}
	return found
}

// tracked returns the files of the repository.
func tracked(t *testing.T) []string {
	t.Helper()
	list, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(list))
}

func TestUpdates_FindWhatNoManagerOfRenovateFinds(t *testing.T) {
	t.Parallel()
	found := map[string][]string{}
	for _, file := range tracked(t) {
		for _, m := range ownManagers(t) {
			for _, v := range m.find(t, file) {
				found[file] = append(found[file], v.name)
			}
		}
	}
	for file, want := range map[string]string{
		"test/bases/prepare":                "postgres redis valkey/valkey", // the newest, not the oldest
		"internal/testkit/docker/images.go": "postgres redis",
		"docker-compose.yml":                "golang node nginx",
		"cmd/api/Dockerfile.dev":            "github.com/air-verse/air",
		"cmd/worker/Dockerfile.dev":         "github.com/air-verse/air",
		"Makefile":                          "node node",
	} {
		if got := strings.Join(found[file], " "); got != want {
			t.Errorf("in %s updates are looked for of %q, not %q", file, got, want)
		}
	}
}

// A pin that one manager finds and that is in another file as well would stay behind there, and the update would fail in tests that compare
// both.
func TestUpdates_ReachEachPlaceOfAnImage(t *testing.T) {
	t.Parallel()
	managers := append(ownManagers(t), ofDockerfiles, ofCompose)
	files := slices.DeleteFunc(tracked(t), func(file string) bool {
		return strings.HasSuffix(file, ".md") || strings.HasSuffix(file, "_test.go")
	})
	found := map[string][]version{}
	pins := map[string]string{} // the names of images
	for _, file := range files {
		for _, m := range managers {
			found[file] = append(found[file], m.find(t, file)...)
		}
		for _, v := range found[file] {
			pins[v.name+":"+v.value] = v.name
		}
	}
	names := slices.Collect(maps.Values(pins))
	for name := range strings.FieldsSeq("golang node nginx postgres redis valkey/valkey caddy prom/prometheus prom/node-exporter prom/blackbox-exporter grafana/grafana") {
		if !slices.Contains(names, name) {
			t.Errorf("no update of %s is looked for", name)
		}
	}
	for _, file := range files {
		text := read(t, file)
		for pin := range pins {
			if !bytes.Contains(text, []byte(pin)) {
				continue
			}
			place := regexp.MustCompile(`(?:^|[^\w./])(` + regexp.QuoteMeta(pin) + `)(?:$|[^\w.-])`)
			for _, at := range place.FindAllSubmatchIndex(text, -1) {
				if !slices.ContainsFunc(found[file], func(v version) bool { return v.begin <= at[2] && at[3] <= v.end }) {
					t.Errorf("no update reaches %s in %s", pin, file)
				}
			}
		}
	}
}
