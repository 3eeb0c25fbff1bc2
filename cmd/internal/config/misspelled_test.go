package config_test

import (
	"strings"
	"testing"
)

func TestWarnings_CoverLikelyMisspellings(t *testing.T) {
	t.Parallel()
	for variable, meant := range map[string]string{
		"PISANO_MAXINDEX": "PISANO_MAX_INDEX", "PISANO_CONCURENCY": "PISANO_CONCURRENCY", "PISANO_TRUSTED_PROXY": "PISANO_TRUSTED_PROXIES",
		"REDIS_PASSWD": "REDIS_PASSWORD", "REDIS_USER": "REDIS_USERNAME", "REDIS_SSL": "REDIS_TLS", "REDIS_URI": "REDIS_URL", "REDIS_DB": "REDIS_URL",
		"REDIS_TSL": "REDIS_TLS", "REDIS_HSOT": "REDIS_HOST", "PISANO_DTAA": "PISANO_DATA", // two letters swapped
		"REDIS_SENTINEL_MASTERS": "REDIS_SENTINEL_MASTER", "PISANO_DATA_FILE": "PISANO_DATA", "PGDATABASE_FILE": "PGDATABASE",
	} {
		warnings := load(t, variable+"=hunter2").Warnings
		if len(warnings) != 1 || !strings.HasPrefix(warnings[0], variable+" ") || !strings.Contains(warnings[0], meant) || strings.Contains(warnings[0], "hunter2") {
			t.Errorf("%s: %q", variable, warnings)
		}
	}
}

func TestWarnings_IgnoreVariablesOfOtherPrograms(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		"PISANO_SERVICE_HOST=10.0.0.1", "PISANO_API_PORT=tcp://10.0.0.1:80", "REDIS_MASTER_SERVICE_PORT=6379", "REDIS_PORT_6379_TCP=tcp://10.0.0.1:6379",
		"PISANO_CACHE_SIZE=1g", "PISANO_PORT=3050", "PISANO_TAG=x", "REDIS_MAXMEMORY=1gb", "PISANO_GO_IMAGE=golang", "REDIS_VERSION=8.0", "REDIS_DOWNLOAD_URL=https://x",
		"REDIS_DOWNLOAD_SHA=x", "REDIS_NAME=/app/redis", "REDISX=1", "MAX_INDEX=1", "PISANO_DATA=/tmp/x", "PISANO_URL=http://x", "PISANO_SEED=1",
	} {
		for _, warning := range load(t, entry).Warnings {
			t.Errorf("%s: %s", entry, warning)
		}
	}
}

func TestWarnings_NameServerSettingsWithoutAServerOnce(t *testing.T) {
	t.Parallel()
	warnings := load(t, "PGUSER=me", "PGDATABASE=mine", "REDIS_PASSWORD=hunter2", "REDIS_PORT=tcp://10.0.0.1:6379").Warnings
	if len(warnings) != 1 || !strings.Contains(warnings[0], "REDIS_PASSWORD, PGUSER, PGDATABASE") || strings.Contains(warnings[0], "hunter2") {
		t.Errorf("%q", warnings)
	}
}
