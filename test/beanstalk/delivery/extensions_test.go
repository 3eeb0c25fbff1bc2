package delivery

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/schema"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The options that Elastic Beanstalk documents in the namespaces that are used, except environment properties and custom options,
// which may have any name:
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
var options = map[string]string{
	"aws:elasticbeanstalk:environment":                    "EnvironmentType ServiceRole LoadBalancerType LoadBalancerIsShared",
	"aws:autoscaling:launchconfiguration":                 "DisableIMDSv1 EC2KeyName IamInstanceProfile ImageId InstanceType MonitoringInterval SecurityGroups SSHSourceRestriction BlockDeviceMappings RootVolumeType RootVolumeSize RootVolumeIOPS RootVolumeThroughput",
	"aws:ec2:instances":                                   "EnableSpot InstanceTypes SpotFleetOnDemandBase SpotFleetOnDemandAboveBasePercentage SpotMaxPrice SupportedArchitectures",
	"aws:autoscaling:asg":                                 "AvailabilityZones Cooldown CustomAvailabilityZones EnableCapacityRebalancing MinSize MaxSize",
	"aws:elasticbeanstalk:command":                        "DeploymentPolicy Timeout BatchSizeType BatchSize IgnoreHealthCheck",
	"aws:elasticbeanstalk:healthreporting:system":         "SystemType ConfigDocument EnhancedHealthAuthEnabled HealthCheckSuccessThreshold",
	"aws:elasticbeanstalk:environment:process:default":    "DeregistrationDelay HealthCheckInterval HealthCheckPath HealthCheckTimeout HealthyThresholdCount MatcherHTTPCode Port Protocol StickinessEnabled StickinessLBCookieDuration StickinessType UnhealthyThresholdCount",
	"aws:elasticbeanstalk:cloudwatch:logs":                "StreamLogs DeleteOnTerminate RetentionInDays",
	"aws:elbv2:loadbalancer":                              "AccessLogsS3Bucket AccessLogsS3Enabled AccessLogsS3Prefix IdleTimeout ManagedSecurityGroup SecurityGroups SharedLoadBalancer",
	"aws:elasticbeanstalk:application:environment":        "",
	"aws:elasticbeanstalk:application:environmentsecrets": "",
	"aws:elasticbeanstalk:customoption":                   "",
}

// extensions is what the files in .ebextensions say together:
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/ebextensions.html
type extensions struct {
	Settings  map[string]document `yaml:"option_settings"`
	Files     map[string]document `yaml:"files"`
	Resources map[string]document `yaml:"Resources"`
}

func readExtensions(t *testing.T) extensions {
	t.Helper()
	all := extensions{map[string]document{}, map[string]document{}, map[string]document{}}
	names, err := filepath.Glob(filepath.Join(root, ".ebextensions/*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no .ebextensions: %v", err)
	}
	for _, name := range names {
		if filepath.Ext(name) != ".config" {
			t.Errorf("Elastic Beanstalk does not read %s", name)
		}
		var one extensions
		readYAML(t, filepath.Join(".ebextensions", filepath.Base(name)), &one)
		for key := range one.Resources {
			if all.Resources[key] != nil {
				t.Errorf("%s is there twice", key)
			}
		}
		maps.Copy(all.Settings, one.Settings)
		maps.Copy(all.Files, one.Files)
		maps.Copy(all.Resources, one.Resources)
	}
	return all
}

func TestExtensions_UseDocumentedOptionsAndFiles(t *testing.T) {
	t.Parallel()
	e := readExtensions(t)
	for namespace, settings := range e.Settings {
		documented, known := options[namespace]
		if !known {
			t.Errorf("the namespace %s is not documented", namespace)
		}
		if documented != "" {
			unknown(t, namespace, settings, documented)
		}
	}
	for path, file := range e.Files {
		unknown(t, path, file, "mode owner group source authentication content encoding")
	}
}

// schemaURL names the schema for the compiler. A file name would be resolved against the working directory, whose path may have
// characters that a URL escapes.
const schemaURL = "https://pisano.test/cloudformation.json"

func TestResources_AreValidCloudFormation(t *testing.T) {
	t.Parallel()
	e := readExtensions(t)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemaURL, e.schema(t)); err != nil {
		t.Fatal(err)
	}
	for name, resource := range e.Resources {
		if name == "AWSEBAutoScalingGroup" {
			// A resource of Elastic Beanstalk, to which these properties are added.
			unknown(t, name, resource, "Type Properties")
			unknown(t, name, resource["Properties"].(document), "HealthCheckType HealthCheckGracePeriod")
			continue
		}
		compiled, err := compiler.Compile(schemaURL + "#/definitions/" + resource["Type"].(string))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text, err := json.Marshal(e.resolve(t, resource))
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(instance); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// schema returns the CloudFormation schema of the resources that are used: that of all has 7 MB.
func (e extensions) schema(t *testing.T) any {
	t.Helper()
	var all struct {
		Definitions map[string]json.RawMessage `json:"definitions"`
	}
	if err := json.Unmarshal([]byte(schema.CloudformationSchema), &all); err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(all.Definitions, func(name string, _ json.RawMessage) bool {
		kind, _, _ := strings.Cut(name, ".")
		for _, resource := range e.Resources {
			if resource["Type"] == kind {
				return false
			}
		}
		return name != "Tag"
	})
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// attributes are those that the files may read of a resource; Elastic Beanstalk makes the last one.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
var attributes = map[string]string{
	"AWS::RDS::DBInstance":               "Endpoint.Address Endpoint.Port",
	"AWS::ElastiCache::ReplicationGroup": "PrimaryEndPoint.Address PrimaryEndPoint.Port",
	"AWS::EC2::SecurityGroup":            "GroupId VpcId",
}

// resolve replaces functions by their values, or by others of the same type: Elastic Beanstalk knows Ref, Fn::GetAtt and
// Fn::GetOptionSetting (and Fn::Join, which is not used).
func (e extensions) resolve(t *testing.T, value any) any {
	t.Helper()
	switch value := value.(type) {
	case []any:
		resolved := make([]any, len(value))
		for i := range value {
			resolved[i] = e.resolve(t, value[i])
		}
		return resolved
	case document:
		if name, is := value["Ref"]; is {
			if e.Resources[name.(string)] == nil {
				t.Errorf("Ref to %v, which does not exist", name)
			}
			return "ref"
		}
		if get, is := value["Fn::GetAtt"]; is {
			return e.attribute(t, get.([]any))
		}
		if option, is := value["Fn::GetOptionSetting"].(document); is {
			setting, there := e.Settings[option["Namespace"].(string)][option["OptionName"].(string)]
			if !there {
				t.Errorf("no setting is %v", option)
			}
			return setting
		}
		resolved := document{}
		for key, inner := range value {
			if strings.HasPrefix(key, "Fn::") {
				t.Errorf("Elastic Beanstalk does not document %s", key)
			}
			resolved[key] = e.resolve(t, inner)
		}
		return resolved
	}
	return value
}

func (e extensions) attribute(t *testing.T, get []any) string {
	t.Helper()
	kind := "AWS::EC2::SecurityGroup"
	if get[0] != "AWSEBSecurityGroup" {
		kind, _ = e.Resources[get[0].(string)]["Type"].(string)
	}
	if !slices.Contains(strings.Fields(attributes[kind]), get[1].(string)) {
		t.Errorf("%v is no attribute of a resource", get)
	}
	return "attribute"
}

func TestProperties_UseExistingAttributes(t *testing.T) {
	t.Parallel()
	e := readExtensions(t)
	asked := 0
	for name, value := range e.Settings["aws:elasticbeanstalk:application:environment"] {
		text, is := value.(string)
		if !is || !strings.Contains(text, "Fn::") {
			continue
		}
		asked++
		var function document
		if err := json.Unmarshal([]byte(strings.Trim(text, "`")), &function); err != nil || text[0] != '`' || text[len(text)-1] != '`' {
			t.Errorf("%s: a function stands in backquotes: %s %v", name, text, err)
			continue
		}
		e.resolve(t, function)
	}
	if asked != 4 {
		t.Errorf("%d properties are addresses and ports", asked)
	}
}

func TestPasswords_AreInNoFileAndAllAreUsed(t *testing.T) {
	t.Parallel()
	e := readExtensions(t)
	parameter := regexp.MustCompile(`^arn:aws:ssm:us-east-1:000000000000:parameter(/pisano/[a-z-]+)$`)
	made := map[string]string{}
	for name, value := range e.Settings["aws:elasticbeanstalk:application:environmentsecrets"] {
		parts := parameter.FindStringSubmatch(value.(string))
		if parts == nil {
			t.Fatalf("%s is %v", name, value)
		}
		made[name] = "{{resolve:ssm-secure:" + parts[1] + "}}"
	}
	for name := range e.Settings["aws:elasticbeanstalk:application:environment"] {
		if strings.Contains(name, "PASSWORD") {
			t.Errorf("%s is a property, which everybody who sees the environment can read", name)
		}
	}
	database, cache := e.properties(t, "PisanoDatabase"), e.properties(t, "PisanoCache")
	if database["MasterUserPassword"] != made["PGPASSWORD"] || cache["AuthToken"] != made["REDIS_PASSWORD"] {
		t.Errorf("servers and containers have different passwords: %v", made)
	}
}

func (e extensions) properties(t *testing.T, name string) document {
	t.Helper()
	properties, ok := e.Resources[name]["Properties"].(document)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	return properties
}

func TestDatabase_OutlivesTheEnvironment(t *testing.T) {
	t.Parallel()
	e := readExtensions(t)
	e.eachReference("PisanoDatabase", func(name string) {
		resource := e.Resources[name]
		if resource["DeletionPolicy"] != "Retain" || resource["UpdateReplacePolicy"] != "Retain" {
			t.Errorf("%s goes with the environment", name)
		}
	})
	database := e.properties(t, "PisanoDatabase")
	if database["PubliclyAccessible"] != false || database["StorageEncrypted"] != true || database["DeletionProtection"] != true || database["BackupRetentionPeriod"].(int) < 7 {
		t.Errorf("the database: %v", database)
	}
}

// eachReference calls f with a resource of the files and, recursively, with all that it refers to.
func (e extensions) eachReference(name string, f func(string)) {
	f(name)
	text, _ := json.Marshal(e.Resources[name]) // it was YAML
	for other := range e.Resources {
		if other != name && strings.Contains(string(text), `"`+other+`"`) {
			e.eachReference(other, f)
		}
	}
}

func TestServers_RequireTLSAndAreReachedFromTheEnvironmentOnly(t *testing.T) {
	t.Parallel()
	e := readExtensions(t)
	if forced := e.properties(t, "PisanoDatabaseParameters")["Parameters"].(document)["rds.force_ssl"]; forced != "1" {
		t.Errorf("rds.force_ssl is %v", forced)
	}
	cache := e.properties(t, "PisanoCache")
	if cache["TransitEncryptionEnabled"] != true || cache["AtRestEncryptionEnabled"] != true || cache["AuthToken"] == nil {
		t.Errorf("the cache: %v", cache)
	}
	settings := e.Settings["aws:elasticbeanstalk:application:environment"]
	if settings["PGSSLMODE"] != "verify-full" || settings["REDIS_TLS"] != true || e.Files[settings["PGSSLROOTCERT"].(string)] == nil {
		t.Errorf("the containers don't verify their servers: %v", settings)
	}
	fromInstances := func(rule document, port int) bool {
		source, _ := json.Marshal(rule["SourceSecurityGroupId"])
		return rule["IpProtocol"] == "tcp" && rule["FromPort"] == port && rule["ToPort"] == port && rule["CidrIp"] == nil && rule["CidrIpv6"] == nil &&
			string(source) == `{"Fn::GetAtt":["AWSEBSecurityGroup","GroupId"]}`
	}
	if rule := e.properties(t, "PisanoDatabaseIngress"); !fromInstances(rule, 5432) {
		t.Errorf("into the database: %v", rule)
	}
	rules := list(t, e.properties(t, "PisanoCacheSecurityGroup"), "SecurityGroupIngress")
	if len(rules) != 1 || !fromInstances(rules[0], 6379) {
		t.Errorf("into the cache: %v", rules)
	}
	if rules := list(t, e.properties(t, "PisanoDatabaseSecurityGroup"), "SecurityGroupIngress"); len(rules) != 0 {
		t.Errorf("into the database, besides: %v", rules)
	}
}
