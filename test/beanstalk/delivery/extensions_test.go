package delivery

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The options that Elastic Beanstalk documents in the namespaces that are used, except environment properties, which may have any name:
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
var options = map[string]string{
	"aws:elasticbeanstalk:environment":                    "EnvironmentType ServiceRole LoadBalancerType LoadBalancerIsShared",
	"aws:autoscaling:launchconfiguration":                 "DisableIMDSv1 EC2KeyName IamInstanceProfile ImageId InstanceType MonitoringInterval SecurityGroups SSHSourceRestriction BlockDeviceMappings RootVolumeType RootVolumeSize RootVolumeIOPS RootVolumeThroughput",
	"aws:ec2:instances":                                   "EnableSpot InstanceTypes SpotFleetOnDemandBase SpotFleetOnDemandAboveBasePercentage SpotMaxPrice SupportedArchitectures",
	"aws:autoscaling:asg":                                 "AvailabilityZones Cooldown CustomAvailabilityZones EnableCapacityRebalancing MinSize MaxSize",
	"aws:autoscaling:trigger":                             "BreachDuration EvaluationPeriods LowerBreachScaleIncrement LowerThreshold MeasureName Period Statistic Unit UpperBreachScaleIncrement UpperThreshold",
	"aws:autoscaling:updatepolicy:rollingupdate":          "MaxBatchSize MinInstancesInService RollingUpdateEnabled RollingUpdateType Timeout PauseTime",
	"aws:ec2:vpc":                                         "VPCId Subnets ELBSubnets ELBScheme DBSubnets AssociatePublicIpAddress",
	"aws:elbv2:listener:443":                              "DefaultProcess ListenerEnabled Protocol Rules SSLCertificateArns SSLPolicy",
	"aws:elasticbeanstalk:managedactions":                 "ManagedActionsEnabled PreferredStartTime ServiceRoleForManagedUpdates",
	"aws:elasticbeanstalk:managedactions:platformupdate":  "UpdateLevel InstanceRefreshEnabled",
	"aws:elasticbeanstalk:command":                        "DeploymentPolicy Timeout BatchSizeType BatchSize IgnoreHealthCheck",
	"aws:elasticbeanstalk:healthreporting:system":         "SystemType ConfigDocument EnhancedHealthAuthEnabled HealthCheckSuccessThreshold",
	"aws:elasticbeanstalk:environment:process:default":    "DeregistrationDelay HealthCheckInterval HealthCheckPath HealthCheckTimeout HealthyThresholdCount MatcherHTTPCode Port Protocol StickinessEnabled StickinessLBCookieDuration StickinessType UnhealthyThresholdCount",
	"aws:elasticbeanstalk:cloudwatch:logs":                "StreamLogs DeleteOnTerminate RetentionInDays",
	"aws:elbv2:loadbalancer":                              "AccessLogsS3Bucket AccessLogsS3Enabled AccessLogsS3Prefix IdleTimeout ManagedSecurityGroup SecurityGroups SharedLoadBalancer",
	"aws:elasticbeanstalk:application:environment":        "",
	"aws:elasticbeanstalk:application:environmentsecrets": "",
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
		for namespace := range one.Settings {
			if all.Settings[namespace] != nil {
				t.Errorf("%s is in two files", namespace)
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

// On ECS, Elastic Beanstalk hands properties to the containers as they are:
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-softwaresettings.html
func TestProperties_AreTextWithoutFunctions(t *testing.T) {
	t.Parallel()
	for name, value := range readExtensions(t).Settings["aws:elasticbeanstalk:application:environment"] {
		if text := fmt.Sprint(value); strings.Contains(text, "Fn::") || strings.ContainsAny(text, "`{}$") {
			t.Errorf("%s would be the text %s", name, text)
		}
		if strings.Contains(name, "PASSWORD") {
			t.Errorf("%s is a property, which everybody who sees the environment can read", name)
		}
	}
}

func TestSecrets_AreParametersThatTheDataWriteOrUse(t *testing.T) {
	t.Parallel()
	parameter := regexp.MustCompile(`^arn:aws:ssm:us-east-1:000000000000:parameter(/pisano/[a-z-]+)$`)
	names := map[string]string{}
	for name, value := range readExtensions(t).Settings["aws:elasticbeanstalk:application:environmentsecrets"] {
		parts := parameter.FindStringSubmatch(value.(string))
		if parts == nil {
			t.Fatalf("%s is %v", name, value)
		}
		names[name] = parts[1]
	}
	data := readTemplate(t, "deploy/data.yaml")
	want := map[string]string{
		"PGHOST": data.properties(t, "DatabaseHost")["Name"].(string), "REDIS_HOST": data.properties(t, "CacheHost")["Name"].(string),
		"PGPASSWORD": "/pisano/database-password", "REDIS_PASSWORD": "/pisano/cache-password",
	}
	if !maps.Equal(names, want) {
		t.Errorf("the parameters are %v, not %v", names, want)
	}
	if database := data.properties(t, "Database")["MasterUserPassword"]; database != "{{resolve:ssm-secure:"+want["PGPASSWORD"]+"}}" {
		t.Errorf("the password of the database is %v", database)
	}
	if cache := data.properties(t, "Cache")["AuthToken"]; cache != "{{resolve:ssm-secure:"+want["REDIS_PASSWORD"]+"}}" {
		t.Errorf("the password of the cache is %v", cache)
	}
}

func TestEnvironment_UsesTheRolesOfTheAccount(t *testing.T) {
	t.Parallel()
	account, settings := readTemplate(t, "deploy/account.yaml"), readExtensions(t).Settings
	service, profile := account.properties(t, "Service")["RoleName"], account.properties(t, "InstanceProfile")["InstanceProfileName"]
	if settings["aws:elasticbeanstalk:environment"]["ServiceRole"] != service || settings["aws:autoscaling:launchconfiguration"]["IamInstanceProfile"] != profile ||
		settings["aws:elasticbeanstalk:managedactions"]["ServiceRoleForManagedUpdates"] != service {
		t.Errorf("the roles of the account are %v and %v", service, profile)
	}
	if role := fmt.Sprint("arn:aws:iam::000000000000:role/", account.properties(t, "Execution")["RoleName"]); readDockerrun(t)["executionRoleArn"] != role {
		t.Errorf("the containers are not started by %s", role)
	}
}
