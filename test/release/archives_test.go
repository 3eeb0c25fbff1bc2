package release

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// platforms are those that a release has programs for.
var platforms = []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64", "windows_arm64"}

// archives returns the programs in each archive, by its name.
func archives(version string) map[string][]string {
	all := map[string][]string{}
	for _, platform := range platforms {
		switch system, _, _ := strings.Cut(platform, "_"); system {
		case "windows":
			all["pisano_"+version+"_"+platform+".zip"] = []string{"pisano.exe"}
		case "linux":
			all["pisano-servers_"+version+"_"+platform+".tar.gz"] = []string{"pisano-api", "pisano-worker"}
			fallthrough
		default:
			all["pisano_"+version+"_"+platform+".tar.gz"] = []string{"pisano"}
		}
	}
	return all
}

// packages are the names of the packages for Linux.
func packages(version string) (all []string) {
	for _, platform := range []string{"linux_amd64", "linux_arm64"} {
		all = append(all, "pisano_"+version+"_"+platform+".deb", "pisano_"+version+"_"+platform+".rpm")
	}
	return all
}

func TestArchives_HoldProgramsLicenceAndDocuments(t *testing.T) {
	t.Parallel()
	for name, programs := range archives(readRelease(t).Version) {
		want := slices.Sorted(slices.Values(append([]string{"LICENSE", "CHANGELOG.md", "docs/settings.md"}, programs...)))
		if got := slices.Sorted(maps.Keys(unpack(t, name))); !slices.Equal(got, want) {
			t.Errorf("%s holds %q, not %q", name, got, want)
		}
	}
}

func TestPrograms_AreOfTheirPlatformAndVersion(t *testing.T) {
	t.Parallel()
	r := readRelease(t)
	for name, programs := range archives(r.Version) {
		files := unpack(t, name)
		for _, program := range programs {
			info, err := buildinfo.Read(bytes.NewReader(files[program]))
			if err != nil {
				t.Fatalf("%s in %s: %v", program, name, err)
			}
			settings := map[string]string{}
			for _, setting := range info.Settings {
				settings[setting.Key] = setting.Value
			}
			if platform := settings["GOOS"] + "_" + settings["GOARCH"]; !strings.Contains(name, platform) {
				t.Errorf("%s in %s is for %s", program, name, platform)
			}
			for _, part := range []string{r.Version, r.Commit} {
				if !bytes.Contains(files[program], []byte(part)) {
					t.Errorf("%s in %s does not hold %s", program, name, part)
				}
			}
		}
	}
}

// Programs for other systems can't run here; those for arm64 are emulated.
func TestPrograms_PrintTheirVersion(t *testing.T) {
	t.Parallel()
	r := readRelease(t)
	want := "Pisano " + r.Version + ", revision " + r.Commit + ", go"
	for name, programs := range archives(r.Version) {
		var emulator []string
		switch {
		case strings.Contains(name, "linux_arm64"):
			emulator = []string{"qemu-aarch64-static"}
		case !strings.Contains(name, "linux_amd64"):
			continue
		}
		for _, program := range programs {
			file := filepath.Join(t.TempDir(), program)
			if err := os.WriteFile(file, unpack(t, name)[program], 0o700); err != nil {
				t.Fatal(err)
			}
			command := append(slices.Clone(emulator), file, "--version")
			if line, err := docker.Try(t.Context(), command[0], command[1:]...); err != nil || !strings.HasPrefix(line, want) {
				t.Errorf("%s in %s prints %q (%v), not %s", program, name, line, err, want)
			}
		}
	}
}

func TestPrograms_HoldThePage(t *testing.T) {
	t.Parallel()
	page := map[string][]byte{}
	built := os.DirFS(filepath.Join(testkit.Root(), "web/dist"))
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			page[name], err = fs.ReadFile(built, name)
		}
		return err
	})
	if err != nil || len(page["index.html"]) == 0 {
		t.Fatalf("the page is not built: %v", err)
	}
	for name, programs := range archives(readRelease(t).Version) {
		if !strings.HasPrefix(name, "pisano_") {
			continue
		}
		program := unpack(t, name)[programs[0]]
		for file, content := range page {
			if !bytes.Contains(program, content) {
				t.Errorf("%s lacks %s of the page", name, file)
			}
		}
	}
}

func TestChecksums_AreThoseOfAllFiles(t *testing.T) {
	t.Parallel()
	version := readRelease(t).Version
	want := slices.Concat(slices.Collect(maps.Keys(archives(version))), packages(version), slices.Collect(maps.Keys(programsOf(version))), []string{page(version)})
	var got []string
	for line := range strings.Lines(string(read(t, "checksums.txt"))) {
		sum, name, found := strings.Cut(strings.TrimSpace(line), "  ")
		if !found {
			t.Fatalf("%q is not a checksum", line)
		}
		got = append(got, name)
		if is := sha256.Sum256(read(t, name)); hex.EncodeToString(is[:]) != sum {
			t.Errorf("the checksum of %s is another", name)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("there are checksums of %q, not %q", got, want)
	}
}
