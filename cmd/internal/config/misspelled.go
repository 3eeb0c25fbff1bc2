package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// knownVariables are the variables that begin with PISANO_ or REDIS_ and are read
// by a program, a container or a command of Pisano.
var knownVariables = []string{
	"PISANO_DATA", "PISANO_CACHE_BYTES", "PISANO_MAX_INDEX", "PISANO_MAX_BACKLOG", "PISANO_MAX_STREAMS", "PISANO_CONCURRENCY", "PISANO_MEMORY", "PISANO_ENGINE", "PISANO_RECOVERY", "PISANO_RETAIN", "PISANO_TRUSTED_PROXIES", "PISANO_ACCESS_LOG",
	"PISANO_SUBMISSION_RATE", "PISANO_SUBMISSION_BURST", "PISANO_EXPLORER_RATE", "PISANO_EXPLORER_BURST", "PISANO_MAX_OPEN_REQUESTS", "PISANO_CACHE_SIZE", // nginx
	"PISANO_PORT", "PISANO_TAG", "PISANO_REGISTRY", "PISANO_SUBNETS", "PISANO_VPC", "PISANO_SECURITY_GROUP", "PISANO_CERTIFICATE_ARN", // Compose and make
	"REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_USERNAME", "REDIS_PASSWORD", "REDIS_TLS", "REDIS_CLUSTER", "REDIS_PREFIX",
	"REDIS_SENTINEL_MASTER", "REDIS_SENTINEL_USERNAME", "REDIS_SENTINEL_PASSWORD",
	"REDIS_MAXMEMORY", // Compose
}

// replacements maps variables that other programs read to those of Pisano.
var replacements = map[string]string{
	"REDIS_SSL": "REDIS_TLS", "REDIS_USE_TLS": "REDIS_TLS", "REDIS_USE_SSL": "REDIS_TLS",
	"REDIS_USER": "REDIS_USERNAME", "REDIS_PASS": "REDIS_PASSWORD", "REDIS_AUTH": "REDIS_PASSWORD",
	"REDIS_URI": "REDIS_URL", "REDIS_ADDR": "REDIS_HOST", "REDIS_HOSTNAME": "REDIS_HOST", "REDIS_HOSTS": "REDIS_HOST",
	"REDIS_DB":        "REDIS_URL, such as redis://cache/3",
	"REDIS_DATABASE":  "REDIS_URL, such as redis://cache/3",
	"REDIS_SENTINELS": "REDIS_HOST and REDIS_SENTINEL_MASTER", "REDIS_KEY_PREFIX": "REDIS_PREFIX",
}

// warnings returns likely mistakes: misspelled variables, and settings of servers
// although no server is named.
func (e environment) warnings() []string {
	warnings := e.unusedServerSettings()
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if meant := suggestion(name); meant != "" {
			warnings = append(warnings, fmt.Sprintf("%s is not a setting of Pisano and is ignored. Did you mean %s?", name, meant))
		}
	}
	return warnings
}

// suggestion returns the variable to set instead of one that is likely a mistake,
// or "".
func suggestion(name string) string {
	base, isFile := strings.CutSuffix(name, "_FILE")
	isKnown := slices.Contains(knownVariables, base) || slices.Contains(postgresLocations, base) || slices.Contains(postgresDetails, base)
	switch {
	case isKnown && isFile && !isSecret(base):
		return base // only secrets are read from files
	case isKnown || !strings.HasPrefix(name, "PISANO_") && !strings.HasPrefix(name, "REDIS_"):
		return ""
	case replacements[name] != "":
		return replacements[name]
	}
	return nearest(name)
}

// nearest returns the known variable that is closest to a name, or "" if none is
// within one edit per five letters.
func nearest(name string) string {
	best, closest := "", len(name)/5+1
	for _, candidate := range knownVariables {
		if d := distance(strings.ReplaceAll(name, "_", ""), strings.ReplaceAll(candidate, "_", "")); d < closest {
			best, closest = candidate, d
		}
	}
	return best
}

// distance returns the optimal string alignment distance of a and b: the number of
// letters to change, add, remove or swap with their neighbours to turn a into b.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1) // of the beginnings of a, with those of b
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i][j-1]+1, rows[i-1][j]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
