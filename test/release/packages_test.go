package release

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

const unit = "/usr/lib/systemd/system/pisano.service"

// installed are the files of the packages.
var installed = []string{"/etc/pisano/pisano.env", "/usr/bin/pisano", unit, "/usr/share/doc/pisano/copyright"}

// image is that of a machine on which packages are installed.
const image = "pisano-test/release"

// buildImage builds it once, from the base that test/bases/prepare has made.
var buildImage = sync.OnceValue(func() error {
	_, err := docker.Try(context.Background(), "docker", "build", "--quiet", "--network", "host", "--build-arg", "http_proxy", "--build-arg", "https_proxy",
		"--build-arg", "BASE=pisano-test/debian:bookworm", "--tag", image, "test/release/machine")
	return err
})

// startMachine starts a container that has the release in /release.
func startMachine(t *testing.T, options ...string) *docker.Container {
	t.Helper()
	if err := buildImage(); err != nil {
		t.Fatal(err)
	}
	return docker.Run(t, slices.Concat([]string{"--init", "--volume", folder + ":/release:ro"}, options, []string{image})...)
}

func TestPackages_HoldTheServiceInEachFormAndArchitecture(t *testing.T) {
	t.Parallel()
	version := readRelease(t).Version
	upstream, _, _ := strings.Cut(version, "-")
	container := startMachine(t)
	for _, name := range packages(version) {
		file := "/release/" + name
		var is, listed string
		if strings.HasSuffix(name, ".rpm") {
			is = container.Exec("rpm", "-qp", "--queryformat", "%{ARCH} %{VERSION}", file)
			listed = container.Exec("rpm", "-qpl", file)
		} else {
			is = container.Exec("dpkg-deb", "--showformat", "${Architecture} ${Version}", "--show", file)
			listed = container.Exec("sh", "-c", `dpkg-deb --fsys-tarfile "$0" | tar -t | sed 's/^\.*//'`, file)
		}
		for _, want := range installed {
			if !slices.Contains(strings.Fields(listed), want) {
				t.Errorf("%s does not hold %s:\n%s", name, want, listed)
			}
		}
		got := strings.NewReplacer("x86_64", "amd64", "aarch64", "arm64").Replace(is)
		if want := name[strings.LastIndex(name, "_")+1 : strings.LastIndex(name, ".")]; !strings.HasPrefix(got, want+" "+upstream) {
			t.Errorf("%s is of %s", name, got)
		}
	}
}

// The largest exposure that is allowed is 3.0 of 10.
func TestUnit_IsValidAndConfined(t *testing.T) {
	t.Parallel()
	container := startMachine(t)
	installPackage(t, container)
	container.Exec("systemd-analyze", "verify", unit)
	report := strings.Split(container.Exec("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=30", unit), "\n")
	t.Log(report[len(report)-1])
}

func installPackage(t *testing.T, container *docker.Container) {
	t.Helper()
	container.Exec("dpkg", "--install", "/release/pisano_"+readRelease(t).Version+"_linux_amd64.deb")
}

// The service runs as systemd would start it, but for the confinement of the unit: as a user of its own without any capability, with
// the settings of the unit and of its file.
func TestService_AnswersIsRestoredByRootAndKeepsItsDataWhenThePackageIsRemoved(t *testing.T) {
	t.Parallel()
	container := startMachine(t, "--publish", "127.0.0.1::8123")
	installPackage(t, container)
	const settings = "/etc/pisano/pisano.env"
	container.Exec("sh", "-c", "echo PORT=8123 >>"+settings)
	setting := func(name string) string {
		match := regexp.MustCompile(`(?m)^` + name + `=-?(.+)$`).FindStringSubmatch(container.Exec("cat", unit))
		if match == nil {
			t.Fatalf("the unit has no %s", name)
		}
		return match[1]
	}
	if file := setting("EnvironmentFile"); file != settings {
		t.Errorf("the settings are in %s", file)
	}
	const user = "61184" // of those that systemd takes for dynamic users
	data := "/var/lib/" + setting("StateDirectory")
	container.Exec("install", "--directory", "--owner", user, "--group", user, "--mode", setting("StateDirectoryMode"), data)
	c := pisano.NewClient(t, container.Address(8123), "/api")
	start := func() {
		docker.CLI(t, "exec", "--detach", container.ID, "sh", "-ac", ". "+settings+"; exec setpriv --reuid "+user+" --regid "+user+
			" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all env "+setting("Environment")+" "+setting("ExecStart"))
		testkit.Eventually(t, "the service", c.Ready)
	}
	start()
	if answer := c.Want(http.StatusOK, http.MethodGet, "/healthz", ""); answer.Text == "" {
		t.Error("/healthz says nothing")
	}
	if page := c.Want(http.StatusOK, http.MethodGet, "/", ""); !strings.Contains(page.Text, "<title>") || !strings.Contains(page.Text, "/assets/") {
		t.Errorf("the page is %.200q", page.Text)
	}
	c.MustSubmit(10)
	if v := c.Await(10); v.Value != "55" {
		t.Errorf("F(10) is %q", v.Value)
	}

	container.Exec("env", setting("Environment"), "pisano", "backup", "/tmp/pisano.backup")
	c.MustSubmit(11) // it is in no backup
	container.Exec("start-stop-daemon", "--stop", "--retry", "60", "--name", "pisano")
	container.Exec("env", setting("Environment"), "pisano", "restore", "--overwrite", "/tmp/pisano.backup")
	start()
	if v := c.Await(10); v.Value != "55" {
		t.Errorf("after the restore F(10) is %q", v.Value)
	}
	c.Want(http.StatusNotFound, http.MethodGet, "/api/values/11", "")

	container.Exec("dpkg", "--purge", "pisano")
	container.Exec("test", "-s", data+"/pisano.db")
	if left := container.Exec("sh", "-c", "ls -d "+strings.Join(installed, " ")+" 2>/dev/null || true"); left != "" {
		t.Errorf("these files are left: %s", left)
	}
}
