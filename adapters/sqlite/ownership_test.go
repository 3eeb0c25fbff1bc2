package sqlite_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// write runs statements on a file as another program would, and returns the
// open database.
func write(t *testing.T, file string, statements ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: "_pragma=busy_timeout(10000)"}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return db
}

// folderOf returns the names and the bytes of all that is in the folder of a file.
func folderOf(t *testing.T, file string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(file), entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[entry.Name()] = string(data)
	}
	return all
}

// wantUnchanged compares a folder with what was in it before.
func wantUnchanged(t *testing.T, file string, before map[string]string) {
	t.Helper()
	after := folderOf(t, file)
	for name, data := range before {
		if now, there := after[name]; !there || now != data {
			t.Errorf("%s was changed (there: %v, %d bytes, before %d)", name, there, len(now), len(data))
		}
	}
	for name := range after {
		if _, there := before[name]; !there {
			t.Errorf("%s was made", name)
		}
	}
}

// wantRefused opens a file that must be refused in a sentence with these words,
// within a minute, and not be changed.
func wantRefused(t *testing.T, file string, words ...string) {
	t.Helper()
	before := folderOf(t, file)
	begin := time.Now()
	db, err := sqlite.Open(t.Context(), file)
	if err == nil {
		_ = db.Close()
		t.Error("it was opened")
	} else if core.KindOf(err) != core.KindInvalid {
		t.Errorf("error %v of kind %v, want %v", err, core.KindOf(err), core.KindInvalid)
	}
	for _, word := range append(words, file) {
		if err != nil && !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
	t.Logf("after %v: %v", time.Since(begin).Round(time.Millisecond), err)
	wantUnchanged(t, file, before)
}

const itsTables = `
	CREATE TABLE jobs (id INTEGER PRIMARY KEY, command TEXT NOT NULL);
	INSERT INTO jobs (command) VALUES ('backup'), ('report');
	CREATE TABLE workers (id INTEGER PRIMARY KEY, name TEXT);
	INSERT INTO workers (name) VALUES ('ann');`

// snapshot returns the statements that made a file in an older version.
func snapshot(t *testing.T, version int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("testdata/version-%d.sql", version))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOwnership_AnotherProgramsFileIsRefusedAndNotChanged(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"tables with names of ours":         {itsTables},
		"the same, and a version of ours":   {itsTables, "PRAGMA user_version = 1"},
		"the same, and the newest version":  {itsTables, "PRAGMA user_version = 3"},
		"other tables":                      {"CREATE TABLE notes (text TEXT)"},
		"a mark of its own":                 {"CREATE TABLE notes (text TEXT)", "PRAGMA application_id = 252006673"},
		"a mark of its own and no tables":   {"PRAGMA application_id = 252006673"},
		"a version and no tables":           {"PRAGMA user_version = 7"},
		"a view with a name of ours":        {"CREATE VIEW indices AS SELECT 1 AS n"},
		"our tables and one of its own":     {snapshot(t, 1), "CREATE TABLE workers (id INTEGER PRIMARY KEY, name TEXT)"},
		"our tables of an unknown version":  {snapshot(t, 3), "PRAGMA user_version = 4"},
		"our tables, their columns not":     {snapshot(t, 3), "ALTER TABLE jobs ADD COLUMN command TEXT"},
		"an index over an expression":       {"CREATE TABLE t (a); CREATE INDEX i ON t (a + 1)"},
		"our tables, and another mark":      {snapshot(t, 3), "PRAGMA application_id = 1"},
		"a name that needs to be quoted":    {`CREATE TABLE "indices" ("select" TEXT, "a b" TEXT)`, "PRAGMA user_version = 2"},
		"a page size and an encoding of it": {"PRAGMA page_size = 512", "PRAGMA encoding = 'UTF-16le'", itsTables},
	} {
		for _, journal := range []string{"DELETE", "WAL", "WAL, and open", "PERSIST"} {
			t.Run(name+"/"+journal, func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "its.db")
				mode, _, _ := strings.Cut(journal, ",")
				first := 0 // a page size is chosen before anything is written
				if strings.HasPrefix(name, "a page size") {
					first = 2
				}
				all := slices.Insert(slices.Clone(statements), first, "PRAGMA journal_mode = "+mode)
				db := write(t, file, all...)
				if !strings.Contains(journal, "open") {
					if err := db.Close(); err != nil {
						t.Fatal(err)
					}
				}
				wantRefused(t, file, "another program")
			})
		}
	}
}

// TestOwnership_WhatIsStillInTheLogCounts: the database of a program that was
// killed may hold nothing yet, and the log beside it everything.
func TestOwnership_WhatIsStillInTheLogCounts(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string]string{"its": itsTables, "ours": snapshot(t, 3) + recordOf7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := filepath.Join(t.TempDir(), "open.db")
			write(t, source, "PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0", statements)
			file := filepath.Join(t.TempDir(), "left.db")
			for _, suffix := range []string{"", "-wal", "-shm"} {
				data, err := os.ReadFile(source + suffix)
				if err == nil {
					err = os.WriteFile(file+suffix, data, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if name == "its" {
				wantRefused(t, file, "another program")
				return
			}
			wantRecordOf7(t, open(t, file))
		})
	}
}

func TestOwnership_WhatIsNoDatabaseIsRefusedAndNotChanged(t *testing.T) {
	t.Parallel()
	ours := newFile(t)
	write(t, ours, snapshot(t, 3))
	sound, err := os.ReadFile(ours)
	if err != nil {
		t.Fatal(err)
	}
	garbage := make([]byte, 64<<10)
	_, _ = rand.Read(garbage)
	for name, data := range map[string][]byte{
		"text":                         []byte("# Shopping\n\n- bread\n"),
		"one byte":                     {'S'},
		"a long text":                  bytes.Repeat([]byte("lorem ipsum "), 10_000),
		"garbage, or encrypted":        garbage,
		"zeros":                        make([]byte, 8192),
		"the header alone":             sound[:100],
		"part of the header":           sound[:16],
		"half of a page":               sound[:2048],
		"one page of many":             sound[:4096],
		"all but the last page":        sound[:len(sound)-4096],
		"a page that was scribbled on": append(append(bytes.Clone(sound[:100]), garbage[:3996]...), sound[4096:]...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "file.db")
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			wantRefused(t, file)
		})
	}
}

func TestOwnership_ADamagedFileOfOursIsRefused(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"a table is missing":  "DROP TABLE indices",
		"a column is missing": "DROP TRIGGER summary_added; DROP TRIGGER summary_removed; ALTER TABLE summaries DROP COLUMN data",
		"no version":          "PRAGMA user_version = 0",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := newFile(t)
			if err := open(t, file).Close(); err != nil {
				t.Fatal(err)
			}
			if err := write(t, file, damage).Close(); err != nil {
				t.Fatal(err)
			}
			wantRefused(t, file, "damaged")
		})
	}
	t.Run("it was cut", func(t *testing.T) {
		t.Parallel()
		file := newFile(t)
		if err := open(t, file).Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(file, 3*4096); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, file, "damaged")
	})
}

func TestOwnership_ADamagedPageIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	db := open(t, file)
	for n := range core.Index(1000) {
		must(t, submit(db, n))
	}
	must(t, db.Close())
	data, err := os.ReadFile(file)
	must(t, err)
	found := 0
	for page := 4096; page < len(data); page += 4096 {
		scribbled := bytes.Clone(data)
		copy(scribbled[page:], bytes.Repeat([]byte{0xff}, 64))
		other := newFile(t)
		must(t, os.WriteFile(other, scribbled, 0o600))
		db, err := sqlite.Open(t.Context(), other)
		if err == nil {
			must(t, db.Close())
			continue
		}
		if !strings.Contains(err.Error(), "damaged") || core.KindOf(err) != core.KindInvalid {
			t.Errorf("page %d: %v", page/4096, err)
		}
		found++
	}
	// Not looked at are the table of the digits, its index, and a table of
	// SQLite's own, each of which is one page here.
	if pages := len(data)/4096 - 1; found < pages-3 {
		t.Errorf("damage was found in %d pages of %d", found, pages)
	} else {
		t.Logf("damage was found in %d pages of %d", found, pages)
	}
}

// TestOwnership_ALargeFileOpensAtOnceAndDamageInItIsFoundByWatch: the check takes
// a time that grows with the file.
func TestOwnership_ALargeFileOpensAtOnceAndDamageInItIsFoundByWatch(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	must(t, open(t, file).Close())
	must(t, write(t, file, `WITH RECURSIVE indices_to_add(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM indices_to_add WHERE n < 200000)
		INSERT INTO indices (n, first_seen_at, last_seen_at, submissions, revision, state) SELECT n, n, n, 1, 1, 1 FROM indices_to_add`).Close())
	sound := open(t, file)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel) // wherever the check is then
	must(t, sound.Watch(ctx))
	must(t, submit(sound, -1))
	must(t, sound.Close())

	data, err := os.ReadFile(file)
	must(t, err)
	middle := len(data) / 2 / 4096 * 4096 // a page of the records or of their keys
	copy(data[middle:], bytes.Repeat([]byte{0xff}, 64))
	must(t, os.WriteFile(file, data, 0o600))
	db := open(t, file)
	wantLost(t, watch(t, db), file+" is damaged; restore it from a backup")
}

func TestOwnership_AFileOfANewerVersionIsRefusedAndNotChanged(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	if err := open(t, file).Close(); err != nil {
		t.Fatal(err)
	}
	if err := write(t, file, "PRAGMA user_version = 4").Close(); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, file, "newer version of Pisano")
}

func TestOwnership_EmptyFilesAreTaken(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"no byte":                 nil,
		"a database of nothing":   {"CREATE TABLE t (a)", "DROP TABLE t"},
		"the same, with its log":  {"PRAGMA journal_mode = WAL"},
		"the same, once switched": {"PRAGMA journal_mode = WAL", "PRAGMA journal_mode = DELETE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := newFile(t)
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := write(t, file, statements...).Close(); err != nil {
				t.Fatal(err)
			}
			if err := submit(open(t, file), 7); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestOwnership_ALogWithoutItsFileIsNotThrownAway: SQLite would remove it.
func TestOwnership_ALogWithoutItsFileIsNotThrownAway(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	if err := os.WriteFile(file+"-wal", []byte("what was accepted last"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, file, file+"-wal")
}

func TestOwnership_AFileIsMarkedFromItsFirstCommitOn(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	open(t, file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) < 100 || string(data[68:72]) != "Pisa" || data[63] != 3 {
		t.Errorf("the mark is %q, the version %d", data[68:72], data[60:64])
	}
}

func TestOwnership_ManyProcessesMakeTheFileAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		file := newFile(t)
		var all sync.WaitGroup
		for n := range core.Index(8) {
			all.Go(func() {
				db, err := sqlite.Open(t.Context(), file)
				if err != nil {
					t.Error(err)
					return
				}
				defer db.Close()
				if err := submit(db, n); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if records, err := open(t, file).IndexStore().List(t.Context(), 0, 10); err != nil || len(records) != 8 {
			t.Errorf("%d of 8 records, %v", len(records), err)
		}
	}
}
