package deploy

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// The calls of a version that is new: it is registered after the data are there.
var registration = []string{
	"GetCallerIdentity", "DescribeApplicationVersions", "DescribeSubnets", "DescribeStacks", "CreateChangeSet", "DescribeChangeSet",
	"CreateStorageLocation", "PutObject", "CreateApplicationVersion", "UpdateApplicationResourceLifecycle",
}

// inOrder checks that the calls contain the actions, one after the other.
func inOrder(t *testing.T, a *account, actions ...string) {
	t.Helper()
	rest := a.actions()
	for _, action := range actions {
		i := slices.Index(rest, action)
		if i < 0 {
			t.Fatalf("%s does not come in its turn in %q", action, a.actions())
		}
		rest = rest[i+1:]
	}
}

func TestDeploy_CreatesDataThenEnvironmentTheFirstTime(t *testing.T) {
	t.Parallel()
	a := newAccount()
	c := newCheckout(t, a)
	printed := c.succeed()
	inOrder(t, a, append(slices.Clone(registration), "CreateEnvironment")...)
	inOrder(t, a, "CreateChangeSet", "ExecuteChangeSet", "CreateApplicationVersion")
	if platform := a.values("CreateEnvironment").Get("SolutionStackName"); platform != "64bit Amazon Linux 2023 v4.10.0 running ECS" {
		t.Errorf("the platform is %q", platform)
	}
	template, err := os.ReadFile(filepath.Join(testkit.Root(), "deploy/data.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	changes := a.values("CreateChangeSet")
	parameters := changes.Get("Parameters.member.1.ParameterValue") + " " + changes.Get("Parameters.member.2.ParameterValue")
	if changes.Get("TemplateBody") != string(template) || parameters != "vpc-0c subnet-0a,subnet-0b" {
		t.Errorf("the data are made with %q of\n%s", parameters, changes.Get("TemplateBody"))
	}
	key := "pisano/" + c.version() + ".zip"
	if stored, registered := a.values("PutObject").Get("Object"), a.values("CreateApplicationVersion"); stored != "s3://"+registered.Get("SourceBundle.S3Bucket")+"/"+key ||
		registered.Get("SourceBundle.S3Key") != key {
		t.Errorf("the bundle is stored as %s and registered as %v", stored, registered)
	}
	for _, message := range []string{"createEnvironment is starting.", "The operation is complete."} {
		if strings.Count(printed, message) != 1 {
			t.Errorf("the event %q is not printed once:\n%s", message, printed)
		}
	}
	if !strings.HasSuffix(printed, "runs "+c.version()+": http://pisano.example\n") {
		t.Errorf("it does not say where:\n%s", printed)
	}
}

func TestDeploy_UpdatesAReadyEnvironment(t *testing.T) {
	t.Parallel()
	a := ready("before")
	c := newCheckout(t, a, inGitHub...)
	c.succeed()
	inOrder(t, a, append(slices.Clone(registration), "UpdateEnvironment")...)
	if a.running() != c.version() {
		t.Errorf("%s runs", a.running())
	}
	for _, action := range []string{"CreateEnvironment", "ExecuteChangeSet"} {
		if slices.Contains(a.actions(), action) {
			t.Errorf("%s, though nothing is new but the version", action)
		}
	}
}

func TestDeploy_RegistersImagesByTheirDigests(t *testing.T) {
	t.Parallel()
	const given = "sha256:ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"
	for environment, want := range map[string]string{
		"PISANO_DIGESTS=": digest, // that of the registry
		"PISANO_DIGESTS=client=" + given + " nginx=" + given + " api=" + given + " worker=" + given: given,
	} {
		a := ready("before")
		c := newCheckout(t, a, environment)
		c.succeed()
		text := a.bundled(t)
		for _, name := range []string{"client", "nginx", "api", "worker"} {
			if image := `"example.com/pisano/pisano-` + name + "@" + want + `"`; !strings.Contains(text, image) {
				t.Errorf("%s is not in\n%s", image, text)
			}
		}
	}
}

func TestDeploy_EndsBeforeTheDataAreMadeIfImagesAreMissing(t *testing.T) {
	t.Parallel()
	a := newAccount()
	c := newCheckout(t, a, "PISANO_REGISTRY=example.com/other")
	c.fail("example.com/other/pisano-client:" + c.commit + " can't be pulled: make push pushes it.")
	if slices.Contains(a.actions(), "CreateChangeSet") {
		t.Errorf("the data are made: %q", a.actions())
	}
}

func TestDeploy_UpdatesTheData(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			a := ready("before")
			a.stack, a.changes = status, true
			c := newCheckout(t, a)
			c.succeed()
			inOrder(t, a, "CreateChangeSet", "ExecuteChangeSet", "CreateApplicationVersion", "UpdateEnvironment")
			if a.stack != "UPDATE_COMPLETE" || a.running() != c.version() {
				t.Errorf("the data are %s, %s runs", a.stack, a.running())
			}
		})
	}
}

func TestDeploy_EndsBeforeTheVersionIfTheDataCanNotBeHad(t *testing.T) {
	t.Parallel()
	const failed = "Failed to create/update the stack"
	for what, test := range map[string]struct{ stack, outcome, because string }{
		"creation fails":       {"", "ROLLBACK_COMPLETE", failed},
		"update fails":         {"CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", failed},
		"creation failed once": {"ROLLBACK_COMPLETE", "", "is in ROLLBACK_COMPLETE state and can not be updated"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			a := ready("before")
			a.stack, a.changes, a.outcome = test.stack, true, test.outcome
			newCheckout(t, a).fail(test.because)
			if slices.Contains(a.actions(), "CreateApplicationVersion") {
				t.Errorf("it goes on: %q", a.actions())
			}
		})
	}
}

func TestDeploy_WaitsUntilAnotherUpdateIsComplete(t *testing.T) {
	t.Parallel()
	a := ready("before")
	a.environment.status, a.environment.busy = "Updating", 3
	c := newCheckout(t, a)
	a.change(func() { a.versions[c.version()] = true })
	printed := c.succeed()
	if a.running() != c.version() || !strings.Contains(printed, "pisano-production is Updating: waiting") {
		t.Errorf("%s runs\n%s", a.running(), printed)
	}
}

func TestDeploy_ReturnsToAVersionWithoutTouchingTheData(t *testing.T) {
	t.Parallel()
	a := ready("after")
	c := newCheckout(t, a, "PISANO_SUBNETS=")
	a.change(func() { a.versions[c.version()] = true })
	c.succeed()
	want := []string{"GetCallerIdentity", "DescribeApplicationVersions", "DescribeEnvironments", "UpdateEnvironment"}
	if actions := a.actions(); !slices.Equal(actions[:2], want[:2]) || slices.Contains(actions, "CreateChangeSet") || slices.Contains(actions, "CreateApplicationVersion") {
		t.Errorf("the calls are %q", actions)
	}
	inOrder(t, a, want...)
}

const certificateARN = "arn:aws:acm:" + region + ":" + accountID + ":certificate/0a1b-2c"

func TestDeploy_AddsHTTPSToTheCommitThatRuns(t *testing.T) {
	t.Parallel()
	a := ready("before")
	c := newCheckout(t, a)
	a.change(func() { a.versions[c.version()], a.environment.version = true, c.version() })
	c.environment = append(c.environment, "PISANO_CERTIFICATE_ARN="+certificateARN)
	c.succeed()
	if want := "SSLCertificateArns: " + certificateARN + "\n"; a.running() != c.version() || !strings.Contains(a.bundled(t), want) {
		t.Errorf("%s runs, and %q is not in\n%s", a.running(), want, a.bundled(t))
	}
}

// Browsers that were told to use HTTPS would not come back without it.
func TestDeploy_ReturnsWithHTTPSToACommitThatRanWithoutIt(t *testing.T) {
	t.Parallel()
	a := ready("after")
	c := newCheckout(t, a)
	a.change(func() { a.versions[c.version()] = true })
	c.environment = append(c.environment, "PISANO_CERTIFICATE_ARN="+certificateARN)
	c.succeed()
	if a.running() != c.version() || !strings.Contains(a.bundled(t), "HTTP_301") {
		t.Errorf("%s runs with\n%s", a.running(), a.bundled(t))
	}
}

func TestDeploy_RegistersACommitWithItsOwnFilesOnly(t *testing.T) {
	t.Parallel()
	a := ready("before")
	c := newCheckout(t, a)
	c.commitAll()
	c.fail("There is no version " + c.commit + " yet: check out " + c.commit)
	if slices.Contains(a.actions(), "CreateChangeSet") {
		t.Errorf("the data are changed: %q", a.actions())
	}
}

func TestDeploy_DeliversOnlyTheTipOfMaster(t *testing.T) {
	t.Parallel()
	t.Run("at the start", func(t *testing.T) {
		t.Parallel()
		a := ready("before")
		c := newCheckout(t, a, inGitHub...)
		c.commitAll()
		c.fail("master is at " + c.git("rev-parse", "HEAD") + " now: " + c.commit + " is not delivered")
		if len(a.actions()) > 0 {
			t.Errorf("AWS is called: %q", a.actions())
		}
	})
	t.Run("after the wait for another update", func(t *testing.T) {
		t.Parallel()
		a := ready("before")
		c := newCheckout(t, a, inGitHub...)
		a.change(func() {
			a.before = func(action string) {
				if action == "DescribeEnvironments" {
					c.commitAll()
				}
			}
		})
		c.fail("is not delivered")
		if slices.Contains(a.actions(), "UpdateEnvironment") {
			t.Errorf("the environment is updated: %q", a.actions())
		}
	})
	t.Run("by hand any", func(t *testing.T) {
		t.Parallel()
		a := ready("before")
		c := newCheckout(t, a)
		c.commitAll()
		a.change(func() { a.versions[c.version()] = true })
		c.succeed()
	})
}

func TestDeploy_EndsWithTheErrorOfTheCallThatFails(t *testing.T) {
	t.Parallel()
	registered := []string{"DescribeEnvironments", "ListAvailableSolutionStacks", "CreateEnvironment", "DescribeEvents", "UpdateEnvironment"}
	for _, action := range slices.Concat(registration, []string{"ExecuteChangeSet", "GetTemplateSummary"}, registered) {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			a := newAccount()
			if action == "GetTemplateSummary" || action == "UpdateEnvironment" {
				a = ready("before") // only what exists is updated
			}
			a.refused = action
			c := newCheckout(t, a)
			a.change(func() { a.versions[c.version()] = slices.Contains(registered, action) })
			because := "not authorized to " + action
			if action == "DescribeChangeSet" {
				because = "Error" // the command line hides the reason of this one
			}
			c.fail(because)
			if actions := a.actions(); slices.Index(actions, action) != len(actions)-1 {
				t.Errorf("it goes on: %q", actions)
			}
		})
	}
}

func TestDeploy_FailsUnlessTheVersionRunsInHealth(t *testing.T) {
	t.Parallel()
	for because, spoil := range map[string]func(*account){
		"runs before: the update did not succeed":                    func(a *account) { a.environment.next = "before" },
		"but its health is Red":                                      func(a *account) { a.environment.health = "Red" },
		"pisano-production is Terminating":                           func(a *account) { a.environment.status = "Terminating" },
		"AWS_ACCOUNT_ID is not the account of the credentials":       func(a *account) { a.identity = "210987654321" },
		"has no platform with ECS on Amazon Linux 2023 in " + region: func(a *account) { a.platforms, a.environment = nil, nil },
	} {
		t.Run(because, func(t *testing.T) {
			t.Parallel()
			a := ready("before")
			spoil(a)
			c := newCheckout(t, a)
			a.change(func() { a.versions[c.version()] = true })
			c.fail(because)
		})
	}
}

func TestDeploy_IsNeverSilentForAMinute(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile(filepath.Join(testkit.Root(), "scripts/deploy"))
	if err != nil {
		t.Fatal(err)
	}
	period := regexp.MustCompile(`EB_REMINDER_SECONDS:-([0-9]+)`).FindSubmatch(script)
	if period == nil {
		t.Fatal("there is no reminder")
	}
	if seconds, err := strconv.Atoi(string(period[1])); err != nil || seconds >= 60 {
		t.Errorf("it reminds every %s s", period[1])
	}
	a := ready("before")
	c := newCheckout(t, a, "EB_REMINDER_SECONDS=0.1")
	printed := new(output)
	// The first call of each kind is answered only after a reminder.
	var once sync.Map
	wait := func(action string) {
		if _, known := once.LoadOrStore(action, true); known {
			return
		}
		seen := strings.Count(printed.String(), "still deploying")
		testkit.Eventually(t, "a reminder while "+action+" is not answered", func() error {
			if strings.Count(printed.String(), "still deploying") == seen {
				return fmt.Errorf("silent since %v", time.Now())
			}
			return nil
		})
	}
	a.change(func() { a.before = wait })
	if text, err := c.make(printed, "deploy"); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}
