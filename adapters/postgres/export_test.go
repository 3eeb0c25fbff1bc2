package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// ConnConfig returns how a store with these settings connects.
func ConnConfig(settings string) (*pgx.ConnConfig, error) {
	config, err := parse(settings)
	if err != nil {
		return nil, err
	}
	return config.ConnConfig, nil
}

// SetTimeout replaces the bound of each call, before the first.
func (db *DB) SetTimeout(timeout time.Duration) { db.timeout = timeout }
