package kubernetes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The overlay of one's own that docs/kubernetes.md begins with.
func TestDocument_ItsOverlayChangesNameAndImages(t *testing.T) {
	t.Parallel()
	_, after, _ := strings.Cut(read(t, "docs/kubernetes.md"), "cat >mine/kustomization.yaml <<END\n")
	overlay, _, found := strings.Cut(after, "END\n")
	if !found {
		t.Fatal("docs/kubernetes.md has no overlay")
	}
	folder := t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "deploy/kubernetes"), os.DirFS(filepath.Join(root, "deploy/kubernetes"))); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(folder, "mine")
	if err := os.Mkdir(mine, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(mine, "kustomization.yaml"), []byte(overlay), 0o644); err != nil {
		t.Fatal(err)
	}
	m := buildFolder(t, mine)
	ingress := m.ingresses[0].Spec
	if host := ingress.Rules[0].Host; host != "fibonacci.example.com" || ingress.TLS[0].Hosts[0] != host {
		t.Errorf("its host is %s, its certificate that of %s", host, ingress.TLS[0].Hosts[0])
	}
	for _, w := range m.workloads {
		if image := w.Template.Spec.Containers[0].Image; !strings.HasSuffix(image, ":COMMIT") {
			t.Errorf("%s runs %s", w.Name, image)
		}
	}
}
