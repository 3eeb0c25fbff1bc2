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
	"PISANO_DATA", "PISANO_MAX_INDEX", "PISANO_MAX_BACKLOG", "PISANO_MAX_STREAMS", "PISANO_CONCURRENCY", "PISANO_MEMORY", "PISANO_ENGINE", "PISANO_TRUSTED_PROXIES",
	"PISANO_SUBMISSION_RATE", "PISANO_SUBMISSION_BURST", "PISANO_MAX_OPEN_REQUESTS", "PISANO_CACHE_SIZE", // nginx
	"PISANO_PORT", "PISANO_TAG", "PISANO_REGISTRY", "PISANO_SUBNETS", // Compose and make
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

// distance returns the Levenshtein distance of a and b: the number of letters to
// change, add or remove to turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
