// Package deploy runs make deploy whole, with the real AWS command line, against an account of the test's own.
package deploy

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// checkout is a repository with what make deploy uses, whose origin it is itself.
type checkout struct {
	t           *testing.T
	directory   string
	commit      string
	environment []string
}

// registry is a Docker client that can do nothing but pull images of a commit, which have this digest.
const registry = `#!/bin/sh
case "$*" in
"pull example.com/pisano/pisano-"*":$PISANO_TAG") printf 'Digest: ` + digest + `\nStatus: done\n' ;;
*) echo "docker $*: manifest unknown" >&2; exit 1 ;;
esac
`

const digest = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

// inGitHub is the environment of a push to master in GitHub Actions.
var inGitHub = []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/master"}

func newCheckout(t *testing.T, a *account, environment ...string) *checkout {
	t.Helper()
	c := &checkout{t: t, directory: t.TempDir()}
	for _, name := range []string{"scripts", "deploy", ".ebextensions"} {
		if err := os.CopyFS(filepath.Join(c.directory, name), os.DirFS(filepath.Join(testkit.Root(), name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Makefile", "Dockerrun.aws.json"} {
		text, err := os.ReadFile(filepath.Join(testkit.Root(), name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(c.directory, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	programs := t.TempDir()
	if err := os.WriteFile(filepath.Join(programs, "docker"), []byte(registry), 0o755); err != nil {
		t.Fatal(err)
	}
	c.git("init", "--quiet", "--initial-branch", "master")
	c.git("remote", "add", "origin", c.directory)
	c.git("add", ".")
	c.commitAll()
	c.commit = c.git("rev-parse", "HEAD")
	c.environment = append([]string{
		"PATH=" + programs + ":" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "PISANO_TAG=" + c.commit, "PISANO_REGISTRY=example.com/pisano",
		"AWS_REGION=" + region, "AWS_ACCOUNT_ID=" + accountID, "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=hunter2",
		"PISANO_SUBNETS=subnet-0a,subnet-0b", "EB_POLL_SECONDS=0",
	}, serve(t, a)...)
	c.environment = append(c.environment, environment...)
	return c
}

// version returns the label of the version that the checkout deploys: its commit, and a checksum of its certificate.
func (c *checkout) version() string {
	c.t.Helper()
	certificate := ""
	for _, variable := range c.environment {
		if value, found := strings.CutPrefix(variable, "PISANO_CERTIFICATE_ARN="); found {
			certificate = value
		}
	}
	if certificate == "" {
		return c.commit
	}
	command := exec.CommandContext(c.t.Context(), "cksum")
	command.Stdin = strings.NewReader(certificate + "\n")
	output, err := command.Output()
	if err != nil {
		c.t.Fatal(err)
	}
	sum, _, _ := strings.Cut(string(output), " ")
	return c.commit + "-" + sum
}

func (c *checkout) git(arguments ...string) string {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), "git", append([]string{"-C", c.directory, "-c", "user.name=Pisano", "-c", "user.email=pisano@example.com"}, arguments...)...)
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull)
	output, err := command.CombinedOutput()
	if err != nil {
		c.t.Fatalf("git %q: %v\n%s", arguments, err, output)
	}
	return strings.TrimSpace(string(output))
}

// commitAll makes a new commit, which is the tip of master from then on.
func (c *checkout) commitAll() {
	c.git("commit", "--quiet", "--allow-empty", "--message", "test: a commit")
}

// make makes a target and returns all that it printed.
func (c *checkout) make(output *output, target string) (string, error) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), "make", target)
	command.Dir, command.Env = c.directory, c.environment
	command.Stdout, command.Stderr = output, output
	err := command.Run()
	if strings.Contains(output.String(), "hunter2") {
		c.t.Errorf("make %s prints a secret:\n%s", target, output)
	}
	return output.String(), err
}

// succeed runs make deploy, which must succeed, and returns what it printed.
func (c *checkout) succeed() string {
	c.t.Helper()
	text, err := c.make(new(output), "deploy")
	if err != nil {
		c.t.Fatalf("make deploy: %v\n%s", err, text)
	}
	return text
}

// fail runs make deploy, which must fail and say why.
func (c *checkout) fail(because string) {
	c.t.Helper()
	if text, err := c.make(new(output), "deploy"); err == nil || !strings.Contains(text, because) {
		c.t.Errorf("make deploy: %v, without %q\n%s", err, because, text)
	}
}

// output is what a program printed so far.
type output struct {
	sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.Lock()
	defer o.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.Lock()
	defer o.Unlock()
	return o.text.String()
}
