package postgres

import "github.com/jackc/pgx/v5"

// ConnConfig returns how a store with these settings connects.
func ConnConfig(settings string) (*pgx.ConnConfig, error) {
	config, err := parse(settings)
	if err != nil {
		return nil, err
	}
	return config.ConnConfig, nil
}
