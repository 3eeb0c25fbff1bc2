package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// postgresLocations and redisLocations are the variables that say where a server
// is. Each of them selects servers instead of one file.
var (
	postgresLocations = []string{"DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE"}
	redisLocations    = []string{"REDIS_URL", "REDIS_HOST"}
)

// postgresDetails select a Postgres at its default address, but only if a Redis is
// named: many shells set them for psql.
var postgresDetails = []string{"PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"}

// servers returns the addresses of the servers, or nil if neither is named.
func (e environment) servers() (*Servers, error) {
	postgresVariable, redisVariable := e.first(postgresLocations), e.first(redisLocations)
	if redisVariable != "" && postgresVariable == "" {
		postgresVariable = e.first(postgresDetails)
	}
	switch {
	case postgresVariable == "" && redisVariable == "":
		return nil, nil
	case redisVariable == "":
		return nil, fmt.Errorf("%s names a Postgres, but no Redis is named: set REDIS_URL or REDIS_HOST as well, or name no server to keep everything in one file", postgresVariable)
	case postgresVariable == "":
		return nil, fmt.Errorf("%s names a Redis, but no Postgres is named: set DATABASE_URL or PGHOST as well, or name no server to keep everything in one file", redisVariable)
	}
	fileErr := e.readFiles(serverSecrets)
	options, redisErr := e.redis()
	return &Servers{Postgres: e["DATABASE_URL"], Redis: options}, errors.Join(fileErr, redisErr)
}

// refuseServers returns an error if a server is named.
func (e environment) refuseServers() error {
	if variable := e.first(slices.Concat(postgresLocations, redisLocations)); variable != "" {
		return fmt.Errorf("%s names a server, and this program keeps everything in one file: run api and worker on servers, or do not set it", variable)
	}
	return nil
}

// first returns the first of the variables that is set, directly or as a file, in
// which case the name ends in _FILE.
func (e environment) first(variables []string) string {
	for _, variable := range variables {
		switch {
		case e[variable] != "":
			return variable
		case e.isSet(variable):
			return variable + "_FILE"
		}
	}
	return ""
}

// unusedServerSettings returns a warning about settings of servers if no server is
// named.
func (e environment) unusedServerSettings() []string {
	if e.first(postgresLocations) != "" || e.first(redisLocations) != "" {
		return nil
	}
	var unused []string
	for _, variable := range append([]string{"REDIS_PASSWORD"}, postgresDetails...) {
		if e.isSet(variable) {
			unused = append(unused, variable)
		}
	}
	if unused == nil {
		return nil
	}
	return []string{"Ignored, because no server is named and everything is kept in one file: " + strings.Join(unused, ", ") + "."}
}
