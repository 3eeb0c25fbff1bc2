// Command schemas writes what Kubernetes knows of the kinds of objects in deploy/kubernetes, as schemas for kubeconform:
// tools/kubernetes/testdata/schemas. They are those of the oldest version that docs/kubernetes.md names.
//
// Their source is the module k8s.io/kubernetes. Its description of the API leaves out enumerations, which are taken from the definitions
// that the API server is compiled with.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/resid"
)

const (
	version   = "v1.30.14"
	manifests = "../../deploy/kubernetes" // from the folder of the module, where make runs this
	folder    = "testdata/schemas"
)

// schema is a schema, or a part of one.
type schema = map[string]any

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "schemas:", err)
		os.Exit(1)
	}
}

func run() error {
	wanted, err := kinds("one-file", "servers")
	if err != nil {
		return err
	}
	source, err := download()
	if err != nil {
		return err
	}
	var api struct{ Definitions map[string]schema }
	text, err := os.ReadFile(filepath.Join(source, "api/openapi-spec/swagger.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &api); err != nil {
		return err
	}
	enumerations, err := readEnumerations(filepath.Join(source, "pkg/generated/openapi/zz_generated.openapi.go"))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, kind := range wanted {
		e := extract{api.Definitions, enumerations, schema{}}
		if err := e.write(kind); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
	}
	return nil
}

// kinds returns those of the objects in overlays of the manifests.
func kinds(overlays ...string) ([]resid.Gvk, error) {
	found := map[resid.Gvk]bool{}
	for _, overlay := range overlays {
		objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(manifests, overlay))
		if err != nil {
			return nil, err
		}
		for _, object := range objects.Resources() {
			found[object.GetGvk()] = true
		}
	}
	return slices.Collect(maps.Keys(found)), nil
}

// download returns the folder of k8s.io/kubernetes in the module cache.
func download() (string, error) {
	output, err := exec.Command("go", "mod", "download", "-json", "k8s.io/kubernetes@"+version).Output()
	var module struct{ Dir, Error string }
	if decoding := json.Unmarshal(output, &module); decoding != nil {
		return "", errors.Join(err, decoding)
	}
	if module.Error != "" {
		return "", errors.New(module.Error)
	}
	return module.Dir, err
}

// extract is what one kind of objects consists of.
type extract struct {
	api          map[string]schema
	enumerations enumerations
	definitions  schema
}

// write writes the schema of a kind into the file in which kubeconform looks for it.
func (e extract) write(kind resid.Gvk) error {
	name := ""
	for definition, described := range e.api {
		for _, of := range list(described["x-kubernetes-group-version-kind"]) {
			if of := of.(schema); of["group"] == kind.Group && of["version"] == kind.Version && of["kind"] == kind.Kind {
				name = definition
			}
		}
	}
	if name == "" {
		return errors.New("Kubernetes does not describe it")
	}
	if err := e.define(name); err != nil {
		return err
	}
	text, err := json.MarshalIndent(schema{
		"$schema":     "http://json-schema.org/draft-04/schema#",
		"description": "Written by make generate, from k8s.io/kubernetes " + version + ".",
		"$ref":        reference(name),
		"definitions": e.definitions,
	}, "", " ")
	if err != nil {
		return err
	}
	// As in deployment-apps-v1.json and service-v1.json.
	group, _, _ := strings.Cut(kind.Group, ".")
	parts := slices.DeleteFunc([]string{kind.Kind, group, kind.Version}, func(part string) bool { return part == "" })
	return os.WriteFile(filepath.Join(folder, strings.ToLower(strings.Join(parts, "-"))+".json"), append(text, '\n'), 0o644)
}

func reference(name string) string { return "#/definitions/" + name }

// define adds a definition and those that it refers to.
func (e extract) define(name string) error {
	if e.definitions[name] != nil {
		return nil
	}
	switch name {
	case "io.k8s.apimachinery.pkg.util.intstr.IntOrString":
		e.definitions[name] = schema{"type": []string{"string", "integer"}}
		return nil
	case "io.k8s.apimachinery.pkg.api.resource.Quantity":
		e.definitions[name] = schema{"type": []string{"string", "number"}}
		return nil
	}
	described, found := e.api[name]
	if !found {
		return fmt.Errorf("there is no %s", name)
	}
	strict := e.strict(described)
	if err := e.enumerations.add(name, strict); err != nil {
		return err
	}
	e.definitions[name] = strict
	for _, other := range references(strict) {
		if err := e.define(strings.TrimPrefix(other, reference(""))); err != nil {
			return err
		}
	}
	return nil
}

// strict returns what a schema demands, and forbids what it does not name.
func (e extract) strict(described schema) schema {
	strict := schema{}
	for _, key := range []string{"$ref", "type", "required"} {
		if value, has := described[key]; has {
			strict[key] = value
		}
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if inner, has := described[key].(schema); has {
			strict[key] = e.strict(inner)
		}
	}
	if properties, has := described["properties"].(schema); has {
		inner := schema{}
		for name, property := range properties {
			inner[name] = e.strict(property.(schema))
		}
		strict["properties"], strict["additionalProperties"] = inner, false
	}
	return strict
}

// references returns what a schema refers to.
func references(value any) (all []string) {
	switch value := value.(type) {
	case schema:
		for key, inner := range value {
			if text, is := inner.(string); is && key == "$ref" {
				all = append(all, text)
			}
			all = append(all, references(inner)...)
		}
	case []any:
		for _, inner := range value {
			all = append(all, references(inner)...)
		}
	}
	return all
}

func list(value any) []any {
	all, _ := value.([]any)
	return all
}
