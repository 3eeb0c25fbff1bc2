package delivery

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// The keys of Dockerrun.aws.json, version 2, that Elastic Beanstalk documents, and the keys of ECS that are used besides:
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/create_deploy_docker_v2config.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
const (
	dockerrunKeys = "AWSEBDockerrunVersion executionRoleArn volumes containerDefinitions authentication"
	containerKeys = "name image hostname essential memory memoryReservation environment links portMappings mountPoints volumesFrom logConfiguration"
)

// Elastic Beanstalk makes a task definition of the file.
func TestDockerrun_IsATaskDefinitionOfECS(t *testing.T) {
	t.Parallel()
	file := readDockerrun(t)
	delete(file, "AWSEBDockerrunVersion")
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	var definition types.TaskDefinition
	if err := decoder.Decode(&definition); err != nil {
		t.Fatal(err)
	}
	if count := len(definition.ContainerDefinitions); count != 4 || definition.ContainerDefinitions[0].LogConfiguration.Options["awslogs-group"] == "" {
		t.Errorf("%d containers: %v", count, definition.ContainerDefinitions)
	}
}

type document = map[string]any

func readDockerrun(t *testing.T) document {
	t.Helper()
	var file document
	if err := json.Unmarshal(read(t, "Dockerrun.aws.json"), &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// list returns the maps in the list of a key, none without the key.
func list(t *testing.T, of document, key string) []document {
	t.Helper()
	value, there := of[key]
	if !there {
		return nil
	}
	var all []document
	for _, one := range value.([]any) {
		all = append(all, one.(document))
	}
	return all
}

func TestDockerrun_HasDocumentedKeysOnly(t *testing.T) {
	t.Parallel()
	file := readDockerrun(t)
	unknown(t, "Dockerrun.aws.json", file, dockerrunKeys)
	if file["AWSEBDockerrunVersion"] != 2.0 {
		t.Errorf("the version is %v", file["AWSEBDockerrunVersion"])
	}
	volumes := map[any]bool{}
	for _, volume := range list(t, file, "volumes") {
		unknown(t, "a volume", volume, "name host")
		unknown(t, "the host of a volume", volume["host"].(document), "sourcePath")
		volumes[volume["name"]] = true
	}
	before := map[any]bool{}
	for _, c := range list(t, file, "containerDefinitions") {
		where := fmt.Sprint(c["name"])
		unknown(t, where, c, containerKeys)
		for key, keys := range map[string]string{
			"environment": "name value", "portMappings": "hostPort containerPort", "mountPoints": "sourceVolume containerPath readOnly",
		} {
			for _, one := range list(t, c, key) {
				unknown(t, where+"'s "+key, one, keys)
				if volume, mounted := one["sourceVolume"]; mounted && !volumes[volume] {
					t.Errorf("%s mounts %v, which is no volume", where, volume)
				}
			}
		}
		links, _ := c["links"].([]any)
		for _, link := range links {
			if !before[link] {
				t.Errorf("%s has a link to %v, which does not stand before it", where, link)
			}
		}
		before[c["name"]] = true
	}
}

func TestDockerrun_HasFourEssentialContainers(t *testing.T) {
	t.Parallel()
	hosts := map[string]any{}
	for _, c := range list(t, readDockerrun(t), "containerDefinitions") {
		name := c["name"].(string)
		hosts[name] = c["hostname"]
		if c["image"] != "pisanodev/pisano-"+name+":latest" || c["essential"] != true {
			t.Errorf("%s is %v", name, c)
		}
		memory, _ := c["memory"].(float64)
		for _, variable := range list(t, c, "environment") {
			var limit float64
			if variable["name"] == "GOMEMLIMIT" {
				if _, err := fmt.Sscanf(variable["value"].(string), "%gMiB", &limit); err != nil || limit > memory*0.9 {
					t.Errorf("%s collects garbage at %v of %v MiB", name, variable["value"], memory)
				}
			}
			if strings.Contains(variable["name"].(string), "PASSWORD") {
				t.Errorf("%s has a password in the file", name)
			}
		}
	}
	for _, name := range []string{"client", "nginx", "api", "worker"} {
		if hosts[name] != name {
			t.Errorf("the host name of %s is %v", name, hosts[name])
		}
	}
	if len(hosts) != 4 {
		t.Errorf("the containers are %v", hosts)
	}
}
