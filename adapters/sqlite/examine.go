package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

const (
	// attempts is how often a file is read before it is refused, because other
	// processes may be writing it.
	attempts     = 5
	attemptPause = 100 * time.Millisecond
	// minSize is the size of the smallest database in bytes. SQLite treats a
	// shorter file as empty.
	minSize = 512
)

// examine returns nil if the file does not exist yet, is empty or is Pisano's. It
// changes nothing, neither the file nor those beside it.
func examine(ctx context.Context, path string) error {
	for attempt := 1; ; attempt++ {
		before := glance(path)
		found, err := inspect(ctx, path, before)
		if err == nil {
			_, err = recognize(path, found)
		}
		// What was read without a lock, while it was being written, proves
		// nothing.
		atRest := !before.pending() && before.same(glance(path))
		if err == nil || atRest || attempt == attempts {
			return cannotOpenIf(path, err)
		}
		select {
		case <-time.After(attemptPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func cannotOpenIf(path string, err error) error {
	if err == nil {
		return nil
	}
	return cannotOpen(path, err)
}

// inspect reads the contents of a file. SQLite opens it as immutable, so that it
// takes no locks and creates no files, but does not see what is committed to the
// log beside it. If the file alone can't be recognized, inspect reads a copy of
// file and log.
func inspect(ctx context.Context, path string, at glimpse) (contents, error) {
	if at[""].size == 0 {
		if at[walSuffix].size > 0 {
			return contents{}, refused(path, "is missing or empty, but "+path+walSuffix+
				" holds part of its contents; put the file back, or move that one away to begin with an empty file", nil)
		}
		return contents{}, nil
	}
	if at[""].size < minSize {
		return contents{}, refused(path, notADatabase, nil)
	}
	found, err := read(ctx, path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	if (err != nil || found.blank()) && at.pending() {
		return readCopy(ctx, path)
	}
	return found, err
}

// read opens a file and reads its contents.
func read(ctx context.Context, path string, query url.Values) (contents, error) {
	db, err := sql.Open("sqlite", dsn(path, query))
	if err != nil {
		return contents{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	return contentsOf(ctx, db)
}

// readCopy reads a copy of a file, its log and its journal. Where there is no
// folder for temporary files, as in a minimal image, the copy is made beside the
// file.
func readCopy(ctx context.Context, path string) (contents, error) {
	folder, err := os.MkdirTemp("", "pisano-")
	if err != nil {
		folder, err = os.MkdirTemp(filepath.Dir(path), ".pisano-")
	}
	if err != nil {
		return contents{}, err
	}
	defer os.RemoveAll(folder)
	target := filepath.Join(folder, "copy.db")
	for _, suffix := range []string{"", walSuffix, journalSuffix} {
		if err := copyFile(path+suffix, target+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return contents{}, err
		}
	}
	return read(ctx, target, nil)
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// glimpse is what can be known of a file, and by their suffixes of those beside
// it, without opening them.
type glimpse map[string]struct {
	size    int64
	changed time.Time
}

func glance(path string) glimpse {
	g := make(glimpse)
	for _, suffix := range []string{"", walSuffix, journalSuffix} {
		if info, err := os.Stat(path + suffix); err == nil {
			seen := g[suffix]
			seen.size, seen.changed = info.Size(), info.ModTime()
			g[suffix] = seen
		}
	}
	return g
}

// pending reports whether a log or a journal holds part of the file's contents.
func (g glimpse) pending() bool { return g[walSuffix].size > 0 || g[journalSuffix].size > 0 }

func (g glimpse) same(other glimpse) bool {
	for _, suffix := range []string{"", walSuffix, journalSuffix} {
		if g[suffix].size != other[suffix].size || !g[suffix].changed.Equal(other[suffix].changed) {
			return false
		}
	}
	return true
}
