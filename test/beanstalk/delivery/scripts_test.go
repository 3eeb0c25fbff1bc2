package delivery

import (
	"archive/zip"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// digest is that of every image in the registry.
const digest = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

// recorder replaces docker, cosign, bill and crane: it records its arguments and its input. Any image exists for both architectures, of the revision that a file
// in its directory holds; those that are pulled and pushed have the digest above.
const recorder = `#!/bin/sh
here=$(dirname "$0")
program=$(basename "$0")
case "$*" in
*--password-stdin*) echo "$program $* <$(cat)" >>"$here/calls" ;;
*) echo "$program $*" >>"$here/calls" ;;
esac
[ "$program" != bill ] || echo "{}" >"$2/${1#*@}.json"
case "$*" in
"image inspect --format {{.Architecture}}"*-arm64) echo "arm64 id-of-$5" ;;
"image inspect --format {{.Architecture}}"*) echo "amd64 id-of-$5" ;;
"image inspect --format"*) cat "$here/revision" ;;
push*) echo "$2: digest: ` + digest + ` size: 1" ;;
digest*) echo ` + digest + ` ;;
pull*) printf 'Digest: ` + digest + `\nStatus: done\n' ;;
"manifest push"*) echo ` + digest + ` ;;
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
	for _, name := range []string{"docker", "cosign", "bill"} {
		if err := os.WriteFile(filepath.Join(b.directory, name), []byte(recorder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b.set("calls", "")
	b.set("revision", b.commit)
	b.environment = []string{
		"PATH=" + b.directory + ":" + os.Getenv("PATH"), "PISANO_TAG=" + b.commit, "PISANO_REGISTRY=example.com/pisano",
		"DOCKER_USERNAME=pisano", "DOCKER_PASSWORD=hunter2", "AWS_REGION=eu-central-1", "AWS_ACCOUNT_ID=123456789012",
		"PISANO_SUBNETS=subnet-0a,subnet-0b", "PISANO_VPC=vpc-0c", "PISANO_SECURITY_GROUP=sg-0d",
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
		"scripts/push":   "PISANO_TAG",
		"scripts/bundle": "PISANO_TAG AWS_REGION AWS_ACCOUNT_ID PISANO_SUBNETS PISANO_VPC PISANO_SECURITY_GROUP",
		"scripts/deploy": "PISANO_TAG AWS_REGION AWS_ACCOUNT_ID",
	} {
		for variable := range strings.FieldsSeq(variables) {
			b := newBench(t)
			b.environment = append(b.environment, variable+"=")
			b.fail(script, variable+" is not set: ")
			if strings.Contains(b.calls(), "push") {
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
	index := "docker manifest push --purge example.com/pisano/pisano"
	inOrder(t, calls, "docker login --username pisano --password-stdin example.com <hunter2\n",
		index+":"+commit, index+"-client:"+commit, index+"-nginx:"+commit, index+"-api:"+commit, index+"-worker:"+commit,
		index+":latest", index+"-client:latest", index+"-nginx:latest", index+"-api:latest", index+"-worker:latest")
	if strings.Count(calls, "hunter2") != 1 {
		t.Errorf("the password is an argument:\n%s", calls)
	}
}

func TestPush_MakesAnIndexOfTheImagesForAllArchitectures(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	image := "example.com/pisano/pisano-api"
	local := image + ":" + b.commit
	inOrder(t, b.succeed("scripts/push"), "docker login ",
		"docker tag id-of-"+local+" "+local+"-amd64\n", "docker push "+local+"-amd64\n",
		"docker tag id-of-"+local+"-arm64 "+local+"-arm64\n", "docker push "+local+"-arm64\n",
		"docker manifest create "+local+" "+image+"@"+digest+" "+image+"@"+digest+"\n", "docker manifest push --purge "+local+"\n",
		"docker manifest push --purge "+image+":latest\n")
}

// only has an engine for that architecture, without images for another.
func (b *bench) only(architecture string) {
	b.t.Helper()
	const one = "*) echo \"amd64 id"
	text := strings.Replace(recorder, `*-arm64) echo "arm64`, `*-a??64) exit 1; echo "arm64`, 1)
	text = strings.Replace(text, one, strings.Replace(one, "amd64", architecture, 1), 1)
	if err := os.WriteFile(filepath.Join(b.directory, "docker"), []byte(text), 0o755); err != nil {
		b.t.Fatal(err)
	}
}

// Instances on AWS have processors of amd64.
func TestPush_RefusesImagesThatAWSCannotRun(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.only("arm64")
	b.fail("scripts/push", "The pisano for amd64 does not exist, and instances on AWS need it: run make images-amd64")
	if calls := b.calls(); strings.Contains(calls, "docker push") {
		t.Errorf("it pushes:\n%s", calls)
	}
}

func TestPush_SignsWithAKeyBeforeAnyIsLatest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if calls := b.succeed("scripts/push"); strings.Contains(calls, "cosign") {
		t.Errorf("without a key it signs:\n%s", calls)
	}
	b = newBench(t)
	b.environment = append(b.environment, "PISANO_COSIGN_KEY=env://KEY", "KEY=hunter2")
	calls := b.succeed("scripts/push")
	inOrder(t, calls, "docker manifest push --purge example.com/pisano/pisano-worker:"+b.commit+"\n",
		"cosign sign --yes --key env://KEY ", " example.com/pisano/pisano@"+digest+"\n", " example.com/pisano/pisano-worker@"+digest+"\n",
		"docker manifest push --purge example.com/pisano/pisano:latest\n")
	if strings.Count(calls, "cosign sign ") != 5 || strings.Count(calls, "cosign attest --yes --key env://KEY ") != 5 {
		t.Errorf("it does not sign and attest each image once:\n%s", calls)
	}
}

func TestSign_InGitHubUsesTheTokenOfTheWorkflow(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.environment = append(b.environment, "PISANO_DIGESTS=pisano="+digest+" api="+digest, "ACTIONS_ID_TOKEN_REQUEST_URL=https://example.com")
	var want []string
	for _, image := range []string{"example.com/pisano/pisano@" + digest, "example.com/pisano/pisano-api@" + digest} {
		want = append(want, "cosign sign --yes --recursive "+image, "bill "+image+" FOLDER", "cosign attest --yes --type cyclonedx --predicate FOLDER/"+digest+".json "+image)
	}
	calls := regexp.MustCompile(`\S+/bills\.\w+`).ReplaceAllString(strings.TrimSpace(b.succeed("scripts/sign")), "FOLDER")
	if calls != strings.Join(want, "\n") {
		t.Errorf("it calls\n%s", calls)
	}
}

func TestSign_WantsDigestsAndAKeyOrATokenOfTheWorkflow(t *testing.T) {
	t.Parallel()
	for variable, because := range map[string]string{
		"PISANO_DIGESTS=":               "PISANO_DIGESTS is not set: ",
		"PISANO_DIGESTS=api=latest":     "api=latest is not the digest of an image",
		"ACTIONS_ID_TOKEN_REQUEST_URL=": "PISANO_COSIGN_KEY is not set: ",
	} {
		b := newBench(t)
		b.environment = append(b.environment, "PISANO_DIGESTS=api="+digest, "ACTIONS_ID_TOKEN_REQUEST_URL=https://example.com", variable)
		b.fail("scripts/sign", because)
	}
}

func TestPush_OfOneArchitectureNeedsNoIndex(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.only("amd64")
	calls := b.succeed("scripts/push")
	inOrder(t, calls, "docker push example.com/pisano/pisano-api:"+b.commit+"\n", "docker push example.com/pisano/pisano-api:latest\n")
	if strings.Contains(calls, "manifest") {
		t.Errorf("it makes an index:\n%s", calls)
	}
}

func TestPush_HandsTheDigestsToTheJobsThatDeployAndAttest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	output := filepath.Join(b.directory, "output")
	b.environment = append(b.environment, "GITHUB_OUTPUT="+output)
	b.succeed("scripts/push")
	text, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands: NAME=VALUE, or NAME<<END with lines before END
	var digests, checksums []string
	for _, image := range []string{"pisano", "client", "nginx", "api", "worker"} {
		repository := "example.com/pisano/pisano"
		if image != "pisano" {
			repository += "-" + image
		}
		digests = append(digests, image+"="+digest)
		checksums = append(checksums, strings.TrimPrefix(digest, "sha256:")+"  "+repository+"\n")
	}
	if want := "digests=" + strings.Join(digests, " ") + "\nchecksums<<END\n" + strings.Join(checksums, "") + "END\n"; string(text) != want {
		t.Errorf("it hands on\n%s, not\n%s", text, want)
	}
	file := readWorkflow(t)
	if file.Jobs["test"].Outputs["digests"] != "${{ steps.push.outputs.digests }}" || file.Jobs["deploy"].Env["PISANO_DIGESTS"] != "${{ needs.test.outputs.digests }}" {
		t.Error("the workflow does not hand them on")
	}
}

func TestBundle_NamesImagesByTheirDigests(t *testing.T) {
	t.Parallel()
	other := strings.ReplaceAll(digest, "0", "f")
	b := newBench(t)
	b.environment = append(b.environment, "PISANO_DIGESTS=pisano="+digest+" client="+other+" nginx="+other+" api="+other+" worker="+other)
	if calls := b.succeed("scripts/bundle"); strings.Contains(calls, "pull") {
		t.Errorf("the registry is asked for digests that are given:\n%s", calls)
	}
	if text := b.readBundle(); strings.Count(text, "@"+other+`"`) != 4 {
		t.Errorf("the images are not those that were given:\n%s", text)
	}
	for digests, because := range map[string]string{
		"client=" + digest:      "PISANO_DIGESTS lacks an image",
		"client=latest":         "client=latest is not the digest of an image",
		"client=sha256:0123|e|": "is not the digest of an image",
	} {
		b := newBench(t)
		b.environment = append(b.environment, "PISANO_DIGESTS="+digests)
		b.fail("scripts/bundle", because)
	}
}

func TestBundle_HasHTTPSWithACertificateOnly(t *testing.T) {
	t.Parallel()
	for _, certificate := range []string{"", "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b-2c"} {
		b := newBench(t)
		b.environment = append(b.environment, "PISANO_CERTIFICATE_ARN="+certificate)
		b.succeed("scripts/bundle")
		text := b.checkBundle()
		if redirects := strings.Contains(text, "HTTP_301"); redirects != (certificate != "") || redirects && !strings.Contains(text, "SSLCertificateArns: "+certificate+"\n") {
			t.Errorf("with the certificate %q it redirects: %t", certificate, redirects)
		}
	}
	b := newBench(t)
	b.environment = append(b.environment, "PISANO_CERTIFICATE_ARN=0a1b-2c")
	b.fail("scripts/bundle", "PISANO_CERTIFICATE_ARN is not the ARN of a certificate")
}

// readBundle returns the text of all files of the bundle, which has none but those of Elastic Beanstalk.
func (b *bench) readBundle() string {
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
	return all.String()
}

// checkBundle checks that the placeholders of the committed files are replaced, and returns the text of all files.
func (b *bench) checkBundle() string {
	t := b.t
	t.Helper()
	text := b.readBundle()
	for part, times := range map[string]int{
		":latest": 0, "pisanodev": 0, "000000000000": 0, "us-east-1": 0, "hunter2": 0,
		`"example.com/pisano/pisano-`: 4, "@" + digest + `"`: 4, ":" + b.commit: 0, "ubnets: subnet-0a,subnet-0b\n": 2, "VPCId: vpc-0c\n": 1, "SecurityGroups: sg-0d\n": 1,
		"arn:aws:iam::123456789012:role/pisano-execution": 1, "arn:aws:ssm:eu-central-1:123456789012:parameter/": 4,
		`"awslogs-region": "eu-central-1"`: 4,
	} {
		if strings.Count(text, part) != times {
			t.Errorf("%q is %d times in the bundle, not %d", part, strings.Count(text, part), times)
		}
	}
	return text
}
