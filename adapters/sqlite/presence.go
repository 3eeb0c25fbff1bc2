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

// presence knows whether the open files are still those at their paths. What is
// written to a file that was removed or replaced is lost when the file is closed.
type presence struct {
	path  string
	files map[string]os.FileInfo // by suffix
	lost  atomic.Pointer[core.Error]
	gone  atomic.Bool // the file that was opened is not at its path, or has other contents
}

// watchPeriod is how often an idle process checks that the file is still there.
const watchPeriod = time.Second

// note records the files at the paths as the open ones. They are compared by
// device and inode, which no other file has while SQLite's connections keep the
// inode in use. A file system that changes the numbers of open files, as some on
// FUSE do, looks like one whose file was replaced. No descriptor is held for the
// comparison: closing it would release the locks of SQLite's connections in this
// process.
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

// check returns nil while every open file is the one at its path. Once it has
// failed, it always fails.
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
	p.gone.Store(true)
	return p.fail("The data file is no longer the one that was opened.",
		fmt.Errorf("%s was %s while it was open: stop every program that uses it before a file is put in its place", p.path+suffix, how))
}

func (p *presence) fail(message string, cause error) error {
	p.lost.CompareAndSwap(nil, core.WrapError(core.KindUnavailable, message, cause))
	return p.lost.Load()
}

// Watch returns nil when ctx ends. If the file is removed or replaced before, it
// returns an error: every call fails from then on, so close the DB and open it
// again. If the contents of the file are overwritten in place, as by cp, Watch
// notices only if the new contents are no valid database.
//
// Open checks a small file for damage. Watch checks a large one when it begins, and
// returns an error if there is any.
func (db *DB) Watch(ctx context.Context) error {
	if db.isLarge {
		ctx, cancel := context.WithCancel(ctx)
		checked := make(chan struct{})
		go func() {
			defer close(checked)
			if err := checkPages(ctx, db.readPool); isDamage(err) {
				_ = db.presence.fail("The data file is damaged.", fmt.Errorf("%s %s: %w", db.presence.path, damaged, err)) // returned below
			}
		}()
		defer func() { cancel(); <-checked }()
	}
	tick := time.NewTicker(watchPeriod)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		db.copyLog(ctx)
		// Other errors than this pass.
		if isDamage(db.inspect(ctx)) {
			_ = db.presence.lose("", "overwritten or damaged") // returned below
		}
		if lost := db.presence.lost.Load(); lost != nil {
			return lost
		}
	}
}

// isDamage reports whether err says that the file is damaged.
func isDamage(err error) bool {
	return errors.Is(err, errDamaged) || codeOf(err) == sqlite3.SQLITE_CORRUPT || codeOf(err) == sqlite3.SQLITE_NOTADB
}

// removeLog removes the log of a file that is gone. SQLite would take it for the
// log of the file that is now at the path.
func (p *presence) removeLog() {
	if !p.gone.Load() {
		return
	}
	for _, suffix := range []string{walSuffix, shmSuffix} {
		if at, err := os.Stat(p.path + suffix); err == nil && p.files[suffix] != nil && os.SameFile(p.files[suffix], at) {
			_ = os.Remove(p.path + suffix) // or another process has done it
		}
	}
}

// ownsLog reports whether the log at the path is the one that was opened. When
// SQLite closes, it removes whatever has the log's name.
func (p *presence) ownsLog() bool {
	at, err := os.Stat(p.path + walSuffix)
	return err != nil || p.files[walSuffix] != nil && os.SameFile(p.files[walSuffix], at)
}

// connector opens connections, but not to a file that has replaced the one that
// was opened first.
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
