package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// knownVariables are the variables that begin with PISANO_ or REDIS_ and mean something
// to a program, a container or a command of Pisano.
var knownVariables = []string{
	"PISANO_DATA", "PISANO_MAX_INDEX", "PISANO_MAX_BACKLOG", "PISANO_CONCURRENCY", "PISANO_ENGINE", "PISANO_TRUSTED_PROXIES",
	"PISANO_SUBMISSION_RATE", "PISANO_SUBMISSION_BURST", "PISANO_CACHE_SIZE", // nginx
	"PISANO_PORT", "PISANO_TAG", "PISANO_REGISTRY", "PISANO_SUBNETS", // Compose and make
	"REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_USERNAME", "REDIS_PASSWORD", "REDIS_TLS", "REDIS_CLUSTER", "REDIS_PREFIX",
	"REDIS_SENTINEL_MASTER", "REDIS_SENTINEL_USERNAME", "REDIS_SENTINEL_PASSWORD",
	"REDIS_MAXMEMORY", // Compose
}

// replacements says what to set in place of a variable that other programs have.
var replacements = map[string]string{
	"REDIS_SSL": "REDIS_TLS", "REDIS_USE_TLS": "REDIS_TLS", "REDIS_USE_SSL": "REDIS_TLS",
	"REDIS_USER": "REDIS_USERNAME", "REDIS_PASS": "REDIS_PASSWORD", "REDIS_AUTH": "REDIS_PASSWORD",
	"REDIS_URI": "REDIS_URL", "REDIS_ADDR": "REDIS_HOST", "REDIS_HOSTNAME": "REDIS_HOST", "REDIS_HOSTS": "REDIS_HOST",
	"REDIS_DB":        "REDIS_URL, such as redis://cache/3,",
	"REDIS_DATABASE":  "REDIS_URL, such as redis://cache/3,",
	"REDIS_SENTINELS": "REDIS_HOST and REDIS_SENTINEL_MASTER", "REDIS_KEY_PREFIX": "REDIS_PREFIX",
}

// warnings returns what may be a mistake: variables that look like knownVariables and are
// not, and settings of servers where none is named.
func (e environment) warnings() []string {
	warnings := e.unusedServerSettings()
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if meant := suggestion(name); meant != "" {
			warnings = append(warnings, fmt.Sprintf("%s is not a setting of Pisano and is not used: set %s if that is what is meant.", name, meant))
		}
	}
	return warnings
}

// suggestion returns what to set instead of a variable that looks like a mistake,
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

// nearest returns the variable of knownVariables that a name differs from by a slip in
// every five letters at most, or "".
func nearest(name string) string {
	best, closest := "", len(name)/5+1
	for _, candidate := range knownVariables {
		if d := distance(strings.ReplaceAll(name, "_", ""), strings.ReplaceAll(candidate, "_", "")); d < closest {
			best, closest = candidate, d
		}
	}
	return best
}

// distance returns how many letters are to be changed, added or removed to make
// b of a (Levenshtein).
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
