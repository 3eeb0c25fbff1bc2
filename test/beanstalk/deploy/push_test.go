package deploy

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// docker records its arguments, and has images of the revision in the variable REVISION_OF_IMAGES. The digest of an image in the registry is
// made of its name there.
const docker = `#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
"image inspect --format"*) echo "$REVISION_OF_IMAGES" ;;
push*) echo "latest: digest: sha256:$(echo "$2" | sha256sum | cut -c 1-64) size: 1" ;;
"manifest push"*) echo ` + digest + ` ;;
esac
`

// newPush returns a checkout in continuous integration and the file to which docker writes its calls.
func newPush(t *testing.T, tested string) (c *checkout, calls string) {
	t.Helper()
	c = newCheckout(t, newAccount(), append([]string{"DOCKER_USERNAME=pisano", "DOCKER_PASSWORD=hunter2"}, inGitHub...)...)
	programs := t.TempDir()
	calls = filepath.Join(programs, "calls")
	for name, text := range map[string]string{filepath.Join(programs, "docker"): docker, filepath.Join(c.directory, "bin/tested-images"): tested, calls: ""} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c.environment = append(c.environment, "PATH="+programs+":"+os.Getenv("PATH"), "CALLS="+calls, "REVISION_OF_IMAGES="+c.commit)
	return c, calls
}

func (c *checkout) push() (string, error) {
	c.t.Helper()
	return c.make(new(output), "push")
}

const tested = `pisano amd64 sha256:p1
pisano arm64 sha256:p2
client amd64 sha256:c1
client arm64 sha256:c2
nginx amd64 sha256:n1
nginx arm64 sha256:n2
api amd64 sha256:a1
api arm64 sha256:a2
worker amd64 sha256:w1
worker arm64 sha256:w2
`

// pushed is the digest of an image in the registry.
func pushed(image string) string {
	sum := sha256.Sum256([]byte(image + "\n"))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func TestPush_PushesTheImagesThatWereTested(t *testing.T) {
	t.Parallel()
	c, calls := newPush(t, tested)
	if printed, err := c.push(); err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	text, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	rest := string(text)
	const api = "example.com/pisano/pisano-api"
	of := func(architecture string) string { return api + ":" + c.commit + "-" + architecture }
	index := " " + api + "@" + pushed(of("amd64")) + " " + api + "@" + pushed(of("arm64"))
	for _, want := range []string{
		"login --username pisano",
		"tag sha256:p1 example.com/pisano/pisano:" + c.commit + "-amd64", "manifest push --purge example.com/pisano/pisano:" + c.commit,
		"tag sha256:a1 " + of("amd64"), "push " + of("amd64"), "tag sha256:a2 " + of("arm64"), "push " + of("arm64"),
		"manifest create " + api + ":" + c.commit + index, "manifest push --purge " + api + ":" + c.commit,
		"tag sha256:w2 example.com/pisano/pisano-worker:" + c.commit + "-arm64", "manifest push --purge example.com/pisano/pisano-worker:" + c.commit,
		"manifest push --purge example.com/pisano/pisano:latest", "manifest create " + api + ":latest" + index,
		"manifest push --purge example.com/pisano/pisano-worker:latest",
	} {
		_, after, found := strings.Cut(rest, want+"\n")
		if want == "login --username pisano" {
			_, after, found = strings.Cut(rest, want)
		}
		if !found {
			t.Fatalf("%q does not come in its turn in\n%s", want, text)
		}
		rest = after
	}
}

func TestPush_RefusesWhatWasNotTestedOrIsNotTheTip(t *testing.T) {
	t.Parallel()
	for because, spoil := range map[string]func(*checkout){
		"No images were tested here": func(c *checkout) {
			if err := os.Truncate(filepath.Join(c.directory, "bin/tested-images"), 0); err != nil {
				c.t.Fatal(err)
			}
		},
		"The api for arm64 was not tested here": func(c *checkout) {
			text := strings.Replace(tested, "api arm64 sha256:a2\n", "", 1)
			if err := os.WriteFile(filepath.Join(c.directory, "bin/tested-images"), []byte(text), 0o600); err != nil {
				c.t.Fatal(err)
			}
		},
		"is of commit another":       func(c *checkout) { c.environment = append(c.environment, "REVISION_OF_IMAGES=another") },
		"is not delivered":           func(c *checkout) { c.commitAll() },
		"DOCKER_PASSWORD is not set": func(c *checkout) { c.environment = append(c.environment, "DOCKER_PASSWORD=") },
	} {
		t.Run(because, func(t *testing.T) {
			t.Parallel()
			c, calls := newPush(t, tested)
			spoil(c)
			if printed, err := c.push(); err == nil || !strings.Contains(printed, because) {
				t.Errorf("%v\n%s", err, printed)
			}
			if text, err := os.ReadFile(calls); err != nil || strings.Contains(string(text), "push ") {
				t.Errorf("it pushes (%v):\n%s", err, text)
			}
		})
	}
}
