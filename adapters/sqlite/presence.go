package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pisano-dev/pisano/core"
)

// presence tells whether the files that are open are still the ones at their
// paths. What is written into a file that was removed or replaced is lost when
// it is closed.
type presence struct {
	path  string
	files map[string]os.FileInfo // by suffix
	lost  atomic.Pointer[core.Error]
}

// watchPeriod is how soon it is noticed at rest that the file is gone.
const watchPeriod = time.Second

// note takes the files that are at the paths for the ones that are open. They
// are compared by device and inode, which no other file has while SQLite's
// connections keep the inode in use. A file system that changes the numbers of
// open files, as some on FUSE do, looks like one whose file was replaced. No
// descriptor is held for the comparison: closing it would release the locks that
// SQLite's connections in this process have on the file.
func (p *presence) note(suffixes ...string) error {
	if p.files == nil {
		p.files = make(map[string]os.FileInfo)
	}
	for _, suffix := range suffixes {
		info, err := os.Stat(p.path + suffix)
		if err != nil {
			return err
		}
		p.files[suffix] = info
	}
	return nil
}

// check returns nil while every open file is the one at its path. Once one is
// not it never is again.
func (p *presence) check() error {
	if lost := p.lost.Load(); lost != nil {
		return lost
	}
	for _, suffix := range []string{"", walSuffix, shmSuffix} {
		open := p.files[suffix]
		if open == nil {
			continue // it is just being opened
		}
		at, err := os.Stat(p.path + suffix)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return p.lose(suffix, "removed")
		case err != nil:
			return core.WrapError(core.KindUnavailable, "The data file can't be used at the moment.", err)
		case !os.SameFile(open, at):
			return p.lose(suffix, "replaced by another file")
		case suffix == "" && at.Size() == 0:
			return p.lose(suffix, "emptied")
		}
	}
	return nil
}

func (p *presence) lose(suffix, how string) error {
	p.lost.CompareAndSwap(nil, core.WrapError(core.KindUnavailable, "The data file is no longer the one that was opened.",
		fmt.Errorf("%s was %s while it was open: stop every program that uses it before a file is put in its place", p.path+suffix, how)))
	return p.lost.Load()
}

// Watch returns nil when ctx ends, and before that an error when the file has
// been removed or replaced: then no call succeeds any more, and the DB is to be
// closed and opened again. Other contents in the same file, such as cp writes,
// are noticed only if they are no database that fits.
func (db *DB) Watch(ctx context.Context) error {
	tick := time.NewTicker(watchPeriod)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		// Other errors than these pass.
		if err := db.inspect(ctx); codeOf(err) == sqlite3.SQLITE_CORRUPT || codeOf(err) == sqlite3.SQLITE_NOTADB {
			_ = db.presence.lose("", "overwritten or damaged") // returned below
		}
		if lost := db.presence.lost.Load(); lost != nil {
			return lost
		}
	}
}

// removeLog removes the log of a file that is gone: SQLite would take it for the
// log of the file that is now in its place.
func (p *presence) removeLog() {
	if p.lost.Load() == nil {
		return
	}
	for _, suffix := range []string{walSuffix, shmSuffix} {
		if at, err := os.Stat(p.path + suffix); err == nil && p.files[suffix] != nil && os.SameFile(p.files[suffix], at) {
			_ = os.Remove(p.path + suffix) // or another process has done it
		}
	}
}

// ownsLog reports whether the file's log is the one that was opened: SQLite
// removes what has its name when it closes.
func (p *presence) ownsLog() bool {
	at, err := os.Stat(p.path + walSuffix)
	return err != nil || p.files[walSuffix] != nil && os.SameFile(p.files[walSuffix], at)
}

// connector opens connections, but none to a file that has taken the place of
// the one that was opened first.
type connector struct {
	driver.Connector
	presence *presence
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	if err := c.presence.check(); err != nil {
		return nil, err
	}
	return c.Connector.Connect(ctx)
}
