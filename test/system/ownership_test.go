package system

import (
	"database/sql"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // to write files as other programs do

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// wantRefusal waits until a program that can't start has ended, which must name each of the words in its errors.
func wantRefusal(t *testing.T, p *pisano.Program, words ...string) {
	t.Helper()
	begin := time.Now()
	p.WantExit(1)
	log := strings.Join(p.Faults(), "\n")
	for _, word := range words {
		if !strings.Contains(log, word) {
			t.Errorf("%q is not said in\n%s", word, p.Tail())
		}
	}
	measured(t, "ended after %v: %s", time.Since(begin).Round(time.Millisecond), log)
}

// write runs statements on a SQLite file as another program would.
func write(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// filesIn returns the contents of the files in a folder.
func filesIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	names, err := filepath.Glob(folder + "/*")
	for _, name := range names {
		var data []byte
		if data, err = os.ReadFile(name); err != nil {
			break
		}
		all[name] = string(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestOwnership_RefusesAnotherProgramsFileUnchanged(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"api", "worker"} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			file := t.TempDir() + "/jobs.db"
			write(t, file, "CREATE TABLE jobs (id INTEGER PRIMARY KEY, command TEXT)", "INSERT INTO jobs (command) VALUES ('backup')", "CREATE TABLE workers (name TEXT)")
			before := filesIn(t, filepath.Dir(file))
			wantRefusal(t, pisano.Launch(t, program, "PISANO_DATA="+file), "PISANO_DATA="+file, "another program")
			if after := filesIn(t, filepath.Dir(file)); !maps.Equal(after, before) {
				t.Error("it was changed")
			}
		})
	}
}

func TestDataFile_RefusesOtherKindsOfFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Symlink(folder+"/gone", folder+"/link"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(folder+"/pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	for data, word := range map[string]string{
		folder:                                  "it is a folder",
		folder + "/link":                        "symbolic link",
		folder + "/pipe":                        "named pipe",
		"/dev/null":                             "device",
		folder + "/" + strings.Repeat("x", 300): "too long",
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			wantRefusal(t, pisano.Launch(t, "api", "PISANO_DATA="+data), "PISANO_DATA="+data, word)
		})
	}
}

// launchUnprivileged starts a program as a user to whom permissions apply.
func launchUnprivileged(t *testing.T, program string, settings ...string) *pisano.Program {
	t.Helper()
	command := exec.CommandContext(t.Context(), pisano.Path(program))
	if os.Getuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return pisano.LaunchCommand(t, program, command, settings...)
}

func TestDataFile_RefusesMissingPermissions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ folder, file os.FileMode }{
		"a file that may not be read":         {0o777, 0},
		"a file that may not be written":      {0o777, 0o444},
		"a folder where no file may be made":  {0o555, 0o666},
		"a folder that may not be entered":    {0o000, 0o666},
		"a new file in a read-only folder":    {0o555, 0},
		"a new folder in a read-only folder":  {0o555, 0},
		"a damaged file that may not be read": {0o777, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir() + "/data"
			file := folder + "/pisano.db"
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			switch {
			case strings.HasPrefix(name, "a new folder"):
				file = folder + "/new/pisano.db"
			case strings.HasPrefix(name, "a new file"):
			case strings.HasPrefix(name, "a damaged"):
				if err := os.WriteFile(file, []byte("damaged"), 0o600); err != nil {
					t.Fatal(err)
				}
			default:
				p, c := startEmbedded(t, file)
				testkit.Eventually(t, "the start", accepts(c))
				p.Stop()
			}
			if _, err := os.Stat(file); err == nil {
				if err := os.Chmod(file, c.file); err != nil {
					t.Fatal(err)
				}
			}
			for parent, mode := range map[string]os.FileMode{folder: c.folder, filepath.Dir(folder): 0o755, filepath.Dir(filepath.Dir(folder)): 0o755} {
				if err := os.Chmod(parent, mode); err != nil {
					t.Fatal(err)
				}
			}
			t.Cleanup(func() { _ = os.Chmod(folder, 0o700) }) // to be removed
			wantRefusal(t, launchUnprivileged(t, "api", "PISANO_DATA="+file), "PISANO_DATA="+file, "can't be")
		})
	}
}

// What is accepted after a backup was put in place is in the backup, once the program is started again.
func TestDataFile_ReplacedLosesNothingAccepted(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"replaced", "removed"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			file := t.TempDir() + "/pisano.db"
			p, c := startEmbedded(t, file)
			c.MustSubmit(1)
			testkit.Eventually(t, "the value", c.Is(1, "calculated"))
			write(t, file, "VACUUM INTO '"+file+".backup'")
			c.MustSubmit(2)
			var err error
			if how == "replaced" {
				err = os.Rename(file+".backup", file)
			} else {
				err = os.Remove(file)
			}
			if err != nil {
				t.Fatal(err)
			}
			// From now on nothing is accepted: 503 until the program has noticed by itself, and no answer once it has ended.
			for n := core.Index(10); ; n++ {
				a, err := c.TrySubmit(n)
				if err != nil {
					break
				}
				if a.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("F(%d) submitted: %d %s", n, a.StatusCode, a.Text)
				}
			}
			wantRefusal(t, p, file, how)

			if _, err := os.Stat(file + "-wal"); err == nil {
				t.Error("the log of the file that is gone is still there")
			}
			_, c = startEmbedded(t, file)
			if how == "replaced" {
				c.WantRight(1)
			}
			c.MustSubmit(3)
			testkit.Eventually(t, "a new value", c.Is(3, "calculated"))
			indices := 0
			for seen, err := range c.Indices(t.Context()) {
				if indices++; err != nil {
					t.Fatalf("%+v, %v", seen, err)
				}
			}
			if (indices == 2) != (how == "replaced") {
				t.Errorf("there are %d indices", indices)
			}
		})
	}
}

func TestOwnership_RefusesAnotherProgramsSchema(t *testing.T) {
	t.Parallel()
	database := servers.Postgres(t).NewDatabase(t)
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "CREATE TABLE indices (name text PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"api", "worker"} {
		wantRefusal(t, pisano.Launch(t, program, "DATABASE_URL="+database, "REDIS_HOST="+servers.Redis(t).Addrs[0]),
			"schema public", strings.TrimPrefix(u.Path, "/"), "another program")
	}
}

func TestOwnership_RefusesTheRedisOfAnotherPisano(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, c := s.startAPI()
	s.startWorker()
	other := "DATABASE_URL=" + servers.Postgres(t).NewDatabase(t)
	for _, program := range []string{"api", "worker"} {
		wantRefusal(t, pisano.Launch(t, program, s.with([]string{other})...), "another Postgres", "REDIS_PREFIX", s.redis.Addr())
	}
	// Its owner is not disturbed, and more programs of it start.
	s.startWorker()
	c.MustSubmit(7)
	testkit.Eventually(t, "the value", c.Is(7, "calculated"))
}

func TestOwnership_RefusesARedisOfAnotherProgram(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	if err := dial(t, s.redis.Addr()).Set(t.Context(), "{pisano}:queue", "its own", 0).Err(); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, pisano.Launch(t, "api", s.settings...), "{pisano}:queue", "another program", "REDIS_PREFIX")
	if kept := dial(t, s.redis.Addr()).Get(t.Context(), "{pisano}:queue").Val(); kept != "its own" {
		t.Errorf("it is %q now", kept)
	}
}

// Each service has a database or a prefix of its own.
func TestOwnership_SeparatesTwoServicesOnOneRedis(t *testing.T) {
	t.Parallel()
	for by, places := range map[string][2][]string{
		"database": {{"REDIS_DB=8"}, {"REDIS_DB=9"}},
		"prefix":   {{"REDIS_PREFIX=one"}, {"REDIS_PREFIX=two"}},
	} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			services := make([]*pisano.Client, 2)
			for i, place := range places {
				settings := append(slices.Clone(place), "DATABASE_URL="+servers.Postgres(t).NewDatabase(t))
				if number, is := strings.CutPrefix(place[0], "REDIS_DB="); is {
					settings = append(settings[1:], "REDIS_HOST=", "REDIS_URL=redis://"+s.redis.Addr()+"/"+number)
				}
				_, services[i] = s.startAPI(settings...)
				s.startWorker(settings...)
			}
			for i, c := range services {
				n := core.Index(100 + i)
				c.MustSubmit(n)
				testkit.Eventually(t, "the value", c.Is(n, "calculated"))
				var values []int64
				for value, err := range c.Values(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					values = append(values, value.Index)
				}
				if !slices.Equal(values, []int64{int64(n)}) {
					t.Errorf("the values are %v", values)
				}
				testkit.Eventually(t, "one worker", workers(c, 1))
			}
		})
	}
}
