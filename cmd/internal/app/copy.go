package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

// copyData runs backup or restore and returns the exit code.
func copyData(arguments []string, program config.Program) int {
	action, rest := arguments[0], arguments[1:]
	overwrite := action == "restore" && len(rest) > 0 && rest[0] == "--overwrite"
	if overwrite {
		rest = rest[1:]
	}
	// A misspelled option is not the name of a file; ./-x is.
	if len(rest) != 1 || rest[0] == "" || rest[0] != "-" && rest[0][0] == '-' {
		return misused(os.Stderr, arguments)
	}
	settings, err := config.Load(os.Environ(), program)
	if err == nil && settings.Servers != nil {
		err = errors.New("the data are on servers: pg_dump and pg_restore copy those of Postgres")
	}
	if err != nil {
		return refuse(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if action == "backup" {
		err = backUp(ctx, settings.Data, rest[0])
	} else {
		err = restore(ctx, settings.Data, rest[0], overwrite)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// backUp copies the data file to a new file, or to standard output by way of a
// file beside it.
func backUp(ctx context.Context, data, file string) error {
	if file != "-" {
		return sqlite.Backup(ctx, data, file)
	}
	folder, err := os.MkdirTemp(filepath.Dir(data), ".pisano-backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file = filepath.Join(folder, "backup.db")
	if err := sqlite.Backup(ctx, data, file); err != nil {
		return err
	}
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(os.Stdout, content)
	return err
}

func restore(ctx context.Context, data, file string, overwrite bool) error {
	if file == "-" {
		return sqlite.Restore(ctx, os.Stdin, data, overwrite)
	}
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	return sqlite.Restore(ctx, content, data, overwrite)
}
