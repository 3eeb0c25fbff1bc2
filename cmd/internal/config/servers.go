package config

import (
	"errors"
	"fmt"
	"strings"
)

// placesOfPostgres and placesOfRedis are the variables that say where a server
// is: each of them asks for servers instead of one file.
var (
	placesOfPostgres = []string{"DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE"}
	placesOfRedis    = []string{"REDIS_URL", "REDIS_HOST"}
)

// detailsOfPostgres are enough to ask for a Postgres in its usual place, but
// only beside a Redis. Many shells have them for psql.
var detailsOfPostgres = []string{"PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"}

// servers returns where the servers are, or nil if neither is named.
func (e environment) servers() (*Servers, error) {
	postgresBy, redisBy := e.first(placesOfPostgres), e.first(placesOfRedis)
	if redisBy != "" && postgresBy == "" {
		postgresBy = e.first(detailsOfPostgres)
	}
	switch {
	case postgresBy == "" && redisBy == "":
		return nil, nil
	case redisBy == "":
		return nil, fmt.Errorf("%s names a Postgres, but no Redis is named: set REDIS_URL or REDIS_HOST as well, or neither to keep everything in one file", postgresBy)
	case postgresBy == "":
		return nil, fmt.Errorf("%s names a Redis, but no Postgres is named: set DATABASE_URL or PGHOST as well, or neither to keep everything in one file", redisBy)
	}
	fileFault := e.readFiles(serverSecrets)
	options, redisFault := e.redis()
	return &Servers{Postgres: e["DATABASE_URL"], Redis: options}, errors.Join(fileFault, redisFault)
}

// first returns the first of the variables that is given, itself or as a file.
func (e environment) first(variables []string) string {
	for _, variable := range variables {
		switch {
		case e[variable] != "":
			return variable
		case e.given(variable):
			return variable + "_FILE"
		}
	}
	return ""
}

// unusedServerSettings returns a warning about settings of servers in an
// environment that names none.
func (e environment) unusedServerSettings() []string {
	if e.first(placesOfPostgres) != "" || e.first(placesOfRedis) != "" {
		return nil
	}
	var unused []string
	for _, variable := range append([]string{"REDIS_PASSWORD"}, detailsOfPostgres...) {
		if e.given(variable) {
			unused = append(unused, variable)
		}
	}
	if unused == nil {
		return nil
	}
	return []string{"Not used, because no server is named and everything is kept in one file: " + strings.Join(unused, ", ") + "."}
}
