package sqlite_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// ioLog is what SQLite writes to and syncs of one file and the log beside it, in
// order.
type ioLog struct {
	path string

	mu        sync.Mutex
	recording bool
	base      map[string][]byte // by suffix: contents at the start
	failures  int               // how many syncs of the log fail next
	events    []ioEvent
}

type ioEvent struct {
	kind   eventKind
	suffix string // of the file
	offset int64
	data   []byte
	index  core.Index
	before int // of fileSynced and syncFailed: how many events were before it began
}

type eventKind int

const (
	fileWritten eventKind = iota
	fileTruncated
	fileSynced
	syncFailed
	recordAccepted
	markAccepted
)

// apply makes the write or truncation on the contents of a file.
func (e ioEvent) apply(contents []byte) []byte {
	end := e.offset + int64(len(e.data))
	if grow := end - int64(len(contents)); grow > 0 {
		contents = append(contents, make([]byte, grow)...)
	}
	if e.kind == fileTruncated {
		return contents[:e.offset]
	}
	copy(contents[e.offset:], e.data)
	return contents
}

func (l *ioLog) add(e ioEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.recording {
		l.events = append(l.events, e)
	}
}

// sync adds a sync of a file by do, of what was written before it began.
func (l *ioLog) sync(suffix string, do func() bool) {
	l.mu.Lock()
	before := len(l.events)
	l.mu.Unlock()
	e := ioEvent{kind: fileSynced, suffix: suffix, before: before}
	if !do() {
		e.kind = syncFailed
	}
	l.add(e)
}

// syncs returns how many syncs there were of the file and of its log.
func (l *ioLog) syncs() (count int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.kind == fileSynced {
			count++
		}
	}
	return count
}

// recordedLog is the file of the log as it is written and synced beside SQLite.
type recordedLog struct {
	sqlite.LogFile
	log *ioLog
}

func (f recordedLog) WriteAt(data []byte, offset int64) (int, error) {
	f.log.add(ioEvent{kind: fileWritten, suffix: "-wal", offset: offset, data: slices.Clone(data)})
	return f.LogFile.WriteAt(data, offset)
}

func (f recordedLog) Sync() (err error) {
	f.log.sync("-wal", func() bool {
		if f.log.failures > 0 {
			f.log.failures--
			err = errors.New("the disk is broken")
		} else {
			err = f.LogFile.Sync()
		}
		return err == nil
	})
	return err
}

// recorder is the log of the process, and how SQLite calls what it replaces.
var recorder struct {
	log  *ioLog
	open uintptr // xOpen of the system's VFS

	mu      sync.Mutex
	methods map[uintptr]*replacedMethods // by those that they replace
	files   map[uintptr]recordedFile     // that are open
}

type replacedMethods struct {
	original  sqlite3.Tsqlite3_io_methods
	recording uintptr // in the memory of SQLite's C code
}

type recordedFile struct {
	suffix  string
	methods *replacedMethods
}

// recordSQLite makes a VFS that records the default of the process.
func recordSQLite(t *testing.T, path string) *ioLog {
	t.Helper()
	recorder.log = &ioLog{path: path}
	recorder.methods = make(map[uintptr]*replacedMethods)
	recorder.files = make(map[uintptr]recordedFile)
	tls := libc.NewTLS() // as long as the process
	system := (*sqlite3.Tsqlite3_vfs)(at(sqlite3.Xsqlite3_vfs_find(tls, 0)))
	memory := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(*system)))
	name, err := libc.CString("recording")
	must(t, err)
	vfs := (*sqlite3.Tsqlite3_vfs)(at(memory))
	*vfs = *system
	vfs.FzName = name
	recorder.open = system.FxOpen
	vfs.FxOpen = function(recordOpen)
	if code := sqlite3.Xsqlite3_vfs_register(tls, memory, 1); code != sqlite3.SQLITE_OK {
		t.Fatalf("sqlite3_vfs_register: %d", code)
	}
	return recorder.log
}

// at is the address in memory that SQLite's C code has as a number.
func at(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

// function returns a function as SQLite's C code has it.
func function[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

// call returns the function behind such an address.
func call[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&address)) }

type (
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	writeFunc    = func(tls *libc.TLS, file, data uintptr, count int32, offset int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc     = func(tls *libc.TLS, file uintptr, flags int32) int32
)

func recordOpen(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	code := call[openFunc](recorder.open)(tls, vfs, name, file, flags, out)
	if code != sqlite3.SQLITE_OK || name == 0 {
		return code
	}
	suffix, ours := strings.CutPrefix(libc.GoString(name), recorder.log.path)
	if !ours || suffix != "" && suffix != "-wal" {
		return code
	}
	recorder.mu.Lock()
	defer recorder.mu.Unlock()
	methods := (*uintptr)(at(file))
	replaced := recorder.methods[*methods]
	if replaced == nil {
		original := *(*sqlite3.Tsqlite3_io_methods)(at(*methods))
		replaced = &replacedMethods{original, libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(original)))}
		recording := (*sqlite3.Tsqlite3_io_methods)(at(replaced.recording))
		*recording = original
		recording.FxWrite = function(recordWrite)
		recording.FxTruncate = function(recordTruncate)
		recording.FxSync = function(recordSync)
		recorder.methods[*methods] = replaced
	}
	recorder.files[file] = recordedFile{suffix, replaced}
	*methods = replaced.recording
	return code
}

func recordedFileOf(file uintptr) (suffix string, original sqlite3.Tsqlite3_io_methods) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()
	f := recorder.files[file]
	return f.suffix, f.methods.original
}

func recordWrite(tls *libc.TLS, file, data uintptr, count int32, offset int64) int32 {
	suffix, original := recordedFileOf(file)
	recorder.log.add(ioEvent{kind: fileWritten, suffix: suffix, offset: offset, data: slices.Clone(unsafe.Slice((*byte)(at(data)), count))})
	return call[writeFunc](original.FxWrite)(tls, file, data, count, offset)
}

func recordTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	suffix, original := recordedFileOf(file)
	recorder.log.add(ioEvent{kind: fileTruncated, suffix: suffix, offset: size})
	return call[truncateFunc](original.FxTruncate)(tls, file, size)
}

func recordSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	suffix, original := recordedFileOf(file)
	code := int32(sqlite3.SQLITE_OK)
	recorder.log.sync(suffix, func() bool {
		code = call[syncFunc](original.FxSync)(tls, file, flags)
		return code == sqlite3.SQLITE_OK
	})
	return code
}
