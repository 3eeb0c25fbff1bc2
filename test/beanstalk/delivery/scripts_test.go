package delivery

import (
	"archive/zip"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder replaces a program that calls a service: it records its arguments and its input, and prints what the files in its
// directory hold.
const recorder = `#!/bin/sh
here=$(dirname "$0")
program=$(basename "$0")
case "$*" in
*--password-stdin*) echo "$program $* <$(cat)" >>"$here/calls" ;;
*) echo "$program $*" >>"$here/calls" ;;
esac
case "$*" in
*"Environments[0].Status"*) cat "$here/status" ;;
*"Environments[0].VersionLabel"*) cat "$here/label" ;;
*"Environments[0].Health"*)
  cat "$here/health"
  sed -i.before s/Grey/Green/ "$here/health" # known by the next time
  ;;
*"Environments[0].CNAME"*) echo pisano.example ;;
*describe-application-versions*) cat "$here/versions" ;;
*get-caller-identity*) echo 123456789012 ;;
*list-available-solution-stacks*) echo "64bit Amazon Linux 2023 v4.0.0 running ECS" ;;
*create-environment*) echo Ready >"$here/status" ;;
esac
`

// bench is a directory of programs that come first in the PATH of a script.
type bench struct {
	t           *testing.T
	commit      string
	directory   string
	environment []string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, commit: strings.ToLower(rand.Text()), directory: t.TempDir()}
	t.Cleanup(func() {
		if err := os.RemoveAll(b.bundle()); err != nil {
			t.Error(err)
		}
	})
	for _, program := range []string{"docker", "aws"} {
		if err := os.WriteFile(filepath.Join(b.directory, program), []byte(recorder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"calls": "", "status": "Ready", "label": b.commit, "health": "Green", "versions": "0"} {
		b.set(name, text)
	}
	b.environment = []string{
		"PATH=" + b.directory + ":" + os.Getenv("PATH"), "PISANO_TAG=" + b.commit, "PISANO_REGISTRY=example.com/pisano",
		"DOCKER_USERNAME=pisano", "DOCKER_PASSWORD=hunter2", "AWS_REGION=eu-central-1", "AWS_ACCOUNT_ID=123456789012",
		"AWS_SECRET_ACCESS_KEY=hunter2", "PISANO_SUBNETS=subnet-0a,subnet-0b", "EB_POLL_SECONDS=0",
	}
	return b
}

// bundle returns the file that scripts/bundle writes.
func (b *bench) bundle() string { return filepath.Join(root, "bin/bundle/pisano-"+b.commit+".zip") }

func (b *bench) set(name, text string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.directory, name), []byte(text+"\n"), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) calls() string {
	b.t.Helper()
	calls, err := os.ReadFile(filepath.Join(b.directory, "calls"))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(calls)
}

// succeed runs a script and returns the calls that it made of other programs.
func (b *bench) succeed(script string) string {
	b.t.Helper()
	output, err := run(b.t, script, b.environment...)
	if err != nil {
		b.t.Fatalf("%s: %v\n%s\n%s", script, err, output, b.calls())
	}
	if strings.Contains(output, "hunter2") {
		b.t.Errorf("%s prints a secret:\n%s", script, output)
	}
	return b.calls()
}

// fail runs a script, which must fail and say why.
func (b *bench) fail(script, because string) {
	b.t.Helper()
	output, err := run(b.t, script, b.environment...)
	if err == nil || !strings.Contains(output, because) || strings.Contains(output, "hunter2") {
		b.t.Errorf("%s: %v\n%s", script, err, output)
	}
}

// inOrder fails the test unless the texts come one after the other.
func inOrder(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("%q does not come in its turn in\n%s", part, text)
		}
		rest = after
	}
}

func TestScripts_NameWhatIsMissing(t *testing.T) {
	t.Parallel()
	for script, variables := range map[string]string{
		"scripts/push":   "PISANO_TAG DOCKER_PASSWORD",
		"scripts/bundle": "PISANO_TAG AWS_REGION AWS_ACCOUNT_ID PISANO_SUBNETS",
		"scripts/deploy": "PISANO_TAG AWS_REGION AWS_ACCOUNT_ID",
	} {
		for variable := range strings.FieldsSeq(variables) {
			b := newBench(t)
			b.environment = append(b.environment, variable+"=")
			b.fail(script, variable+" is not set: ")
			if strings.Contains(b.calls(), "push") || strings.Contains(b.calls(), "create") || strings.Contains(b.calls(), "update") {
				t.Errorf("without %s %s goes on:\n%s", variable, script, b.calls())
			}
		}
	}
	b := newBench(t)
	b.environment = append(b.environment, "PISANO_TAG=latest")
	b.fail("scripts/deploy", "name the commit")
}

func TestPush_TagsAllByCommitBeforeAnyIsLatest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	calls, commit := b.succeed("scripts/push"), b.commit
	image := "docker push example.com/pisano/pisano-"
	inOrder(t, calls, "docker login --username pisano --password-stdin example.com <hunter2\n",
		image+"client:"+commit, image+"nginx:"+commit, image+"api:"+commit, image+"worker:"+commit,
		image+"client:latest", image+"nginx:latest", image+"api:latest", image+"worker:latest")
	if strings.Count(calls, "hunter2") != 1 {
		t.Errorf("the password is an argument:\n%s", calls)
	}
}

func TestDeploy_RegistersANewVersionAndUpdatesTheEnvironment(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	calls, commit := b.succeed("scripts/deploy"), b.commit
	inOrder(t, calls, "aws s3 cp --quiet bin/bundle/pisano-"+commit+".zip s3://elasticbeanstalk-eu-central-1-123456789012/pisano/"+commit+".zip",
		"create-application-version --application-name pisano --version-label "+commit,
		"update-environment --application-name pisano --environment-name pisano-production --version-label "+commit)
	b.checkBundle()
}

// checkBundle checks that the placeholders of the committed files are replaced, and that the bundle has no other files.
func (b *bench) checkBundle() {
	t := b.t
	t.Helper()
	bundle, err := zip.OpenReader(b.bundle())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bundle.Close() }()
	var all strings.Builder
	for _, file := range bundle.File {
		if file.Name != "Dockerrun.aws.json" && !strings.HasPrefix(file.Name, ".ebextensions/") {
			t.Errorf("%s is in the bundle", file.Name)
		}
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, content); err != nil {
			t.Fatal(err)
		}
	}
	text := all.String()
	for part, times := range map[string]int{
		":latest": 0, "pisanodev": 0, "000000000000": 0, "us-east-1": 0, "hunter2": 0,
		`"example.com/pisano/pisano-`: 4, ":" + b.commit + `"`: 4, "- subnet-0a\n": 1, "- subnet-0b\n": 1,
		"arn:aws:iam::123456789012:role/pisano-execution": 1, "arn:aws:ssm:eu-central-1:123456789012:parameter/": 2,
	} {
		if strings.Count(text, part) != times {
			t.Errorf("%q is %d times in the bundle, not %d", part, strings.Count(text, part), times)
		}
	}
}

func TestDeploy_ReusesAnExistingVersion(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.set("versions", "1")
	b.environment = append(b.environment, "PISANO_SUBNETS=") // nothing is built
	calls := b.succeed("scripts/deploy")
	inOrder(t, calls, "update-environment")
	if strings.Contains(calls, "s3 cp") || strings.Contains(calls, "create-") {
		t.Errorf("it was registered again:\n%s", calls)
	}
}

func TestDeploy_CreatesTheEnvironmentTheFirstTime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.set("status", "None")
	inOrder(t, b.succeed("scripts/deploy"), "create-environment --application-name pisano --environment-name pisano-production",
		"--solution-stack-name 64bit Amazon Linux 2023 v4.0.0 running ECS --version-label "+b.commit)
}

func TestDeploy_WaitsForHealth(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.set("versions", "1")
	b.set("health", "Grey")
	if asked := strings.Count(b.succeed("scripts/deploy"), "Environments[0].Health"); asked != 2 {
		t.Errorf("the health was read %d times", asked)
	}
}

func TestDeploy_FailsIfTheUpdateDoes(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]struct{ answer, sentence string }{
		"label":  {"the-one-before", "runs the-one-before: the update did not succeed"},
		"health": {"Red", "its health is Red"},
		"status": {"Updating", "try again when it is Ready"},
	} {
		b := newBench(t)
		b.set("versions", "1")
		b.set(file, want.answer)
		b.fail("scripts/deploy", want.sentence)
	}
}
