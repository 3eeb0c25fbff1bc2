// Package kubernetes checks the manifests of deploy/kubernetes: kustomize builds them, kubeconform compares every object with the schema
// of its kind in the oldest Kubernetes that is supported, the types of the newest decode it strictly, and what one object says of another
// is compared. There is no cluster.
package kubernetes

import (
	"path/filepath"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

const root = "../.."

// overlays are the ways to run Pisano on Kubernetes.
var overlays = []string{"one-file", "servers"}

// workload is a kind of pods.
type workload struct {
	Kind, Name string
	Replicas   *int32
	Selector   *metav1.LabelSelector
	Template   corev1.PodTemplateSpec
	Volumes    []string // of volumeClaimTemplates
}

// manifests are the objects of an overlay.
type manifests struct {
	workloads   []workload
	services    map[string]corev1.Service
	settings    map[string]corev1.ConfigMap
	accounts    map[string]corev1.ServiceAccount
	ingresses   []networkingv1.Ingress
	disruptions []policyv1.PodDisruptionBudget
	autoscalers []autoscalingv2.HorizontalPodAutoscaler
}

// build builds an overlay of deploy/kubernetes.
func build(t *testing.T, overlay string) manifests {
	t.Helper()
	return buildFolder(t, filepath.Join(root, "deploy/kubernetes", overlay))
}

// objects returns what kustomize builds of a folder.
func objects(t *testing.T, folder string) []*resource.Resource {
	t.Helper()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatal(err)
	}
	return built.Resources()
}

func buildFolder(t *testing.T, folder string) manifests {
	t.Helper()
	m := manifests{services: map[string]corev1.Service{}, settings: map[string]corev1.ConfigMap{}, accounts: map[string]corev1.ServiceAccount{}}
	for _, object := range objects(t, folder) {
		text, err := object.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		id := object.CurId().Gvk.ApiVersion() + " " + object.GetKind()
		switch id {
		case "apps/v1 Deployment":
			d := decode[appsv1.Deployment](t, text)
			m.workloads = append(m.workloads, workload{d.Kind, d.Name, d.Spec.Replicas, d.Spec.Selector, d.Spec.Template, nil})
		case "apps/v1 StatefulSet":
			s := decode[appsv1.StatefulSet](t, text)
			w := workload{s.Kind, s.Name, s.Spec.Replicas, s.Spec.Selector, s.Spec.Template, nil}
			for _, claim := range s.Spec.VolumeClaimTemplates {
				w.Volumes = append(w.Volumes, claim.Name)
			}
			m.workloads = append(m.workloads, w)
		case "v1 Service":
			s := decode[corev1.Service](t, text)
			m.services[s.Name] = s
		case "v1 ConfigMap":
			c := decode[corev1.ConfigMap](t, text)
			m.settings[c.Name] = c
		case "v1 ServiceAccount":
			a := decode[corev1.ServiceAccount](t, text)
			m.accounts[a.Name] = a
		case "networking.k8s.io/v1 Ingress":
			m.ingresses = append(m.ingresses, decode[networkingv1.Ingress](t, text))
		case "policy/v1 PodDisruptionBudget":
			m.disruptions = append(m.disruptions, decode[policyv1.PodDisruptionBudget](t, text))
		case "autoscaling/v2 HorizontalPodAutoscaler":
			m.autoscalers = append(m.autoscalers, decode[autoscalingv2.HorizontalPodAutoscaler](t, text))
		default:
			t.Errorf("no test knows the kind %s", id)
		}
	}
	return m
}

// decode decodes an object, which must have no field that its kind does not have.
func decode[T any](t *testing.T, text []byte) (object T) {
	t.Helper()
	if err := yaml.UnmarshalStrict(text, &object); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return object
}

// in runs a test for each overlay.
func in(t *testing.T, test func(t *testing.T, m manifests)) {
	t.Helper()
	for _, overlay := range overlays {
		t.Run(overlay, func(t *testing.T) {
			t.Parallel()
			test(t, build(t, overlay))
		})
	}
}

// selected returns the workloads whose pods a selector selects.
func (m manifests) selected(selector labels.Selector) (found []workload) {
	for _, w := range m.workloads {
		if selector.Matches(labels.Set(w.Template.Labels)) {
			found = append(found, w)
		}
	}
	return found
}
