package sqlite_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/sqlite"
	"github.com/pisano-dev/pisano/core"
)

// record records indices in a data file, which remains open.
func record(t *testing.T, db *sqlite.DB, indices ...core.Index) {
	t.Helper()
	var submissions []core.Submission
	for _, n := range indices {
		submissions = append(submissions, core.Submission{Index: n, Count: 1})
	}
	if _, err := db.IndexStore().Record(t.Context(), time.Now(), submissions); err != nil {
		t.Fatal(err)
	}
}

// recorded returns which of the indices a data file holds.
func recorded(t *testing.T, file string, indices ...core.Index) (found []core.Index) {
	t.Helper()
	db := open(t, file)
	records, err := db.IndexStore().Lookup(t.Context(), indices...)
	if err != nil {
		t.Fatal(err)
	}
	found = slices.Collect(maps.Keys(records))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return found
}

func backup(t *testing.T, file string) []byte {
	t.Helper()
	target := filepath.Join(t.TempDir(), "backup.db")
	if err := sqlite.Backup(t.Context(), file, target); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// wantOnly fails the test if there are other files in the folder of a file than those of the names.
func wantOnly(t *testing.T, file string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.Contains(strings.Join(names, " "), entry.Name()) {
			t.Errorf("%s is left", entry.Name())
		}
	}
}

func TestBackup_HasWhatIsCommittedToAnOpenFile(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	db := open(t, file)
	record(t, db, 1, 2, 3)
	content := backup(t, file)
	record(t, db, 4)

	restored := newFile(t)
	if err := sqlite.Restore(t.Context(), bytes.NewReader(content), restored, false); err != nil {
		t.Fatal(err)
	}
	wantOnly(t, restored, "pisano.db")
	if found := recorded(t, restored, 1, 2, 3, 4); len(found) != 3 {
		t.Errorf("restored: %v", found)
	}
	if info, err := os.Stat(restored); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its permissions: %v, %v", info.Mode(), err)
	}
}

func TestBackup_OverwritesNothing(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	record(t, open(t, file), 1)
	there := filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Backup(t.Context(), file, there); core.KindOf(err) != core.KindInvalid || !strings.Contains(err.Error(), "a new file") {
		t.Errorf("onto a file: %v", err)
	}
	if content, err := os.ReadFile(there); err != nil || string(content) != "mine" {
		t.Errorf("%q, %v", content, err)
	}
	wantOnly(t, there, "there")
}

func TestBackup_RefusesWhatIsNotThereOrNotOurs(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "backup.db")
	missing := filepath.Join(t.TempDir(), "folder", "pisano.db")
	if err := sqlite.Backup(t.Context(), missing, target); core.KindOf(err) != core.KindNotFound {
		t.Errorf("without a file: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(missing)); err == nil {
		t.Error("it has made a folder")
	}
	foreign := newFile(t)
	vandal(t, foreign)("CREATE TABLE mine (x)")
	if err := sqlite.Backup(t.Context(), foreign, target); core.KindOf(err) != core.KindInvalid {
		t.Errorf("a foreign file: %v", err)
	}
	wantOnly(t, target)
}

func TestRestore_RefusesAFileInUse(t *testing.T) {
	t.Parallel()
	file := newFile(t)
	db := open(t, file)
	content := backup(t, file)
	err := sqlite.Restore(t.Context(), bytes.NewReader(content), file, true)
	if core.KindOf(err) != core.KindUnavailable || !strings.Contains(err.Error(), "stop it first") {
		t.Errorf("in use: %v", err)
	}
	record(t, db, 7)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if found := recorded(t, file, 7); len(found) != 1 {
		t.Errorf("after the refusal: %v", found)
	}
}

func TestRestore_OverwritesRecordsOnlyIfTold(t *testing.T) {
	t.Parallel()
	from, file := newFile(t), newFile(t)
	record(t, open(t, from), 1)
	content := backup(t, from)
	db := open(t, file)
	record(t, db, 2)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	err := sqlite.Restore(t.Context(), bytes.NewReader(content), file, false)
	if core.KindOf(err) != core.KindInvalid || !strings.Contains(err.Error(), "would be lost (1)") {
		t.Errorf("over records: %v", err)
	}
	if found := recorded(t, file, 1, 2); len(found) != 1 || found[0] != 2 {
		t.Errorf("after the refusal: %v", found)
	}
	if err := sqlite.Restore(t.Context(), bytes.NewReader(content), file, true); err != nil {
		t.Fatal(err)
	}
	wantOnly(t, file, "pisano.db")
	if found := recorded(t, file, 1, 2); len(found) != 1 || found[0] != 1 {
		t.Errorf("restored: %v", found)
	}
}

// Root restores the file of a service, which runs as another user. Any other user owns what it makes.
func TestRestore_KeepsTheOwner(t *testing.T) {
	t.Parallel()
	owner := os.Geteuid()
	if owner == 0 {
		owner = 65534
	}
	from := newFile(t)
	record(t, open(t, from), 1)
	content := backup(t, from)
	for _, replaces := range []bool{false, true} {
		file := newFile(t)
		owned := filepath.Dir(file)
		if replaces {
			db := open(t, file)
			record(t, db, 2)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			owned = file
		}
		if err := os.Chown(owned, owner, -1); err != nil {
			t.Fatal(err)
		}
		if err := sqlite.Restore(t.Context(), bytes.NewReader(content), file, replaces); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if uid := info.Sys().(*syscall.Stat_t).Uid; int(uid) != owner {
			t.Errorf("the file belongs to user %d, not %d; it replaced one: %t", uid, owner, replaces)
		}
	}
}

func TestRestore_RefusesWhatIsNoBackup(t *testing.T) {
	t.Parallel()
	from := newFile(t)
	var many []core.Index
	for n := range core.Index(5000) {
		many = append(many, n)
	}
	record(t, open(t, from), many...)
	content := backup(t, from)
	foreign := newFile(t)
	vandal(t, foreign)("CREATE TABLE mine (x)")
	other, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(content)
	for i := range 4096 {
		damaged[len(damaged)/2+i] = 0xff
	}
	for what, bad := range map[string][]byte{
		"nothing": nil, "text": []byte(strings.Repeat("Pisano ", 1000)), "of another program": other,
		"cut": content[:len(content)/2], "damaged": damaged,
	} {
		file := newFile(t)
		if err := sqlite.Restore(t.Context(), bytes.NewReader(bad), file, true); core.KindOf(err) != core.KindInvalid {
			t.Errorf("%s: %v", what, err)
		}
		wantOnly(t, file)
	}
}

func TestBackup_TwoAtOnceToOneNameLeaveAWholeCopy(t *testing.T) {
	t.Parallel()
	file, to := filepath.Join(t.TempDir(), "pisano.db"), filepath.Join(t.TempDir(), "copy.db")
	var indices []core.Index
	for n := range core.Index(5000) {
		indices = append(indices, n)
	}
	record(t, open(t, file), indices...)
	results := make(chan error, 2)
	for range 2 {
		go func() { results <- sqlite.Backup(t.Context(), file, to) }()
	}
	if first, second := <-results, <-results; first != nil && second != nil {
		t.Fatal(first, second)
	}
	if found := recorded(t, to, 0, 4999); len(found) != 2 {
		t.Errorf("the copy has %v", found)
	}
	names, err := filepath.Glob(to + "*partial*")
	if err != nil || len(names) > 0 {
		t.Errorf("%v remain, %v", names, err)
	}
}
