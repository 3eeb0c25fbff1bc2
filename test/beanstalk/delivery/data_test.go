package delivery

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDatabase_OutlivesItsStack(t *testing.T) {
	t.Parallel()
	data := readTemplate(t, "deploy/data.yaml")
	data.eachReference("Database", func(name string) {
		resource := data.Resources[name]
		if resource["DeletionPolicy"] != "Retain" || resource["UpdateReplacePolicy"] != "Retain" {
			t.Errorf("%s goes with the stack", name)
		}
	})
	database := data.properties(t, "Database")
	if database["PubliclyAccessible"] != false || database["StorageEncrypted"] != true || database["DeletionProtection"] != true || database["BackupRetentionPeriod"].(int) < 7 {
		t.Errorf("the database: %v", database)
	}
}

// eachReference calls call with a resource and, recursively, with all that it refers to.
func (f template) eachReference(name string, call func(string)) {
	call(name)
	text, _ := json.Marshal(f.Resources[name]) // it was YAML
	for other := range f.Resources {
		if other != name && strings.Contains(string(text), `"`+other+`"`) {
			f.eachReference(other, call)
		}
	}
}

func TestServers_RequireTLSAndAreReachedByClientsOnly(t *testing.T) {
	t.Parallel()
	e, data := readExtensions(t), readTemplate(t, "deploy/data.yaml")
	if forced := data.properties(t, "DatabaseParameters")["Parameters"].(document)["rds.force_ssl"]; forced != "1" {
		t.Errorf("rds.force_ssl is %v", forced)
	}
	cache := data.properties(t, "Cache")
	if cache["TransitEncryptionEnabled"] != true || cache["AtRestEncryptionEnabled"] != true || cache["AuthToken"] == nil {
		t.Errorf("the cache: %v", cache)
	}
	settings := e.Settings["aws:elasticbeanstalk:application:environment"]
	if settings["PGSSLMODE"] != "verify-full" || settings["REDIS_TLS"] != true || e.Files[settings["PGSSLROOTCERT"].(string)] == nil {
		t.Errorf("the containers don't verify their servers: %v", settings)
	}
	fromClients := func(rule document, port int) bool {
		source, _ := json.Marshal(rule["SourceSecurityGroupId"])
		return rule["IpProtocol"] == "tcp" && rule["FromPort"] == port && rule["ToPort"] == port && settings["PGPORT"] != settings["REDIS_PORT"] &&
			(port == settings["PGPORT"] || port == settings["REDIS_PORT"]) && rule["CidrIp"] == nil && rule["CidrIpv6"] == nil &&
			string(source) == `{"Fn::GetAtt":["Clients","GroupId"]}`
	}
	if rule := data.properties(t, "DatabaseIngress"); !fromClients(rule, 5432) {
		t.Errorf("into the database: %v", rule)
	}
	rules := list(t, data.properties(t, "CacheSecurityGroup"), "SecurityGroupIngress")
	if len(rules) != 1 || !fromClients(rules[0], 6379) {
		t.Errorf("into the cache: %v", rules)
	}
	for _, name := range []string{"DatabaseSecurityGroup", "Clients"} {
		if rules := list(t, data.properties(t, name), "SecurityGroupIngress"); len(rules) != 0 {
			t.Errorf("into %s, besides: %v", name, rules)
		}
	}
}

func TestContainerLogs_GoToAGroupThatForgets(t *testing.T) {
	t.Parallel()
	group := readTemplate(t, "deploy/data.yaml").properties(t, "ContainerLogs")
	if days, _ := group["RetentionInDays"].(int); days < 1 {
		t.Errorf("logs are kept for %v days", group["RetentionInDays"])
	}
	for _, c := range list(t, readDockerrun(t), "containerDefinitions") {
		log, _ := c["logConfiguration"].(document)
		options, _ := log["options"].(document)
		if log["logDriver"] != "awslogs" || options["awslogs-group"] != group["LogGroupName"] || options["awslogs-stream-prefix"] != c["name"] || options["mode"] != "non-blocking" {
			t.Errorf("%v logs to %v", c["name"], log)
		}
	}
}
