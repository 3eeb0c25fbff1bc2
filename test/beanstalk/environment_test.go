package beanstalk

import (
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// extensions is the union of the files in .ebextensions, as far as it is used here.
type extensions struct {
	Settings map[string]map[string]any
	Files    map[string]struct{ Source string }
}

func readExtensions(t *testing.T, files fs.FS) extensions {
	t.Helper()
	all := extensions{Settings: map[string]map[string]any{}, Files: map[string]struct{ Source string }{}}
	names, err := fs.Glob(files, ".ebextensions/*.config")
	if err != nil || len(names) == 0 {
		t.Fatalf("no .ebextensions: %v", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		var one struct {
			Settings map[string]map[string]any `yaml:"option_settings"`
			Files    map[string]struct{ Source string }
		}
		if err := yaml.Unmarshal(text, &one); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		maps.Copy(all.Settings, one.Settings)
		maps.Copy(all.Files, one.Files)
	}
	return all
}

// environment returns the environment of the containers: the properties as they are, because Elastic Beanstalk evaluates no function on
// ECS, and the values of the parameters that the secrets name.
func (e extensions) environment(t *testing.T, parameters map[string]string) map[string]string {
	t.Helper()
	properties := map[string]string{}
	for name, value := range e.Settings["aws:elasticbeanstalk:application:environment"] {
		properties[name] = fmt.Sprint(value)
	}
	for name, value := range e.Settings["aws:elasticbeanstalk:application:environmentsecrets"] {
		_, parameter, _ := strings.Cut(fmt.Sprint(value), ":parameter")
		content, known := parameters[parameter]
		if !known {
			t.Fatalf("%s is the parameter %s, which does not exist", name, value)
		}
		properties[name] = content
	}
	return properties
}
