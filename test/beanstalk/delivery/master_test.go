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
	Jobs map[string]struct {
		Needs string `yaml:"needs"`
		If    string `yaml:"if"`
		Steps []struct {
			Uses string         `yaml:"uses"`
			With map[string]any `yaml:"with"`
			Run  string         `yaml:"run"`
			Env  map[string]any `yaml:"env"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// delivers reports whether a script has a step that only a push to master may run.
func delivers(script string) bool {
	for _, target := range targets(script) {
		if target == "push" || target == "deploy" {
			return true
		}
	}
	return strings.Contains(script, "docker push") || strings.Contains(script, "aws ")
}

func TestTravis_DeliversPushesToMasterOnly(t *testing.T) {
	t.Parallel()
	var file travisFile
	readYAML(t, ".travis.yml", &file)
	names, conditions := file.stages(t)
	if strings.Join(names, " ") != "test deliver" {
		t.Errorf("the stages are %q, in this order", names)
	}
	for _, e := range events() {
		var done, delivered bool
		for _, job := range file.Jobs.Include {
			condition, conditional := conditions[job.Stage]
			if !isMake(job.Script) {
				t.Errorf("Travis goes on after a step that failed in %q", job.Script)
			}
			if conditional && !travis(t, condition, e) {
				continue
			}
			done = true
			delivered = delivered || delivers(job.Script)
		}
		if !done || delivered != e.isPushToMaster() {
			t.Errorf("%v: tested %t, delivered %t", e, done, delivered)
		}
	}
}

func TestGitHub_DeliversPushesToMasterOnly(t *testing.T) {
	t.Parallel()
	file := readWorkflow(t)
	for _, e := range events() {
		var done, delivered bool
		for name, job := range file.Jobs {
			if job.If != "" && !github(t, job.If, e) {
				continue
			}
			done = true
			for _, step := range job.Steps {
				if delivers(step.Run) {
					delivered = true
					if job.Needs != "test" {
						t.Errorf("%s does not wait for the tests", name)
					}
				}
			}
		}
		// The language compares without regard to case: the targets refuse what passes here.
		if passes := e.isPushToMaster() || e.kind == "push" && e.tag == "" && strings.EqualFold(e.branch, "master"); !done || delivered != passes {
			t.Errorf("%v: tested %t, delivered %t", e, done, delivered)
		}
	}
}

func TestTargets_RefuseToDeliverOtherPushesInContinuousIntegration(t *testing.T) {
	t.Parallel()
	const refusal = "not a push to master"
	for _, e := range events() {
		github := []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=" + e.kind, "GITHUB_REF=refs/heads/" + e.branch}
		if e.tag != "" {
			github[2] = "GITHUB_REF=refs/tags/" + e.tag
		}
		travis := []string{"TRAVIS=true", "TRAVIS_EVENT_TYPE=" + e.kind, "TRAVIS_BRANCH=" + e.branch, "TRAVIS_TAG=" + e.tag}
		for _, environment := range [][]string{github, travis} {
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

// run runs a script in the root with nothing but this environment, and returns all that it printed.
func run(t *testing.T, script string, environment ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), script)
	command.Path, command.Dir = script, root
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, environment...)
	output, err := command.CombinedOutput()
	return string(output), err
}
