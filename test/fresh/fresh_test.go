// Package fresh runs the first command of the README in a new checkout and in a hostile environment.
package fresh

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// patience bounds a build, which takes minutes when nothing is cached.
const patience = 15 * time.Minute

// hostile is an environment that changes what the tools do, unless make overrides it.
func hostile(t *testing.T) []string {
	t.Helper()
	startup := filepath.Join(t.TempDir(), "startup")
	if err := os.WriteFile(startup, []byte("cd() { echo 'from BASH_ENV'; builtin cd \"$@\"; }\nset -o noclobber\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{
		"BASH_ENV=" + startup, "CDPATH=.:/", "SHELLOPTS=braceexpand:noclobber", "POSIXLY_CORRECT=1",
		"GOFLAGS=-mod=vendor -tags=nonsense", "GOOS=plan9", "GOARCH=386", "GO111MODULE=off", "GOWORK=/nowhere/go.work", "CGO_ENABLED=1", "CC=/nowhere/cc",
		"NODE_ENV=production", "NODE_OPTIONS=--throw-deprecation", "NPM_CONFIG_OMIT=dev", "npm_config_ignore_scripts=true", "npm_config_global=true",
		"GIT_DIR=/nowhere", "GIT_WORK_TREE=/nowhere", "GIT_INDEX_FILE=/nowhere/index",
		"COMPOSE_FILE=/nowhere.yml", "COMPOSE_PROJECT_NAME=theirs", "DOCKER_DEFAULT_PLATFORM=linux/s390x",
		"LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8", "MAKEFLAGS=-j4",
	}
}

// checkOut clones HEAD to a path with spaces as Git for Windows does, under a umask that hides it from others.
func checkOut(t *testing.T) string {
	t.Helper()
	clone := filepath.Join(t.TempDir(), "a path", "with spaces & more")
	command := exec.CommandContext(t.Context(), "sh", "-c", `umask 077 && exec git clone --quiet --config core.autocrlf=true "$0" "$1"`, testkit.Root(), clone)
	command.Env = append(os.Environ(), "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("cloning, which needs git and a repository, not a source archive: %v\n%s", err, output)
	}
	return clone
}

func TestCheckout_HasTheSameBytesEverywhere(t *testing.T) {
	t.Parallel()
	clone := checkOut(t)
	files, err := exec.CommandContext(t.Context(), "git", "-C", clone, "ls-files", "-z").Output()
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Split(strings.TrimRight(string(files), "\x00"), "\x00")
	if len(names) < 100 {
		t.Fatalf("the checkout has %d files", len(names))
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(clone, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, ".png") && bytes.Contains(text, []byte("\r\n")) {
			t.Errorf("%s has CRLF line ends", name)
		}
	}
}

func TestMake_OverridesTheEnvironment(t *testing.T) {
	t.Parallel()
	settled := map[string]string{
		"GOWORK": "off", "GOFLAGS": "-trimpath -buildvcs=false -tags=grpcnotrace", "CGO_ENABLED": "0", "LC_ALL": "C.UTF-8", "MAKEFLAGS": "any",
	}
	caller := hostile(t)
	seen := environmentOfRecipes(t, caller...)
	for _, variable := range caller {
		name, _, _ := strings.Cut(variable, "=")
		if want := settled[name]; want != "any" && seen[name] != want {
			t.Errorf("%s reaches the recipes with %s=%q, want %q", variable, name, seen[name], want)
		}
	}
}

func TestMake_RecipesAreValidShell(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		"run", "build", "up", "down", "up-production", "down-production", "lint", "generate", "test-go", "test-architectures", "test-versions", "test-system",
		"test-tools", "test-fresh", "test-clients", "test-web", "test-browser", "fuzz", "bench", "bench-service", "format", "clean", "push", "deploy", "release-check", "publish", "push-release",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		command := exec.CommandContext(ctx, "bash", "-c", `recipe=$(make --dry-run "$1") && [ -n "$recipe" ] && bash -n <<<"$recipe"`, "bash", target)
		command.Dir = testkit.Root()
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("make %s: %v\n%s", target, err, output)
		}
	}
}

func TestMake_KeepsItsCachesInTheRepositoryWithoutAHome(t *testing.T) {
	t.Parallel()
	seen := environmentOfRecipes(t, "HOME=/nowhere")
	for _, name := range []string{"GOPATH", "XDG_CACHE_HOME", "XDG_STATE_HOME", "npm_config_cache"} {
		if within := filepath.Join(testkit.Root(), "bin") + "/"; !strings.HasPrefix(seen[name], within) {
			t.Errorf("%s=%q is not in %s", name, seen[name], within)
		}
	}
}

// environmentOfRecipes returns the variables that a recipe of the Makefile sees when its caller adds these to its own.
func environmentOfRecipes(t *testing.T, caller ...string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, "make", "--eval", ".PHONY: show-environment\nshow-environment: ; @env", "show-environment")
	command.Dir = testkit.Root()
	command.Env = append(inherited(), caller...)
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for line := range strings.Lines(string(output)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		seen[name] = value
	}
	return seen
}

func TestMakeRun_ServesFromANewCheckoutInAHostileEnvironment(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, "sh", "-c", "umask 077 && exec make run")
	command.Dir = checkOut(t)
	command.Env = append(append(inherited(), hostile(t)...), "PORT=0", "PISANO_DATA="+filepath.Join(t.TempDir(), "pisano.db"), "LOG_FORMAT=json")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // make is a parent
	program := pisano.LaunchCommand(t, "make run", command)
	program.StartTimeout = patience
	program.AwaitListening()
	t.Logf("measured: make run served after %.0f s", time.Since(begin).Seconds())

	c := program.Client("/api")
	testkit.Eventually(t, "the start", c.Ready)
	if page := c.Want(http.StatusOK, http.MethodGet, "/", ""); !strings.Contains(page.Text, "<title>") {
		t.Errorf("the page is %.200q", page.Text)
	}
	c.MustSubmit(300)
	if v := c.Await(300); v.Value != "222232244629420445529739893461909967206666939096499764990979600" {
		t.Errorf("F(300) is %s", v.Value)
	}
	program.Stop() // the exit code is that of make
}

// inherited returns what every environment has: the paths of programs and caches, proxies and certificates.
func inherited() []string {
	var kept []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if keep.MatchString(name) {
			kept = append(kept, variable)
		}
	}
	return kept
}

var keep = regexp.MustCompile(`(?i)^(HOME|PATH|USER|TMPDIR|GOPATH|GOCACHE|GOMODCACHE|GOPROXY|GONOSUMDB|GOSUMDB|GOPRIVATE|SSL_.*|NODE_EXTRA_CA_CERTS|.*_proxy|npm_config_(cache|registry|cafile)|XDG_.*)$`)
