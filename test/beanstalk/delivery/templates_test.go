package delivery

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// template is a template of CloudFormation, or what .ebextensions add to that of Elastic Beanstalk.
type template struct {
	Version     string              `yaml:"AWSTemplateFormatVersion"`
	Description string              `yaml:"Description"`
	Parameters  map[string]document `yaml:"Parameters"`
	Conditions  map[string]document `yaml:"Conditions"`
	Resources   map[string]document `yaml:"Resources"`
	Outputs     map[string]document `yaml:"Outputs"`
}

func readTemplate(t *testing.T, name string) template {
	t.Helper()
	var read template
	readYAML(t, name, &read)
	return read
}

func (f template) properties(t *testing.T, name string) document {
	t.Helper()
	properties, ok := f.Resources[name]["Properties"].(document)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	return properties
}

// specification is what CloudFormation knows of the resources that the templates have. `make generate` writes it: tools/cloudformation.
const specification = "test/beanstalk/delivery/testdata/cloudformation.json"

// schemaURL names it for the compiler. A file name would be resolved against the working directory, whose path may have characters that a
// URL escapes.
const schemaURL = "https://pisano.test/cloudformation.json"

// attributes are those of each type of resource.
type attributes map[string][]string

func readSpecification(t *testing.T) (schema any, known attributes) {
	t.Helper()
	text := read(t, specification)
	var document struct {
		Attributes attributes `json:"attributes"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema, document.Attributes
}

// keys are those of a resource beside its properties, and the values that a policy may have.
const (
	keys     = "Type Properties Condition DependsOn DeletionPolicy UpdateReplacePolicy"
	policies = "Delete Retain RetainExceptOnCreate Snapshot"
)

func TestTemplates_AreValidCloudFormation(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]template{
		"deploy/data.yaml":    readTemplate(t, "deploy/data.yaml"),
		"deploy/account.yaml": readTemplate(t, "deploy/account.yaml"),
		".ebextensions":       {Resources: readExtensions(t).Resources},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, problem := range file.problems(t) {
				t.Error(problem)
			}
		})
	}
}

// Each of these is a fault that CloudFormation would find only when the stack is made.
func TestTemplates_WithAFaultAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		resource string
		spoil    func(resource, properties document)
		because  string
	}{
		"property unknown":    {"Database", func(_, p document) { p["Encrypted"] = true }, "'Encrypted' not allowed"},
		"property deprecated": {"Cache", func(_, p document) { p["CacheSecurityGroupNames"] = []any{"sg-0a"} }, "'CacheSecurityGroupNames' not allowed"},
		"property missing":    {"Cache", func(_, p document) { delete(p, "ReplicationGroupDescription") }, "'ReplicationGroupDescription'"},
		"type":                {"Database", func(_, p document) { p["StorageEncrypted"] = "yes" }, "got string, want boolean"},
		"type of an element":  {"CacheSubnets", func(_, p document) { p["SubnetIds"] = []any{1} }, "got number, want string"},
		"value":               {"ContainerLogs", func(_, p document) { p["RetentionInDays"] = 31 }, "value must be one of"},
		"inner property": {
			"CacheSecurityGroup", func(_, p document) { p["SecurityGroupIngress"].([]any)[0].(document)["Port"] = 6379 }, "'Port' not allowed",
		},
		"attribute":    {"DatabaseHost", func(_, p document) { p["Value"] = document{"Fn::GetAtt": []any{"Database", "Address"}} }, "no attribute"},
		"reference":    {"Database", func(_, p document) { p["DBSubnetGroupName"] = document{"Ref": "Nothing"} }, "Ref to Nothing"},
		"function":     {"Database", func(_, p document) { p["DBName"] = document{"Fn::Upper": "a"} }, "Fn::Upper"},
		"condition":    {"Database", func(_, p document) { p["DBName"] = document{"Fn::If": []any{"Nothing", "a", "b"}} }, "Fn::If"},
		"policy":       {"Database", func(r, _ document) { r["DeletionPolicy"] = "Keep" }, "DeletionPolicy"},
		"type unknown": {"Database", func(r, _ document) { r["Type"] = "AWS::RDS::Instance" }, "make generate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := readTemplate(t, "deploy/data.yaml")
			c.spoil(file.Resources[c.resource], file.properties(t, c.resource))
			found := file.problems(t)
			if !slices.ContainsFunc(found, func(problem string) bool { return strings.Contains(problem, c.because) }) {
				t.Errorf("%q is not among %q", c.because, found)
			}
		})
	}
}

// problems returns what CloudFormation would refuse.
func (f template) problems(t *testing.T) []string {
	t.Helper()
	schema, known := readSpecification(t)
	c := check{f, known, nil}
	for _, name := range slices.Sorted(maps.Keys(f.Resources)) {
		resource := f.Resources[name]
		kind, _ := resource["Type"].(string)
		definition, is := schema.(document)["$defs"].(document)[kind].(document)
		if !is {
			c.problem("%s: the type %s is not in %s: run make generate", name, kind, specification)
			continue
		}
		if strings.HasPrefix(name, "AWSEB") { // a resource of Elastic Beanstalk, to which these properties are added
			delete(definition, "required")
		}
		for key, value := range resource {
			if !slices.Contains(strings.Fields(keys), key) {
				c.problem("%s has the key %s", name, key)
			}
			if strings.HasSuffix(key, "Policy") && !slices.Contains(strings.Fields(policies), fmt.Sprint(value)) {
				c.problem("%s: %s is %v", name, key, value)
			}
		}
		if condition, conditional := resource["Condition"]; conditional && f.Conditions[condition.(string)] == nil {
			c.problem("%s depends on %v", name, condition)
		}
		if err := compile(t, schema, kind).Validate(instance(t, c.resolve(resource["Properties"]))); err != nil {
			c.problem("%s: %v", name, err)
		}
	}
	for name, output := range f.Outputs {
		unknown(t, name, output, "Description Value")
		c.resolve(output)
	}
	return c.found
}

func compile(t *testing.T, schema any, kind string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemaURL, schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(schemaURL + "#/$defs/" + kind)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// instance returns a value as the validator wants it.
func instance(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// check collects the problems of a template.
type check struct {
	template
	known attributes
	found []string
}

func (c *check) problem(format string, arguments ...any) {
	c.found = append(c.found, fmt.Sprintf(format, arguments...))
}

// resolve replaces functions by their values, or by others of the same type.
func (c *check) resolve(value any) any {
	switch value := value.(type) {
	case []any:
		resolved := make([]any, len(value))
		for i := range value {
			resolved[i] = c.resolve(value[i])
		}
		return resolved
	case document:
		if name, is := value["Ref"]; is {
			return c.reference(name.(string))
		}
		if get, is := value["Fn::GetAtt"]; is {
			return c.attribute(get.([]any))
		}
		if text, is := value["Fn::Sub"]; is {
			for _, name := range regexp.MustCompile(`\$\{(.*?)\}`).FindAllStringSubmatch(text.(string), -1) {
				if !strings.HasPrefix(name[1], "AWS::") {
					c.reference(name[1])
				}
			}
			return "text"
		}
		if choice, is := value["Fn::If"]; is {
			return c.choice(choice.([]any))
		}
		resolved := document{}
		for key, inner := range value {
			if strings.HasPrefix(key, "Fn::") {
				c.problem("%s is not understood here", key)
			}
			resolved[key] = c.resolve(inner)
		}
		return resolved
	}
	return value
}

func (c *check) reference(name string) any {
	parameter, is := c.Parameters[name]
	switch {
	case is && strings.HasPrefix(parameter["Type"].(string), "List<"):
		return []any{"one", "two"}
	case !is && c.Resources[name] == nil && name != "AWSEBV2LoadBalancer": // a resource of Elastic Beanstalk
		c.problem("Ref to %s, which does not exist", name)
	}
	return "reference"
}

// choice returns the value of Fn::If where the condition holds.
func (c *check) choice(choice []any) any {
	if len(choice) != 3 || c.Conditions[fmt.Sprint(choice[0])] == nil {
		c.problem("Fn::If is %v", choice)
		return nil
	}
	c.resolve(choice[2])
	return c.resolve(choice[1])
}

func (c *check) attribute(get []any) string {
	kind, _ := c.Resources[get[0].(string)]["Type"].(string)
	if !slices.Contains(c.known[kind], get[1].(string)) {
		c.problem("%v is no attribute of a resource", get)
	}
	return "attribute"
}
