package deploy

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	accountID = "123456789012"
	region    = "eu-central-1"
)

// account answers the calls that make deploy makes of AWS, in the form that AWS documents for each service. It knows one stack, one
// application and one environment.
type account struct {
	sync.Mutex
	calls []call
	// before is called with each action before it is answered, without the lock. It may be nil.
	before func(action string)
	// refused is the action that is answered with AccessDenied.
	refused string

	identity    string
	platforms   []string
	stack       string // its status, empty if there is none
	changes     bool   // whether the template has some for the stack
	outcome     string // the status of the stack after changes
	versions    map[string]bool
	environment *environment
	events      []event // newest first, as AWS lists them
	bundle      []byte  // what was uploaded last
}

type call struct {
	action string
	values url.Values
}

type environment struct {
	status, version, health string
	idle                    int    // how many descriptions do not show yet that an update was called for
	busy                    int    // how many descriptions say so before it is Ready
	next                    string // the version that it is updated to
}

type event struct{ date, message string }

func newAccount() *account {
	return &account{
		identity: accountID, versions: map[string]bool{}, changes: true, outcome: "CREATE_COMPLETE",
		platforms: []string{
			"64bit Amazon Linux 2023 v4.9.1 running ECS", "64bit Amazon Linux 2023 v4.10.0 running ECS",
			"64bit Amazon Linux 2023 v4.11.0 running Docker", "64bit Amazon Linux 2 v5.0.0 running ECS",
		},
	}
}

// ready is an account where a version runs.
func ready(version string) *account {
	a := newAccount()
	a.stack, a.changes, a.outcome = "CREATE_COMPLETE", false, "UPDATE_COMPLETE"
	a.versions[version] = true
	a.environment = &environment{status: "Ready", version: version, health: "Green"}
	return a
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	values := url.Values{}
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			values, err = url.ParseQuery(string(body))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	action := values.Get("Action")
	if bucket, _, of := strings.Cut(r.Host, ".s3."); of && r.Method == http.MethodPut {
		action = "PutObject"
		values.Set("Object", "s3://"+bucket+r.URL.Path)
		bundle, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		a.change(func() { a.bundle = bundle })
	}
	a.Lock()
	before := a.before
	a.Unlock()
	if before != nil {
		before(action)
	}
	a.Lock()
	defer a.Unlock()
	a.calls = append(a.calls, call{action, values})
	if action == a.refused {
		refuse(w, http.StatusForbidden, "AccessDenied", "not authorized to "+action)
		return
	}
	result, fault := a.answer(action, values)
	if fault != "" {
		refuse(w, http.StatusBadRequest, "ValidationError", fault)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	if action == "DescribeSubnets" { // EC2 has a form of its own
		_, _ = fmt.Fprintf(w, "<%[1]sResponse>%[2]s</%[1]sResponse>", action, result)
		return
	}
	_, _ = fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", action, result)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	fault := fmt.Sprintf("<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
	// The first is the form of S3 and, with Errors around it, of EC2; the second is that of all others.
	_, _ = fmt.Fprintf(w, "<ErrorResponse>%s<Errors>%s</Errors></ErrorResponse>", fault, fault)
}

// answer returns the XML of a result, or what is wrong with the call.
func (a *account) answer(action string, values url.Values) (result, fault string) {
	switch action {
	case "GetCallerIdentity":
		return element("Account", a.identity), ""
	case "DescribeSubnets":
		return element("subnetSet", element("item", element("subnetId", values.Get("SubnetId.1"))+element("vpcId", "vpc-0c"))), ""
	case "PutObject":
		return "", ""
	case "DescribeStacks":
		if a.stack == "" {
			return "", "Stack with id pisano-data does not exist"
		}
		output := element("member", element("OutputKey", "Clients")+element("OutputValue", "sg-0d"))
		return element("Stacks", element("member", element("StackName", "pisano-data")+element("CreationTime", "2030-01-01T00:00:00Z")+
			element("StackStatus", a.stack)+element("Outputs", output))), ""
	case "GetTemplateSummary": // asked of a template that is to update a stack
		return element("Parameters", element("member", element("ParameterKey", "Vpc"))+element("member", element("ParameterKey", "Subnets"))), ""
	case "CreateChangeSet":
		if a.stack == "ROLLBACK_COMPLETE" {
			return "", "Stack:pisano-data is in ROLLBACK_COMPLETE state and can not be updated."
		}
		return element("Id", "changes") + element("StackId", "pisano-data"), ""
	case "DescribeChangeSet":
		if !a.changes {
			return element("Status", "FAILED") + element("StatusReason", "The submitted information didn't contain changes."), ""
		}
		return element("Status", "CREATE_COMPLETE"), ""
	case "ExecuteChangeSet":
		a.stack, a.changes = a.outcome, false
		return "", ""
	}
	return a.answerBeanstalk(action, values)
}

func (a *account) answerBeanstalk(action string, values url.Values) (result, fault string) {
	label := values.Get("VersionLabel")
	switch action {
	case "DescribeApplicationVersions":
		if label = values.Get("VersionLabels.member.1"); !a.versions[label] {
			return "<ApplicationVersions/>", ""
		}
		return element("ApplicationVersions", element("member", element("VersionLabel", label))), ""
	case "CreateStorageLocation":
		return element("S3Bucket", "elasticbeanstalk-"+region+"-"+accountID), ""
	case "CreateApplicationVersion":
		a.versions[label] = true
		return "", ""
	case "UpdateApplicationResourceLifecycle":
		return "", ""
	case "ListAvailableSolutionStacks":
		var all strings.Builder
		for _, platform := range a.platforms {
			all.WriteString(element("member", platform))
		}
		return element("SolutionStacks", all.String()), ""
	case "CreateEnvironment":
		if a.environment != nil || !a.versions[label] || !slices.Contains(a.platforms, values.Get("SolutionStackName")) {
			return "", "The environment can't be created."
		}
		a.environment = &environment{status: "Launching", version: label, next: label, health: "Grey", busy: 2}
		a.happen("createEnvironment is starting.")
		return "", ""
	case "UpdateEnvironment":
		if a.environment.status != "Ready" || a.environment.idle > 0 || !a.versions[label] {
			return "", "Environment named pisano-production is in an invalid state for this operation. Must be Ready."
		}
		a.environment.idle, a.environment.busy = 2, 2
		if a.environment.next == "" {
			a.environment.next = label
		}
		a.happen("Environment update is starting.")
		return "", ""
	case "DescribeEnvironments":
		return element("Environments", a.environment.describe(a)), ""
	case "DescribeEvents":
		var all strings.Builder
		for _, e := range a.events {
			all.WriteString(element("member", element("EventDate", e.date)+element("Severity", "INFO")+element("Message", e.message)))
		}
		return element("Events", all.String()), ""
	}
	return "", action + " is not known to this account."
}

// describe is a member of DescribeEnvironments, or nothing.
func (e *environment) describe(a *account) string {
	if e == nil {
		return ""
	}
	switch {
	case e.idle > 0:
		e.idle--
	case e.busy > 1:
		e.busy--
		if e.status == "Ready" {
			e.status = "Updating"
		}
	case e.busy == 1:
		e.busy, e.status = 0, "Ready"
		if e.next != "" {
			e.version = e.next
		}
		if e.health == "Grey" {
			e.health = "Green"
		}
		a.happen("The operation is complete.")
	}
	return element("member", element("EnvironmentName", "pisano-production")+element("Status", e.status)+element("VersionLabel", e.version)+
		element("Health", e.health)+element("CNAME", "pisano.example"))
}

// happen adds an event.
func (a *account) happen(message string) {
	a.events = slices.Insert(a.events, 0, event{fmt.Sprintf("2030-01-01T00:00:%02dZ", len(a.events)), message})
}

// change changes the account while it may be called.
func (a *account) change(change func()) {
	a.Lock()
	defer a.Unlock()
	change()
}

// running returns the version that the environment has.
func (a *account) running() string {
	a.Lock()
	defer a.Unlock()
	return a.environment.version
}

// actions returns the actions of all calls, in order.
func (a *account) actions() []string {
	a.Lock()
	defer a.Unlock()
	var all []string
	for _, c := range a.calls {
		all = append(all, c.action)
	}
	return all
}

// values returns the parameters of the only call of an action, or nil.
func (a *account) values(action string) url.Values {
	a.Lock()
	defer a.Unlock()
	var found url.Values
	for _, c := range a.calls {
		if c.action == action {
			if found != nil {
				return nil
			}
			found = c.values
		}
	}
	return found
}

// bundled returns the text of all files of the bundle that was uploaded last. The command line of AWS may upload in pieces, with
// signatures between them.
func (a *account) bundled(t *testing.T) string {
	t.Helper()
	a.Lock()
	defer a.Unlock()
	begin, end := bytes.Index(a.bundle, []byte("PK\x03\x04")), bytes.LastIndex(a.bundle, []byte("PK\x05\x06"))
	if begin < 0 || end < 0 {
		t.Fatalf("no bundle was uploaded, but %d bytes", len(a.bundle))
	}
	files, err := zip.NewReader(bytes.NewReader(a.bundle[begin:end+22]), int64(end+22-begin))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, content); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func element(name, content string) string { return "<" + name + ">" + content + "</" + name + ">" }
