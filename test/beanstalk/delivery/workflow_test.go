package delivery

import (
	"regexp"
	"testing"

	"go.yaml.in/yaml/v3"
)

const workflowFile = ".github/workflows/ci.yml"

func readWorkflow(t *testing.T) workflow {
	t.Helper()
	var file workflow
	if err := yaml.Unmarshal(read(t, workflowFile), &file); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestWorkflow_RunsOneMakeAStepAndPinnedActions(t *testing.T) {
	t.Parallel()
	commit := regexp.MustCompile(`^[a-z-]+/[a-z-]+@[0-9a-f]{40}$`)
	for name, job := range readWorkflow(t).Jobs {
		for _, step := range job.Steps {
			if step.Uses != "" && !commit.MatchString(step.Uses) || step.Run != "" && !isMake(step.Run) {
				t.Errorf("%s: %q %q", name, step.Uses, step.Run)
			}
		}
	}
}
