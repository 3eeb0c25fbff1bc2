// Package compose reads the Compose files as Compose 2 does, and checks them without starting anything. test/compose/production
// runs them, also with Compose 1.
package compose

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/go-units"
)

const (
	root        = "../.."
	development = "docker-compose.yml"
	production  = "docker-compose.production.yml"
)

// load reads a file with these profiles; "*" are all.
func load(t *testing.T, name string, profiles ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, name)}, cli.WithName("pisano"), cli.WithProfiles(profiles),
		cli.WithEnv([]string{"POSTGRES_PASSWORD=postgres", "REDIS_PASSWORD=redis"}))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return project
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestComposeFiles_HaveTheWholeSystem(t *testing.T) {
	t.Parallel()
	for _, name := range []string{development, production} {
		services := load(t, name).ServiceNames()
		slices.Sort(services)
		if got, want := strings.Join(services, " "), "api client nginx postgres redis worker"; got != want {
			t.Errorf("%s has %s, not %s", name, got, want)
		}
		for _, key := range []string{"name", "version", "develop", "include"} { // unknown to one of Compose 1.29 and 2
			if regexp.MustCompile(`(?m)^ *` + key + `:`).MatchString(read(t, name)) {
				t.Errorf("%s has the key %s", name, key)
			}
		}
	}
}

func TestProfiles_AddServices(t *testing.T) {
	t.Parallel()
	without := load(t, production).ServiceNames()
	for profile, want := range map[string]string{"https": "caddy", "watch": "blackbox-exporter grafana node-exporter prometheus"} {
		var added []string
		for _, service := range load(t, production, profile).ServiceNames() {
			if !slices.Contains(without, service) {
				added = append(added, service)
			}
		}
		slices.Sort(added)
		if got := strings.Join(added, " "); got != want {
			t.Errorf("the profile %s adds %s, not %s", profile, got, want)
		}
	}
}

func TestPorts_OfMeasurementsAreOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, s := range load(t, production, "watch").Services {
		for _, port := range s.Ports {
			if s.Name != "nginx" && port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes %+v", s.Name, port)
			}
		}
	}
}

func TestPorts_OnlyNginxIsPublishedAndInDevelopmentOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{development: "127.0.0.1", production: ""} {
		for _, s := range load(t, name).Services {
			switch {
			case s.Name != "nginx" && len(s.Ports) > 0:
				t.Errorf("%s: %s publishes %v", name, s.Name, s.Ports)
			case s.Name == "nginx" && (len(s.Ports) != 1 || s.Ports[0].HostIP != address || s.Ports[0].Published != "3050" || s.Ports[0].Target != 8080):
				t.Errorf("%s: nginx publishes %+v", name, s.Ports)
			}
		}
	}
}

func TestServices_AreConfinedRestartedAndScalable(t *testing.T) {
	t.Parallel()
	for _, name := range []string{development, production} {
		for _, s := range load(t, name, "*").Services {
			var needed []string
			if s.Name == "caddy" { // its program does not start without
				needed = []string{"NET_BIND_SERVICE"}
			}
			if !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.CapAdd, needed) || s.Privileged || !slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) {
				t.Errorf("%s: %s has capabilities or may get them", name, s.Name)
			}
			if s.Restart != "unless-stopped" {
				t.Errorf("%s: %s is restarted %q", name, s.Name, s.Restart)
			}
			if s.ContainerName != "" {
				t.Errorf("%s: there can be one %s only", name, s.Name)
			}
			built := s.Build != nil && s.Name != "nginx" // its program is built in the container
			if !s.ReadOnly && (name == production || !built) {
				t.Errorf("%s: %s may write to its image", name, s.Name)
			}
		}
	}
}

func TestServices_WaitForHealthyDependencies(t *testing.T) {
	t.Parallel()
	for _, name := range []string{development, production} {
		project := load(t, name)
		for service, servers := range map[string][]string{"api": {"postgres", "redis"}, "worker": {"postgres", "redis"}, "nginx": {"api", "client"}} {
			for _, server := range servers {
				if condition := project.Services[service].DependsOn[server].Condition; condition != types.ServiceConditionHealthy {
					t.Errorf("%s: %s starts when %s is %q", name, service, server, condition)
				}
			}
		}
		for _, server := range []string{"postgres", "redis"} { // the checks of the others are in their images
			if project.Services[server].HealthCheck == nil {
				t.Errorf("%s: %s has no health check", name, server)
			}
		}
	}
}

func TestProduction_HasTheMemoryOfElasticBeanstalk(t *testing.T) {
	t.Parallel()
	var dockerrun struct {
		ContainerDefinitions []struct {
			Name        string
			Memory      int64
			Environment []struct{ Name, Value string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "Dockerrun.aws.json")), &dockerrun); err != nil {
		t.Fatal(err)
	}
	project := load(t, production)
	for _, definition := range dockerrun.ContainerDefinitions {
		s := project.Services[definition.Name]
		if int64(s.MemLimit) != definition.Memory*units.MiB {
			t.Errorf("%s has %s, not %d MiB", s.Name, units.BytesSize(float64(s.MemLimit)), definition.Memory)
		}
		for _, variable := range definition.Environment {
			if value := s.Environment[variable.Name]; value == nil || *value != variable.Value {
				t.Errorf("%s does not have %s=%s", s.Name, variable.Name, variable.Value)
			}
		}
	}
}

func TestDevelopment_IsBuiltFromTheBaseImagesOfTheDockerfiles(t *testing.T) {
	t.Parallel()
	argument := regexp.MustCompile(`(?m)^ARG (\w+_IMAGE)=(\S+)$`)
	for _, s := range load(t, development).Services {
		if s.Build == nil {
			continue
		}
		named := argument.FindAllStringSubmatch(read(t, s.Build.Dockerfile), -1)
		if len(named) == 0 {
			t.Errorf("%s names no base image", s.Build.Dockerfile)
		}
		for _, base := range named {
			if given := s.Build.Args[base[1]]; given == nil || *given != base[2] {
				t.Errorf("%s is built with another %s than %s", s.Name, base[1], base[2])
			}
		}
	}
}
