package kubernetes

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func TestPods_AreAllowedInTheRestrictedProfile(t *testing.T) {
	t.Parallel()
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	in(t, func(t *testing.T, m manifests) {
		for _, w := range m.workloads {
			for _, result := range evaluator.EvaluatePod(restricted, &w.Template.ObjectMeta, &w.Template.Spec) {
				if !result.Allowed {
					t.Errorf("%s: %s, %s", w.Name, result.ForbiddenReason, result.ForbiddenDetail)
				}
			}
			if spec := w.Template.Spec; spec.AutomountServiceAccountToken == nil || *spec.AutomountServiceAccountToken {
				t.Errorf("the pods of %s get a token of Kubernetes", w.Name)
			}
			if context := w.Template.Spec.Containers[0].SecurityContext; context.ReadOnlyRootFilesystem == nil || !*context.ReadOnlyRootFilesystem {
				t.Errorf("%s may write to its image", w.Name)
			}
		}
	})
}

// An image without a tag is the newest of its name: two pods of a kind, started at different times, might run different versions.
func TestPods_NameNoVersionThatMoves(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, m manifests) {
		for _, w := range m.workloads {
			for _, container := range slices.Concat(w.Template.Spec.InitContainers, w.Template.Spec.Containers) {
				if !strings.HasSuffix(container.Image, ":CHOOSE-A-COMMIT") { // which is the tag of no image
					t.Errorf("%s runs %s", w.Name, container.Image)
				}
			}
		}
	})
}

// draining is how long the programs and nginx take at most to end what they do, in seconds: cmd/internal/app/front.go, nginx.conf.
const draining = 8

func TestPods_AreProbedAndDrained(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, m manifests) {
		for _, w := range m.workloads {
			container := w.Template.Spec.Containers[0]
			ports := map[string]bool{}
			for _, port := range container.Ports {
				ports[port.Name] = true
			}
			for what, probe := range map[string]*corev1.Probe{"ready": container.ReadinessProbe, "alive": container.LivenessProbe} {
				if probe == nil || probe.HTTPGet == nil || !ports[probe.HTTPGet.Port.StrVal] {
					t.Errorf("whether %s is %s is not known: %+v", w.Name, what, probe)
				}
			}
			// A server that goes away must not take away all APIs, which answer without Redis.
			if path := container.ReadinessProbe.HTTPGet.Path; path == "/readyz" {
				t.Errorf("%s leaves its service when a server is away", w.Name)
			}
			grace, pause := *w.Template.Spec.TerminationGracePeriodSeconds, int64(0)
			if container.Lifecycle != nil {
				pause = container.Lifecycle.PreStop.Sleep.Seconds
			}
			if grace <= pause+draining {
				t.Errorf("%s is killed after %d s, and may need %d", w.Name, grace, pause+draining)
			}
			if served := m.served(w); served != (pause > 0) {
				t.Errorf("%s waits for %d s before it stops; requests arrive through a service: %v", w.Name, pause, served)
			}
		}
	})
}

// served reports whether requests arrive through a service.
func (m manifests) served(w workload) bool {
	for _, service := range m.services {
		if selectorOf(service.Spec.Selector).Matches(labels.Set(w.Template.Labels)) {
			return true
		}
	}
	return false
}
