package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pisano-dev/pisano/core"
)

// Backup copies what the data file holds, as of one moment, to a new file. Programs
// may use the data file meanwhile, and are not delayed. The copy is whole or not
// made, and it is on the disk when Backup returns.
//
// The error is of KindNotFound if there is no data file, of KindInvalid if the file
// is not Pisano's or the new one exists, of KindOverloaded if there is no room.
func Backup(ctx context.Context, file, to string) error {
	switch info, err := os.Stat(file); {
	case errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0:
		return core.NewError(core.KindNotFound, fmt.Sprintf("There is nothing to back up: no data in %s.", file))
	case err != nil:
		return cannotOpen(file, err)
	}
	path, err := locate(file)
	if err != nil {
		return err
	}
	if err := examine(ctx, path); err != nil {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return core.WrapError(core.KindInvalid, fmt.Sprintf("The backup can't be named %s: choose the name of a new file.", to), err)
	}
	absolute, err := filepath.Abs(to) // the driver takes some relative names for addresses
	if err != nil {
		return err
	}
	// SQLite fills an empty file, whose permissions are kept. Another backup to the
	// same name may be on its way.
	target, err := os.CreateTemp(filepath.Dir(absolute), filepath.Base(absolute)+".*.partial")
	if err != nil {
		return core.WrapError(core.KindInvalid, fmt.Sprintf("The backup can't be written to %s.", to), err)
	}
	partial := target.Name()
	err = vacuumInto(ctx, path, partial)
	if err == nil {
		err = target.Sync()
	}
	if err = errors.Join(err, target.Close()); err == nil {
		err = os.Rename(partial, absolute)
	}
	if err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	return syncFolder(filepath.Dir(absolute))
}

// vacuumInto copies the contents of a data file to an empty file.
func vacuumInto(ctx context.Context, path, target string) error {
	db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {"rw"}, "_pragma": {busyPragma}}))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var size int64
	const used = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
	if err := db.QueryRowContext(ctx, used).Scan(&size); err != nil {
		return wrap(err)
	}
	if free, known := freeOnDisk(target); known && free < size+diskReserve {
		return core.NewError(core.KindOverloaded, fmt.Sprintf("There is no room for the backup: it takes %s, and its disk has %s left.", inMiB(size), inMiB(free)))
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", target)
	return wrap(err)
}

// Restore puts a backup in the place of the data file, which no program may use.
// A file that holds records is replaced only if overwrite is true. The data file
// remains as it was unless Restore succeeds, and keeps its owner if root runs it.
//
// The error is of KindInvalid if the backup or the file to be replaced is not
// Pisano's, or the file has records; of KindUnavailable if a program uses it.
func Restore(ctx context.Context, backup io.Reader, file string, overwrite bool) error {
	path, err := locate(file)
	if err != nil {
		return err
	}
	if err := examine(ctx, path); err != nil {
		return err
	}
	target, err := os.CreateTemp(filepath.Dir(path), ".pisano-restore-")
	if err != nil {
		return cannotOpen(path, err)
	}
	defer os.Remove(target.Name()) // after the rename it does nothing
	_, err = io.Copy(target, backup)
	if err == nil {
		err = target.Sync()
	}
	if err := errors.Join(err, target.Close()); err != nil {
		return core.WrapError(core.KindUnavailable, "The backup can't be copied beside the data file.", err)
	}
	if err := checkBackup(ctx, target.Name()); err != nil {
		return err
	}
	if err := vacate(ctx, path, overwrite); err != nil {
		return err
	}
	if err := takeOwner(target.Name(), path); err != nil {
		return cannotOpen(path, err)
	}
	if err := os.Rename(target.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// checkBackup returns an error unless a file is one of Pisano's that is sound and
// has tables.
func checkBackup(ctx context.Context, path string) error {
	const name = "to restore" // the file has a temporary one
	found, err := read(ctx, path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	if err == nil && found.blank() {
		return refused(name, "is empty", nil)
	}
	if err == nil {
		_, err = recognize(name, found)
	}
	if err == nil {
		err = quickCheck(ctx, path)
	}
	return cannotOpenIf(name, err)
}

// quickCheck looks for damage in all of a file.
func quickCheck(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {"ro"}, "immutable": {"1"}}))
	if err != nil {
		return err
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, verdict)
	}
	return nil
}

// vacate makes sure that a data file may be replaced, and that nothing beside it
// would be taken for the log of its successor.
func vacate(ctx context.Context, path string, overwrite bool) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(0)"}}))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	// SQLite removes the log only if no other connection is open.
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	if code := codeOf(err); code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED || err == nil && mode != "delete" {
		return core.NewError(core.KindUnavailable, fmt.Sprintf("A program uses the data file %s: stop it first.", path))
	}
	if err != nil {
		return cannotOpen(path, err)
	}
	var records int64
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM indices").Scan(&records); err != nil {
		return cannotOpen(path, err)
	}
	if records > 0 && !overwrite {
		return core.NewError(core.KindInvalid, fmt.Sprintf("The data file %s has records, which would be lost (%d): only --overwrite replaces them.", path, records))
	}
	return nil
}
