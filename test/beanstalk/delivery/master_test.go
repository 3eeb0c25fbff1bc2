package delivery

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

type travisFile struct {
	OS       string `yaml:"os"`
	Dist     string `yaml:"dist"`
	Language string `yaml:"language"`
	Services string `yaml:"services"`
	Env      string `yaml:"env"`
	Git      struct {
		Depth any `yaml:"depth"`
	} `yaml:"git"`
	Stages []any `yaml:"stages"`
	Jobs   struct {
		Include []travisJob `yaml:"include"`
	} `yaml:"jobs"`
}

type travisJob struct {
	Stage  string         `yaml:"stage"`
	Script string         `yaml:"script"`
	Addons map[string]any `yaml:"addons"`
}

// stages returns the conditions of the stages, in order.
func (f travisFile) stages(t *testing.T) (names []string, conditions map[string]string) {
	t.Helper()
	conditions = map[string]string{}
	for _, stage := range f.Stages {
		one, ok := stage.(map[string]any)
		if !ok {
			t.Fatalf("the stage %v is no map", stage)
		}
		unknown(t, "a stage", one, "name if")
		name := one["name"].(string)
		names = append(names, name)
		if condition, there := one["if"]; there {
			conditions[name] = condition.(string)
		}
	}
	return names, conditions
}

type workflow struct {
	Env         map[string]any    `yaml:"env"`
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]struct {
		Needs       string            `yaml:"needs"`
		Outputs     map[string]string `yaml:"outputs"`
		Env         map[string]string `yaml:"env"`
		If          string            `yaml:"if"`
		Environment string            `yaml:"environment"`
		Permissions map[string]string `yaml:"permissions"`
		Steps       []struct {
			Uses string         `yaml:"uses"`
			With map[string]any `yaml:"with"`
			Run  string         `yaml:"run"`
			If   string         `yaml:"if"`
			Env  map[string]any `yaml:"env"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// releases are the targets of a release, in order.
const releases = " login ci-image ci-test release-check push-release ci-test publish"

func TestTravis_DeliversPushesToMasterAndReleasesTagsOnly(t *testing.T) {
	t.Parallel()
	var file travisFile
	readYAML(t, ".travis.yml", &file)
	names, conditions := file.stages(t)
	if strings.Join(names, ", ") != "test, test and push, deploy, release" {
		t.Errorf("the stages are %q, in this order", names)
	}
	for _, e := range events() {
		var done []string
		for _, job := range file.Jobs.Include {
			condition, conditional := conditions[job.Stage]
			if !isMake(job.Script) {
				t.Errorf("Travis goes on after a step that failed in %q", job.Script)
			}
			if !conditional || travis(t, condition, e) {
				done = append(done, targets(job.Script)...)
			}
		}
		want := "login ci-image ci-test"
		switch {
		case e.isPushToMaster():
			want += " push login deploy" // each job is on a machine of its own
		case e.isRelease():
			want += releases
		}
		if got := strings.Join(done, " "); got != want {
			t.Errorf("%v: %s", e, got)
		}
	}
}

func TestGitHub_DeliversPushesToMasterAndReleasesTagsOnlyWhereSwitchedOn(t *testing.T) {
	t.Parallel()
	file := readWorkflow(t)
	for _, e := range events() {
		for _, on := range []string{"", "false", "true"} {
			var done []string
			for _, name := range []string{"test", "deploy", "release"} {
				job := file.Jobs[name]
				if job.If != "" && !github(t, job.If, e, on) {
					continue
				}
				for _, step := range job.Steps {
					if step.If == "" || github(t, step.If, e, on) {
						done = append(done, targets(step.Run)...)
					}
				}
			}
			want := "login ci-image ci-test"
			// The language compares without regard to case: the targets refuse what passes here.
			if on == "true" && (e.isPushToMaster() || e.kind == "push" && e.tag == "" && strings.EqualFold(e.branch, "master")) {
				want += " push deploy"
			}
			if on == "true" && e.isRelease() {
				want += releases
			}
			if got := strings.Join(done, " "); got != want {
				t.Errorf("%v, delivery %q: %s", e, on, got)
			}
		}
	}
	if len(file.Jobs) != 5 || file.Jobs["attest"].Needs != "test" || file.Jobs["sign"].Needs != "test" || file.Jobs["deploy"].Needs != "test" || file.Jobs["release"].Needs != "test" {
		t.Errorf("a job does not wait for the tests, or there are others: %v", file.Jobs)
	}
}

// What attests is not the job that runs the tests: their code could attest anything.
func TestGitHub_AttestsTheImagesThatItPushed(t *testing.T) {
	t.Parallel()
	file := readWorkflow(t)
	if file.Jobs["test"].Permissions != nil || file.Permissions["contents"] != "read" || len(file.Permissions) != 1 {
		t.Errorf("the tests have the permissions %v, %v", file.Permissions, file.Jobs["test"].Permissions)
	}
	job := file.Jobs["attest"]
	if job.If != file.Jobs["deploy"].If || job.Permissions["id-token"] != "write" || job.Permissions["attestations"] != "write" {
		t.Errorf("%v attests, if %s", job.Permissions, job.If)
	}
	handed := file.Jobs["test"].Outputs["checksums"] == "${{ steps.push.outputs.checksums }}" && job.Steps[0].With["subject-checksums"] == "${{ needs.test.outputs.checksums }}"
	if len(job.Steps) != 1 || !strings.HasPrefix(job.Steps[0].Uses, "actions/attest-build-provenance@") || !handed {
		t.Errorf("it attests %v", job.Steps)
	}
}

// What signs runs code of the repository, so it does not attest, and it gets no key.
func TestGitHub_SignsTheImagesThatItPushed(t *testing.T) {
	t.Parallel()
	file := readWorkflow(t)
	job := file.Jobs["sign"]
	if job.If != file.Jobs["deploy"].If || len(job.Permissions) != 2 || job.Permissions["contents"] != "read" || job.Permissions["id-token"] != "write" {
		t.Errorf("%v signs, if %s", job.Permissions, job.If)
	}
	if len(job.Steps) != 2 || job.Steps[1].Run != "make login sign" || job.Env["PISANO_DIGESTS"] != "${{ needs.test.outputs.digests }}" {
		t.Errorf("it signs %v by %v", job.Env, job.Steps)
	}
	if strings.Contains(string(read(t, workflowFile)), "PISANO_COSIGN_KEY") {
		t.Error("the workflow has a key")
	}
}

func TestGitHub_HasNoStoredKeysOfAWS(t *testing.T) {
	t.Parallel()
	if text := string(read(t, workflowFile)); strings.Contains(text, "AWS_SECRET") || strings.Contains(text, "aws-secret") {
		t.Error("the workflow uses a stored key")
	}
	job := readWorkflow(t).Jobs["deploy"]
	if job.Permissions["id-token"] != "write" || job.Environment != "production" {
		t.Errorf("the role of deploy/account.yaml is not given to a job with %v in the environment %q", job.Permissions, job.Environment)
	}
	if policy := string(read(t, "deploy/account.yaml")); !strings.Contains(policy, "sub: { Fn::Sub: \"repo:${GitHubRepository}:environment:production\" }") {
		t.Error("the role is given to other jobs than those of the environment production")
	}
}

func TestTargets_RefuseToDeliverOtherPushesInContinuousIntegration(t *testing.T) {
	t.Parallel()
	const refusal = "not a push to master"
	for _, e := range events() {
		for _, environment := range e.environments() {
			for _, script := range []string{"scripts/push", "scripts/deploy"} {
				output, err := run(t, script, environment...)
				// A delivery that is not refused fails for want of the next setting.
				if err == nil || strings.Contains(output, refusal) == e.isPushToMaster() {
					t.Errorf("%s with %q: %v\n%s", script, environment, err, output)
				}
			}
		}
	}
}

func TestTargets_RefuseToReleaseAnythingButATagInContinuousIntegration(t *testing.T) {
	t.Parallel()
	for _, e := range events() {
		for _, environment := range e.environments() {
			for script, next := range map[string]string{"scripts/push-release": "DOCKER_USERNAME is not set", "scripts/publish": "GITHUB_TOKEN is not set"} {
				output, err := run(t, script, environment...)
				if err == nil || strings.Contains(output, next) != (e.isRelease() && e.tag == "v1.0.0") {
					t.Errorf("%s with %q: %v\n%s", script, environment, err, output)
				}
			}
		}
	}
}

// environments returns the variables of the event in GitHub and in Travis.
func (e event) environments() [][]string {
	github := []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=" + e.kind, "GITHUB_REF=refs/heads/" + e.branch}
	if e.tag != "" {
		github[2] = "GITHUB_REF=refs/tags/" + e.tag
	}
	return [][]string{github, {"TRAVIS=true", "TRAVIS_EVENT_TYPE=" + e.kind, "TRAVIS_BRANCH=" + e.branch, "TRAVIS_TAG=" + e.tag}}
}

// run runs a script in the root with nothing but this environment, and returns all that it printed.
func run(t *testing.T, script string, environment ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), script)
	command.Path, command.Dir = script, root
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, environment...)
	output, err := command.CombinedOutput()
	return string(output), err
}
