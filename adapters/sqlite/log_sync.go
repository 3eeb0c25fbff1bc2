package sqlite

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
	"github.com/pisano-dev/pisano/core"
)

// logSync brings the log to the disk for all who wait for it together. It does so
// beside the writes of others, which are in the log once they are committed: a sync
// that begins after a commit covers it. What is no longer in the log is in the file,
// which SQLite syncs before it overwrites the log.
type logSync struct {
	calls  *batches.Group[struct{}]
	file   logFile
	failed bool // the last sync
}

// logFile is the file of the log. SQLite locks nothing in it, so that closing it
// releases no lock of its connections.
type logFile interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
	Close() error
}

func openLog(path string) (logFile, error) {
	file, err := os.OpenFile(path+walSuffix, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return dataFile{file}, nil
}

// synced returns nil once all that was committed before the call is on the disk.
func (db *DB) synced(ctx context.Context) error {
	err := db.log.calls.Do(ctx, struct{}{}, func(take func() []*batches.Call[struct{}]) error {
		take()
		if err := db.syncLog(context.WithoutCancel(ctx)); err != nil {
			return core.WrapError(core.KindUnavailable, "The data file can't be used at the moment.", err)
		}
		return nil
	})
	return wrap(err)
}

// syncLog syncs the log. After a failure the operating system may take for written
// what is not on the disk, and reports no other failure: the log may have a hole,
// behind which nothing survives a crash. It is written again.
func (db *DB) syncLog(ctx context.Context) error {
	if !db.log.failed && db.log.file.Sync() == nil {
		return nil
	}
	err := db.look(ctx, func(transaction) error { return rewrite(db.log.file) })
	db.log.failed = err != nil
	return err
}

// rewrite writes what is in a file to the same places of it, and syncs it.
func rewrite(file logFile) error {
	block := make([]byte, 1<<20)
	for offset := int64(0); ; {
		count, err := file.ReadAt(block, offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if count == 0 {
			return file.Sync()
		}
		if _, err := file.WriteAt(block[:count], offset); err != nil {
			return err
		}
		offset += int64(count)
	}
}
