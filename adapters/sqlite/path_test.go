package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

func TestPath_WhatCannotBeAFileIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300)
	for name, c := range map[string]struct {
		path func(t *testing.T, folder string) string
		says string
	}{
		"a folder":       {func(_ *testing.T, folder string) string { return folder }, "folder"},
		"a folder to be": {func(_ *testing.T, folder string) string { return folder + "/new/" }, "folder"},
		"a folder behind a link": {func(t *testing.T, folder string) string {
			must(t, os.Symlink(folder, folder+"/link"))
			return folder + "/link"
		}, "folder"},
		"a dangling link": {func(t *testing.T, folder string) string {
			must(t, os.Symlink(folder+"/gone.db", folder+"/link.db"))
			return folder + "/link.db"
		}, "symbolic link to"},
		"links in a loop": {func(t *testing.T, folder string) string {
			must(t, os.Symlink(folder+"/b", folder+"/a"))
			must(t, os.Symlink(folder+"/a", folder+"/b"))
			return folder + "/a"
		}, "loop"},
		"a named pipe": {func(t *testing.T, folder string) string {
			must(t, syscall.Mkfifo(folder+"/pipe", 0o600))
			return folder + "/pipe"
		}, "named pipe"},
		"a device": {func(*testing.T, string) string { return "/dev/null" }, "device"},
		"a file in a file": {func(t *testing.T, folder string) string {
			must(t, os.WriteFile(folder+"/f", nil, 0o600))
			return folder + "/f/pisano.db"
		}, "folder"},
		"deep in a file": {func(t *testing.T, folder string) string {
			must(t, os.WriteFile(folder+"/f", nil, 0o600))
			return folder + "/f/a/b/pisano.db"
		}, "folder"},
		"a folder that cannot be made": {func(*testing.T, string) string { return "/proc/pisano/pisano.db" }, "can't be made"},
		"too long a name":              {func(_ *testing.T, folder string) string { return folder + "/" + long }, "too long"},
		"too long for its log":         {func(_ *testing.T, folder string) string { return folder + "/" + long[:250] }, "too long"},
		"too long a path": {func(_ *testing.T, folder string) string {
			return filepath.Join(folder, long[:200], long[:200], long[:200], "pisano.db")
		}, "bytes"},
		"beside a folder of its log's name": {func(t *testing.T, folder string) string {
			must(t, os.Mkdir(folder+"/pisano.db-wal", 0o700))
			return folder + "/pisano.db"
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := c.path(t, folder)
			begin := time.Now()
			db, err := sqlite.Open(t.Context(), path)
			if err == nil {
				_ = db.Close()
				t.Fatal("it was opened")
			}
			t.Logf("after %v: %v", time.Since(begin).Round(time.Millisecond), err)
			reason := strings.ReplaceAll(err.Error(), folder, "") // its name has the words, too
			if core.KindOf(err) != core.KindInvalid || !strings.Contains(reason, c.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v of kind %v; it should say %q", err, core.KindOf(err), c.says)
			}
		})
	}
}

func TestPath_AnyNameOfAFileIsTaken(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"a b.db", "what?.db", "100%.db", "%41.db", "#1.db", "a?mode=memory", "file:x.db", ":memory:", "a&b=c;d.db", "ü–☃.db",
		"-wal", "pisano", "'quoted'.db", "\"double\".db", "back\\slash.db", "new\nline.db", "a+b.db", "not/there/yet/pisano.db",
		strings.Repeat("y", 247),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			file := filepath.Join(folder, name)
			must(t, submit(open(t, file), 7))
			if info, err := os.Stat(file); err != nil || info.Size() == 0 {
				t.Errorf("there is no such file: %v", err)
			}
			if records, err := open(t, file).IndexStore().List(t.Context(), 0, 10); err != nil || len(records) != 1 {
				t.Errorf("%d records, %v", len(records), err)
			}
			entries, err := os.ReadDir(folder)
			must(t, err)
			first, _, _ := strings.Cut(name, "/")
			for _, entry := range entries {
				if !strings.HasPrefix(entry.Name(), first) {
					t.Errorf("%s was made", entry.Name())
				}
			}
		})
	}
}

func TestPath_ARelativeOneStaysTheSameFile(t *testing.T) {
	t.Chdir(t.TempDir())
	db := open(t, "data/pisano.db")
	folder, err := os.Getwd()
	must(t, err)
	t.Chdir(t.TempDir())
	must(t, submit(db, 7))
	must(t, db.Ping(t.Context()))
	if records, err := open(t, folder+"/data/pisano.db").IndexStore().List(t.Context(), 0, 10); err != nil || len(records) != 1 {
		t.Errorf("%d records, %v", len(records), err)
	}
}

func TestPath_ALinkToAFileIsFollowed(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	must(t, submit(open(t, file), 7))
	link := filepath.Join(t.TempDir(), "link.db")
	must(t, os.Symlink(file, link))
	db := open(t, link)
	must(t, submit(db, 8))
	if records, err := db.IndexStore().List(t.Context(), 0, 10); err != nil || len(records) != 2 {
		t.Errorf("%d records, %v", len(records), err)
	}
}
