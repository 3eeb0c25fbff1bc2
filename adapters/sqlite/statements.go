package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// statements runs statements on a connection or a pool, and keeps them prepared.
// Their texts must be few: see placeholders.
type statements struct {
	on interface {
		queryer
		PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	}
	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

func (s *statements) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.kept[query]; kept != nil {
		return kept, nil
	}
	prepared, err := s.on.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.kept == nil {
		s.kept = make(map[string]*sql.Stmt)
	}
	s.kept[query] = prepared
	return prepared, nil
}

// QueryContext runs a query that returns rows.
func (s *statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	prepared, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return prepared.QueryContext(ctx, args...)
}

// QueryRowContext runs a query that returns a row.
func (s *statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	prepared, err := s.prepare(ctx, query)
	if err != nil {
		return s.on.QueryRowContext(ctx, query, args...) // which holds the error
	}
	return prepared.QueryRowContext(ctx, args...)
}

// ExecContext runs a statement that returns no rows.
func (s *statements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	prepared, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return prepared.ExecContext(ctx, args...)
}

// close closes what is kept: those of a connection would keep it open.
func (s *statements) close() (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, prepared := range s.kept {
		err = errors.Join(err, prepared.Close())
	}
	s.kept = nil
	return err
}
