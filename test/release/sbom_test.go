package release

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// bom is a bill of materials in the form of CycloneDX.
type bom struct {
	BOMFormat string `json:"bomFormat"`
	Metadata  struct {
		Component component `json:"component"`
	} `json:"metadata"`
	Components []component `json:"components"`
}

type component struct {
	Name, Version string
	Scope         string // "required", or "optional" for what is not in the product
}

func readBOM(t *testing.T, name string) (of component, parts map[string]component) {
	t.Helper()
	var b bom
	if err := json.Unmarshal(read(t, name), &b); err != nil || b.BOMFormat != "CycloneDX" {
		t.Fatalf("%s is of the form %q: %v", name, b.BOMFormat, err)
	}
	parts = map[string]component{}
	for _, c := range b.Components {
		parts[c.Name] = c
	}
	return b.Metadata.Component, parts
}

// programsOf returns the modules that only some programs hold, by the name of the program's bill of materials.
func programsOf(version string) map[string][]string {
	all := map[string][]string{}
	for _, platform := range platforms {
		all["pisano_"+version+"_"+platform+".cdx.json"] = nil
		if strings.HasPrefix(platform, "linux_") {
			all["pisano-api_"+version+"_"+platform+".cdx.json"] = []string{"github.com/jackc/pgx/v5", "github.com/redis/go-redis/v9"}
			all["pisano-worker_"+version+"_"+platform+".cdx.json"] = []string{"github.com/jackc/pgx/v5", "github.com/redis/go-redis/v9"}
		}
	}
	return all
}

// page is the name of the page's bill of materials.
func page(version string) string { return "pisano-page_" + version + ".cdx.json" }

func TestBillsOfMaterials_NameTheModulesOfThePrograms(t *testing.T) {
	t.Parallel()
	version := readRelease(t).Version
	wanted, err := os.ReadFile(filepath.Join(testkit.Root(), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	required := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^\t(\S+) (v\S+)`).FindAllStringSubmatch(string(wanted), -1) {
		required[line[1]] = line[2]
	}
	for name, more := range programsOf(version) {
		of, parts := readBOM(t, name)
		if of.Name != "github.com/pisano-dev/pisano" || of.Version != "v"+version {
			t.Errorf("%s is of %+v", name, of)
		}
		for _, module := range append([]string{"modernc.org/sqlite", "go.uber.org/fx", "github.com/danielgtaylor/huma/v2"}, more...) {
			if strings.HasPrefix(name, "pisano-worker_") && strings.Contains(module, "huma") {
				continue
			}
			if version := parts[module].Version; version != required[module] || version == "" {
				t.Errorf("%s has %s in version %q, go.mod in %q", name, module, version, required[module])
			}
		}
	}
}

func TestBillOfMaterials_NamesThePackagesOfThePage(t *testing.T) {
	t.Parallel()
	_, parts := readBOM(t, page(readRelease(t).Version))
	for name, scope := range map[string]string{"react": "required", "react-dom": "required", "react-router": "required", "vitest": "optional"} {
		if parts[name].Scope != scope {
			t.Errorf("%s is %q, not %q", name, parts[name].Scope, scope)
		}
	}
}
