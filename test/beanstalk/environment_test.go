package beanstalk

import (
	"encoding/json"
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

// environment returns the environment of the containers, with the attributes of the resources that the files create and the values
// of the parameters that they name.
func (e extensions) environment(t *testing.T, attributes, secrets map[string]string) map[string]string {
	t.Helper()
	properties := map[string]string{}
	for name, value := range e.Settings["aws:elasticbeanstalk:application:environment"] {
		text := fmt.Sprint(value)
		if strings.HasPrefix(text, "`") {
			text = attribute(t, strings.Trim(text, "`"), attributes)
		}
		properties[name] = text
	}
	for name, value := range e.Settings["aws:elasticbeanstalk:application:environmentsecrets"] {
		_, parameter, _ := strings.Cut(fmt.Sprint(value), ":parameter")
		secret, known := secrets[parameter]
		if !known {
			t.Fatalf("%s is the parameter %s, which does not exist", name, value)
		}
		properties[name] = secret
	}
	return properties
}

// attribute evaluates {"Fn::GetAtt": ["Resource", "Attribute"]}.
func attribute(t *testing.T, function string, attributes map[string]string) string {
	t.Helper()
	var get struct {
		GetAtt []string `json:"Fn::GetAtt"`
	}
	if err := json.Unmarshal([]byte(function), &get); err != nil {
		t.Fatalf("%s: %v", function, err)
	}
	value, known := attributes[strings.Join(get.GetAtt, ".")]
	if !known {
		t.Fatalf("%s: no resource has it", function)
	}
	return value
}
