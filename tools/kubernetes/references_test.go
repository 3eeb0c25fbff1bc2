package kubernetes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

func selectorOf(pairs map[string]string) labels.Selector { return labels.SelectorFromSet(pairs) }

func TestSelectors_SelectOneKindOfPods(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, m manifests) {
		want := func(who string, of *metav1.LabelSelector) {
			t.Helper()
			selector, err := metav1.LabelSelectorAsSelector(of)
			if err != nil {
				t.Fatal(err)
			}
			if found := m.selected(selector); len(found) != 1 {
				t.Errorf("%s selects %d kinds of pods, with %v", who, len(found), selector)
			}
		}
		for _, w := range m.workloads {
			want(w.Kind+" "+w.Name, w.Selector)
		}
		for _, d := range m.disruptions {
			want("the disruption budget "+d.Name, d.Spec.Selector)
		}
		for _, s := range m.services {
			want("the service "+s.Name, &metav1.LabelSelector{MatchLabels: s.Spec.Selector})
			for _, port := range s.Spec.Ports {
				for _, w := range m.selected(selectorOf(s.Spec.Selector)) {
					if w.Template.Spec.Containers[0].Ports[0].Name != port.TargetPort.StrVal {
						t.Errorf("the service %s leads to the port %v, which %s does not have", s.Name, port.TargetPort, w.Name)
					}
				}
			}
		}
	})
}

func TestNames_AreOfObjectsThatExist(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, m manifests) {
		for _, w := range m.workloads {
			spec := w.Template.Spec
			if _, found := m.accounts[spec.ServiceAccountName]; !found {
				t.Errorf("%s has the account %q", w.Name, spec.ServiceAccountName)
			}
			volumes := map[string]bool{}
			for _, name := range w.Volumes {
				volumes[name] = true
			}
			for _, volume := range spec.Volumes {
				volumes[volume.Name] = true
			}
			for _, mount := range spec.Containers[0].VolumeMounts {
				if !volumes[mount.Name] {
					t.Errorf("%s mounts %s", w.Name, mount.Name)
				}
			}
			for _, source := range spec.Containers[0].EnvFrom {
				switch {
				case source.ConfigMapRef != nil:
					if _, found := m.settings[source.ConfigMapRef.Name]; !found {
						t.Errorf("%s reads the settings %s", w.Name, source.ConfigMapRef.Name)
					}
				case source.SecretRef.Name != "pisano": // which docs/kubernetes.md makes
					t.Errorf("%s reads the secret %s", w.Name, source.SecretRef.Name)
				}
			}
		}
		for _, ingress := range m.ingresses {
			backend := ingress.Spec.Rules[0].HTTP.Paths[0].Backend.Service
			if service, found := m.services[backend.Name]; !found || service.Spec.Ports[0].Name != backend.Port.Name {
				t.Errorf("the ingress leads to %+v", backend)
			}
		}
		for _, scaler := range m.autoscalers {
			found := false
			for _, w := range m.workloads {
				// A number of its own would fight with that of the scaler.
				found = found || w.Kind == scaler.Spec.ScaleTargetRef.Kind && w.Name == scaler.Spec.ScaleTargetRef.Name && w.Replicas == nil
			}
			if !found {
				t.Errorf("%s scales %+v", scaler.Name, scaler.Spec.ScaleTargetRef)
			}
		}
	})
}

func TestSettings_AreDocumented(t *testing.T) {
	t.Parallel()
	table := read(t, "docs/settings.md")
	in(t, func(t *testing.T, m manifests) {
		for _, settings := range m.settings {
			for name := range settings.Data {
				if !strings.Contains(table, "`"+name+"`") {
					t.Errorf("docs/settings.md does not have %s", name)
				}
			}
		}
	})
}

func TestMemory_IsThatOfCompose(t *testing.T) {
	t.Parallel()
	var compose struct {
		Services map[string]struct {
			Limit       string `yaml:"mem_limit"`
			Environment map[string]any
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "docker-compose.production.yml")), &compose); err != nil {
		t.Fatal(err)
	}
	m := build(t, "servers")
	for _, w := range m.workloads {
		container := w.Template.Spec.Containers[0]
		service := compose.Services[w.Name]
		if got, want := container.Resources.Limits.Memory().String(), strings.TrimSuffix(service.Limit, "m")+"Mi"; got != want {
			t.Errorf("%s has %s, in Compose %s", w.Name, got, want)
		}
		for _, source := range container.EnvFrom {
			if source.ConfigMapRef == nil {
				continue
			}
			if got, want := m.settings[source.ConfigMapRef.Name].Data["GOMEMLIMIT"], service.Environment["GOMEMLIMIT"]; want != nil && got != want {
				t.Errorf("%s has GOMEMLIMIT=%s, in Compose %s", w.Name, got, want)
			}
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
