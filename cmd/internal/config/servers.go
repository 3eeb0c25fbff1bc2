package config

import (
	"errors"
	"fmt"
	"strings"
)

// postgresLocations and redisLocations are the variables that say where a server
// is: each of them asks for servers instead of one file.
var (
	postgresLocations = []string{"DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE"}
	redisLocations    = []string{"REDIS_URL", "REDIS_HOST"}
)

// postgresDetails are enough to ask for a Postgres in its usual place, but
// only beside a Redis. Many shells have them for psql.
var postgresDetails = []string{"PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"}

// servers returns where the servers are, or nil if neither is named.
func (e environment) servers() (*Servers, error) {
	postgresVariable, redisVariable := e.first(postgresLocations), e.first(redisLocations)
	if redisVariable != "" && postgresVariable == "" {
		postgresVariable = e.first(postgresDetails)
	}
	switch {
	case postgresVariable == "" && redisVariable == "":
		return nil, nil
	case redisVariable == "":
		return nil, fmt.Errorf("%s names a Postgres, but no Redis is named: set REDIS_URL or REDIS_HOST as well, or neither to keep everything in one file", postgresVariable)
	case postgresVariable == "":
		return nil, fmt.Errorf("%s names a Redis, but no Postgres is named: set DATABASE_URL or PGHOST as well, or neither to keep everything in one file", redisVariable)
	}
	fileErr := e.readFiles(serverSecrets)
	options, redisErr := e.redis()
	return &Servers{Postgres: e["DATABASE_URL"], Redis: options}, errors.Join(fileErr, redisErr)
}

// first returns the first of the variables that is given, itself or as a file.
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

// unusedServerSettings returns a warning about settings of servers in an
// environment that names none.
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
	return []string{"Not used, because no server is named and everything is kept in one file: " + strings.Join(unused, ", ") + "."}
}
