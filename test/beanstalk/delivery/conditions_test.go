package delivery

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
)

// event is what a continuous integration service runs for.
type event struct {
	kind   string // push, pull_request, api, cron as Travis calls them
	branch string // of a pull request: the one it is to be merged into
	tag    string // of a push of a tag, which is the branch as well
}

// isPushToMaster reports whether the event may deliver.
func (e event) isPushToMaster() bool { return e.kind == "push" && e.branch == "master" && e.tag == "" }

// isRelease reports whether the event may release.
func (e event) isRelease() bool { return e.kind == "push" && strings.HasPrefix(e.tag, "v") }

func (e event) String() string { return fmt.Sprintf("%s branch=%s tag=%s", e.kind, e.branch, e.tag) }

func events() []event {
	var all []event
	for _, kind := range []string{"push", "pull_request", "api", "cron"} {
		for _, branch := range []string{"master", "main", "develop", "feature/master", "master2", "Master", "refs/heads/master", "v1.0.0", "core/v1.0.0", "v"} {
			all = append(all, event{kind, branch, ""})
			if kind == "push" {
				all = append(all, event{kind, branch, branch})
			}
		}
	}
	return all
}

// travis evaluates a condition of Travis for an event. It supports what the file uses, terms joined by either AND or OR, and fails the
// test on anything else: https://docs.travis-ci.com/user/conditions-v1
func travis(t *testing.T, condition string, e event) bool {
	t.Helper()
	attributes := map[string]string{"type": e.kind, "branch": e.branch, "tag": e.tag}
	term := regexp.MustCompile(`^(type|branch|tag) (?:(=|!=|=~) (\^?[a-z]+)|IS (blank|present))$`)
	joined, all := " AND ", true
	if strings.Contains(condition, " OR ") {
		joined, all = " OR ", false
	}
	for one := range strings.SplitSeq(condition, joined) {
		parts := term.FindStringSubmatch(one)
		if parts == nil {
			t.Fatalf("%q is not a term that is understood here", one)
		}
		value := attributes[parts[1]]
		holds := (value == parts[3]) == (parts[2] == "=")
		switch {
		case parts[2] == "=~":
			holds = regexp.MustCompile(parts[3]).MatchString(value)
		case parts[4] != "":
			holds = (value == "") == (parts[4] == "blank")
		}
		if holds != all {
			return holds
		}
	}
	return all
}

// github evaluates an expression of GitHub Actions for an event, where the variable PISANO_DELIVER has that value.
func github(t *testing.T, expression string, e event, deliver string) bool {
	t.Helper()
	ref := "refs/heads/" + e.branch
	name := map[string]string{"push": "push", "pull_request": "pull_request", "api": "workflow_dispatch", "cron": "schedule"}[e.kind]
	if e.tag != "" {
		ref = "refs/tags/" + e.tag
	}
	if e.kind == "pull_request" {
		ref = "refs/pull/1/merge"
	}
	node, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(strings.Trim(expression, "${} ") + "}}"))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return evaluate(t, node, map[string]string{"github.ref": ref, "github.event_name": name, "vars.pisano_deliver": deliver}) == true
}

// evaluate supports comparisons of these properties with strings, and startsWith, joined by && and ||.
func evaluate(t *testing.T, node actionlint.ExprNode, properties map[string]string) any {
	t.Helper()
	switch node := node.(type) {
	case *actionlint.LogicalOpNode:
		left, right := evaluate(t, node.Left, properties) == true, evaluate(t, node.Right, properties) == true
		switch node.Kind {
		case actionlint.LogicalOpNodeKindAnd:
			return left && right
		case actionlint.LogicalOpNodeKindOr:
			return left || right
		}
	case *actionlint.CompareOpNode:
		// Strings are compared without regard to case.
		same := strings.EqualFold(evaluate(t, node.Left, properties).(string), evaluate(t, node.Right, properties).(string))
		switch node.Kind {
		case actionlint.CompareOpNodeKindEq:
			return same
		case actionlint.CompareOpNodeKindNotEq:
			return !same
		}
	case *actionlint.FuncCallNode:
		if node.Callee == "startsWith" {
			// It compares without regard to case, too.
			text, prefix := strings.ToLower(evaluate(t, node.Args[0], properties).(string)), strings.ToLower(evaluate(t, node.Args[1], properties).(string))
			return strings.HasPrefix(text, prefix)
		}
	case *actionlint.ObjectDerefNode:
		if of, ok := node.Receiver.(*actionlint.VariableNode); ok {
			if value, known := properties[strings.ToLower(of.Name+"."+node.Property)]; known {
				return value
			}
		}
	case *actionlint.StringNode:
		return node.Value
	}
	t.Fatalf("%T is not understood here", node)
	return nil
}
