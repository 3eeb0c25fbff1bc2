package production

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// patience bounds a command of the document.
const patience = 15 * time.Minute

// newcomer is somebody who follows docs/self-hosting.md, in a clone of this repository beside other systems on the machine, with the
// images that the tests have.
type newcomer struct {
	t       *testing.T
	blocks  []string // of commands, in their order
	folder  string   // where the commands run
	backups string
	stack   *docker.Stack
}

func newNewcomer(t *testing.T) *newcomer {
	t.Helper()
	n := &newcomer{t: t, folder: t.TempDir(), backups: t.TempDir()}
	text, err := os.ReadFile(filepath.Join(testkit.Root(), "docs/self-hosting.md"))
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`(?m)^(apt-get|make images) .*\n`).ReplaceAll(text, nil)
	for from, to := range map[string]string{
		"git clone https://github.com/pisano-dev/pisano.git": "git clone --quiet '" + testkit.Root() + "' pisano",
		"pisano.example.org": "localhost",
		"127.0.0.1:3050":     "127.0.0.1:0",
		"~/pisano":           filepath.Join(n.folder, "pisano"),
		"/var/backups":       n.backups,
	} {
		if !bytes.Contains(text, []byte(from)) {
			t.Fatalf("docs/self-hosting.md does not say %s", from)
		}
		text = bytes.ReplaceAll(text, []byte(from), []byte(to))
	}
	for _, block := range regexp.MustCompile("(?ms)^```\n(.*?)^```$").FindAllSubmatch(text, -1) {
		n.blocks = append(n.blocks, string(block[1]))
	}
	if len(n.blocks) != 5 {
		t.Fatalf("docs/self-hosting.md has %d blocks of commands", len(n.blocks))
	}
	return n
}

// shell runs commands.
func (n *newcomer) shell(environment []string, shell, commands string) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	begin := time.Now()
	command := exec.CommandContext(ctx, shell, "-ec", commands)
	command.Dir, command.Env, command.WaitDelay = n.folder, environment, time.Second
	output, err := command.CombinedOutput()
	if err != nil {
		n.t.Fatalf("%s: %v\n%s", commands, err, output)
	}
	n.t.Logf("%v for\n%s", time.Since(begin).Round(100*time.Millisecond), commands)
}

// environment is that of the newcomer's shell.
func (n *newcomer) environment() []string {
	own := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "PISANO_") || strings.HasPrefix(variable, "COMPOSE_") || strings.HasPrefix(variable, "MAKE")
	})
	own = append(own, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
	for _, name := range []string{"PISANO_REGISTRY", "PISANO_TAG"} {
		if value, set := os.LookupEnv(name); set {
			own = append(own, name+"="+value)
		}
	}
	return own
}

// clone clones the repository. In the clone Compose gets a name that no other system of this machine has.
func (n *newcomer) clone() {
	n.t.Helper()
	n.shell(n.environment(), "bash", n.blocks[0])
	n.folder = filepath.Join(n.folder, "pisano")
	n.stack = docker.Compose(n.t, "self-hosting", filepath.Join(n.folder, "docker-compose.production.yml"), "COMPOSE_PROFILES=https,watch",
		"POSTGRES_PASSWORD=unused", "REDIS_PASSWORD=unused")
	script := filepath.Join(n.folder, "scripts/compose")
	text, err := os.ReadFile(script)
	if err != nil {
		n.t.Fatal(err)
	}
	own := regexp.MustCompile(`(?m)^ *compose\+=\(--project-name pisano-production .*\)$`)
	if !own.Match(text) {
		n.t.Fatalf("scripts/compose does not name its project:\n%s", text)
	}
	text = own.ReplaceAllLiteral(text, []byte("compose=("+n.stack.CommandWith(filepath.Join(n.folder, ".env"))+")"))
	if err := os.WriteFile(script, text, 0o755); err != nil {
		n.t.Fatal(err)
	}
}

// settle makes the settings, with ports that are free and images that this machine has. No machine that runs tests needs Grafana: another
// program stands in for it.
func (n *newcomer) settle() {
	n.t.Helper()
	n.shell(n.environment(), "bash", n.blocks[1])
	var settings strings.Builder
	settings.WriteString("PISANO_HTTP_PORT=0\nPISANO_HTTPS_PORT=0\nPISANO_PROMETHEUS_PORT=127.0.0.1:0\nPISANO_GRAFANA_PORT=127.0.0.1:0\n")
	for _, name := range []string{docker.PostgresImage, docker.RedisImage, "PISANO_CADDY_IMAGE", docker.PrometheusImage, docker.NodeExporterImage, docker.BlackboxImage} {
		fmt.Fprintf(&settings, "%s=%s\n", name, docker.ServerImage(n.t, name))
	}
	fmt.Fprintf(&settings, "PISANO_GRAFANA_IMAGE=%s\n", docker.ServerImage(n.t, docker.NodeExporterImage))
	file, err := os.OpenFile(filepath.Join(n.folder, ".env"), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = file.WriteString(settings.String())
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		n.t.Fatal(err)
	}
}

// wantReady asks over HTTPS what the document asks.
func (n *newcomer) wantReady() {
	n.t.Helper()
	question := regexp.MustCompile(`(?m)^\$ curl https://localhost(\S+)\n\{("status":"ready"), …\}$`).FindStringSubmatch(n.blocks[3])
	if question == nil {
		n.t.Fatalf("the document asks nothing: %s", n.blocks[3])
	}
	site := openSite(n.t, n.stack.Only("caddy"))
	testkit.Eventually(n.t, "the system", func() error {
		response, err := site.Do(site.request(http.MethodGet, question[1], ""))
		if err != nil {
			return err
		}
		defer response.Body.Close()
		var body bytes.Buffer
		if _, err := body.ReadFrom(response.Body); err != nil {
			return err
		}
		if !strings.Contains(body.String(), question[2]) {
			return fmt.Errorf("%s: %s", response.Status, body.String())
		}
		return nil
	})
}

// wantBackup runs the line of the crontab as cron does, and wants nothing beside a dump of PostgreSQL.
func (n *newcomer) wantBackup() {
	n.t.Helper()
	line := regexp.MustCompile(`^\d+ \d+ \* \* \* (.+)\n$`).FindStringSubmatch(n.blocks[4])
	if line == nil {
		n.t.Fatalf("this is not a line of a crontab: %s", n.blocks[4])
	}
	environment := []string{"SHELL=/bin/sh", "LOGNAME=root"}
	for _, name := range []string{"HOME", "PATH", "DOCKER_HOST"} {
		environment = append(environment, name+"="+os.Getenv(name))
	}
	n.shell(environment, "/bin/sh", strings.ReplaceAll(line[1], `\%`, "%"))
	files, err := filepath.Glob(filepath.Join(n.backups, "*"))
	if err != nil || len(files) != 1 {
		n.t.Fatalf("the backups are %q, %v", files, err)
	}
	if text, err := os.ReadFile(files[0]); err != nil || !bytes.HasPrefix(text, []byte("PGDMP")) {
		n.t.Errorf("%s is not a dump: %.20q, %v", files[0], text, err)
	}
}

func TestSelfHosting_EndsWithHTTPSAndBackups(t *testing.T) {
	t.Parallel()
	n := newNewcomer(t)
	n.clone()
	n.settle()
	n.shell(n.environment(), "bash", n.blocks[2])
	n.wantReady()
	n.wantBackup()
	n.wantBackup() // the day of the week comes again
}
