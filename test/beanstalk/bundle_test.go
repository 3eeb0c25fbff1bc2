package beanstalk

import (
	"archive/zip"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// dockerrun is Dockerrun.aws.json. A key without a field here is an error.
type dockerrun struct {
	AWSEBDockerrunVersion int                   `json:"AWSEBDockerrunVersion"`
	ExecutionRoleArn      string                `json:"executionRoleArn"`
	Volumes               []volume              `json:"volumes"`
	ContainerDefinitions  []containerDefinition `json:"containerDefinitions"`
}

type volume struct {
	Name string `json:"name"`
	Host struct {
		SourcePath string `json:"sourcePath"`
	} `json:"host"`
}

type containerDefinition struct {
	Name        string   `json:"name"`
	Image       string   `json:"image"`
	Hostname    string   `json:"hostname"`
	Essential   bool     `json:"essential"`
	Memory      int64    `json:"memory"` // MiB
	Links       []string `json:"links"`
	Environment []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"environment"`
	PortMappings []struct {
		HostPort      int `json:"hostPort"`
		ContainerPort int `json:"containerPort"`
	} `json:"portMappings"`
	MountPoints []struct {
		SourceVolume  string `json:"sourceVolume"`
		ContainerPath string `json:"containerPath"`
		ReadOnly      bool   `json:"readOnly"`
	} `json:"mountPoints"`
	LogConfiguration any `json:"logConfiguration"` // there is no CloudWatch here
}

// bundle writes the bundle of the images under test, as make bundle does, and returns its files.
func bundle(t *testing.T) fs.FS {
	t.Helper()
	// No registry has the images under test, so their ids take the place of their digests there.
	var digests []string
	for _, name := range []string{"client", "nginx", "api", "worker"} {
		digests = append(digests, name+"="+imageID(t, name))
	}
	// The settings of an account that does not exist.
	written, err := docker.Try(t.Context(), "env", "PISANO_DIGESTS="+strings.Join(digests, " "), "AWS_REGION=eu-central-1", "AWS_ACCOUNT_ID=123456789012",
		"PISANO_SUBNETS=subnet-0a,subnet-0b", "PISANO_VPC=vpc-0c", "PISANO_SECURITY_GROUP=sg-0d", "scripts/bundle")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(filepath.Join(testkit.Root(), written))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = archive.Close() // it was only read
		if err := os.Remove(filepath.Join(testkit.Root(), written)); err != nil {
			t.Error(err)
		}
	})
	return archive
}

func imageID(t *testing.T, name string) string {
	t.Helper()
	return docker.CLI(t, "image", "inspect", "--format", "{{.Id}}", docker.Image(name))
}

func readDockerrun(t *testing.T, files fs.FS) dockerrun {
	t.Helper()
	file, err := files.Open("Dockerrun.aws.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var d dockerrun
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		t.Fatal(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		t.Fatal("Dockerrun.aws.json has data after its end")
	}
	return d
}

// run starts a container as the ECS agent does: on the default bridge of Docker, with links for names and the memory of its
// definition.
func (d dockerrun) run(t *testing.T, c containerDefinition, properties map[string]string, m machine) *docker.Container {
	t.Helper()
	mebibytes := sizeInMebibytes(c.Memory)
	args := []string{"--name", m.containerName(c.Name), "--hostname", c.Hostname, "--memory", mebibytes, "--memory-swap", mebibytes}
	for _, link := range c.Links {
		args = append(args, "--link", m.containerName(link)+":"+link)
	}
	for name, address := range m.names {
		args = append(args, "--add-host", name+":"+address)
	}
	for name, value := range properties {
		args = append(args, "--env", name+"="+value)
	}
	for _, variable := range c.Environment { // overrides a property of the same name
		args = append(args, "--env", variable.Name+"="+variable.Value)
	}
	for _, mapping := range c.PortMappings {
		args = append(args, "--publish", m.publish(mapping.HostPort, mapping.ContainerPort))
	}
	for _, mount := range c.MountPoints {
		args = append(args, "--volume", m.files+d.sourcePath(t, mount.SourceVolume)+":"+mount.ContainerPath+readOnly(mount.ReadOnly))
	}
	repository, id, _ := strings.Cut(c.Image, "@")
	if !strings.HasPrefix(docker.Image(c.Name), repository+":") || id != imageID(t, c.Name) {
		t.Fatalf("%s runs %s, which is not the image under test", c.Name, c.Image)
	}
	return docker.Run(t, append(args, id)...)
}

func (d dockerrun) sourcePath(t *testing.T, name string) string {
	t.Helper()
	for _, volume := range d.Volumes {
		if volume.Name == name {
			return volume.Host.SourcePath
		}
	}
	t.Fatalf("there is no volume %s", name)
	return ""
}

func readOnly(is bool) string {
	if is {
		return ":ro"
	}
	return ""
}
