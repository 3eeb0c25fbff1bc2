package kubernetes

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"
	"sigs.k8s.io/yaml"
)

// schemas is where kubeconform finds what Kubernetes demands of a kind. `make generate` writes the files: tools/kubernetes/schemas.
const schemas = "testdata/schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json"

// check returns what kubeconform says of an object, nil if it is valid.
func check(t *testing.T, object []byte) error {
	t.Helper()
	conform, err := validator.New([]string{schemas}, validator.Opts{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	result := conform.ValidateResource(resource.Resource{Bytes: object})
	if (result.Status == validator.Valid) != (result.Err == nil) {
		t.Fatalf("its status is %v: %v", result.Status, result.Err)
	}
	return result.Err
}

func TestObjects_AreAsKubernetesDemands(t *testing.T) {
	t.Parallel()
	for _, overlay := range overlays {
		for _, object := range objects(t, filepath.Join(root, "deploy/kubernetes", overlay)) {
			t.Run(overlay+"/"+object.GetKind()+"/"+object.GetName(), func(t *testing.T) {
				t.Parallel()
				text, err := object.AsYAML()
				if err != nil {
					t.Fatal(err)
				}
				if err := check(t, text); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// Each of these is a fault that the API server would find only when the object is made. The types of Go find only the first two.
func TestObjects_WithAFaultAreRefused(t *testing.T) {
	t.Parallel()
	const pod = "spec/template/spec/"
	for name, c := range map[string]struct{ object, path, value, because string }{
		"unknown field":         {"Deployment/api", pod + "containers/0/memory", "1Gi", "containers/0': additional properties 'memory' not allowed"},
		"type":                  {"Deployment/api", pod + "containers/0/ports/0/containerPort", "http", "containerPort': got string, want integer"},
		"missing name":          {"Deployment/api", pod + "containers/0/name", "", "containers/0': missing property 'name'"},
		"missing selector":      {"Deployment/api", "spec/selector", "", "spec': missing property 'selector'"},
		"missing maximum":       {"HorizontalPodAutoscaler/worker", "spec/maxReplicas", "", "spec': missing property 'maxReplicas'"},
		"missing type of path":  {"Ingress/pisano", "spec/rules/0/http/paths/0/pathType", "", "paths/0': missing property 'pathType'"},
		"type of path":          {"Ingress/pisano", "spec/rules/0/http/paths/0/pathType", "Start", "pathType': value must be one of"},
		"strategy":              {"Deployment/api", "spec/strategy/type", "Rolling", "strategy/type': value must be one of"},
		"spread":                {"Deployment/api", pod + "topologySpreadConstraints/0/whenUnsatisfiable", "Whatever", "whenUnsatisfiable': value must be one of"},
		"seccomp":               {"Deployment/api", pod + "securityContext/seccompProfile/type", "Default", "seccompProfile/type': value must be one of"},
		"policy of pulling":     {"Deployment/api", pod + "containers/0/imagePullPolicy", "Daily", "imagePullPolicy': value must be one of"},
		"protocol":              {"Service/api", "spec/ports/0/protocol", "HTTP", "protocol': value must be one of"},
		"type of service":       {"Service/pisano", "spec/type", "Public", "spec/type': value must be one of"},
		"mode of access":        {"StatefulSet/pisano", "spec/volumeClaimTemplates/0/spec/accessModes/0", "ReadWrite", "accessModes/0': value must be one of"},
		"version of the object": {"Ingress/pisano", "apiVersion", "networking.k8s.io/v1beta1", "could not find schema"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := check(t, spoiled(t, c.object, c.path, c.value))
			if err == nil || !strings.Contains(err.Error(), c.because) {
				t.Errorf("%q is not in %v", c.because, err)
			}
		})
	}
}

// spoiled returns an object, kind/name, in which the field at a path has another value, or is missing.
func spoiled(t *testing.T, id, path, value string) []byte {
	t.Helper()
	for _, overlay := range overlays {
		for _, object := range objects(t, filepath.Join(root, "deploy/kubernetes", overlay)) {
			if object.GetKind()+"/"+object.GetName() != id {
				continue
			}
			text, err := object.AsYAML()
			if err != nil {
				t.Fatal(err)
			}
			var fields any
			if err := yaml.Unmarshal(text, &fields); err != nil {
				t.Fatal(err)
			}
			set(t, fields, strings.Split(path, "/"), value)
			if text, err = yaml.Marshal(fields); err != nil {
				t.Fatal(err)
			}
			return text
		}
	}
	t.Fatalf("there is no %s", id)
	return nil
}

// set sets the field at a path, or removes it if the value is empty.
func set(t *testing.T, fields any, path []string, value string) {
	t.Helper()
	key := path[0]
	switch inside := fields.(type) {
	case map[string]any:
		switch {
		case len(path) > 1:
			set(t, inside[key], path[1:], value)
		case value == "":
			if inside[key] == nil {
				t.Fatalf("there is no %s to remove", key)
			}
			delete(inside, key)
		default:
			inside[key] = value
		}
	case []any:
		if key != "0" || len(inside) == 0 {
			t.Fatalf("there is no element %s", key)
		}
		if len(path) > 1 {
			set(t, inside[0], path[1:], value)
		} else {
			inside[0] = value
		}
	default:
		t.Fatalf("there is no %s", key)
	}
}

// Newer versions of Kubernetes know all that an older one does.
func TestSchemas_AreOfTheOldestKubernetesThatIsSupported(t *testing.T) {
	t.Parallel()
	supported := regexp.MustCompile(`They need Kubernetes (1\.\d+) or newer`).FindStringSubmatch(read(t, "docs/kubernetes.md"))
	if supported == nil {
		t.Fatal("docs/kubernetes.md does not name the oldest Kubernetes")
	}
	files, err := filepath.Glob("testdata/schemas/*.json")
	if err != nil || len(files) < 8 {
		t.Fatalf("there are schemas for %d kinds, %v", len(files), err)
	}
	for _, file := range files {
		if !strings.Contains(read(t, filepath.Join("tools/kubernetes", file)), "from k8s.io/kubernetes v"+supported[1]+".") {
			t.Errorf("%s is not of Kubernetes %s", file, supported[1])
		}
	}
}
