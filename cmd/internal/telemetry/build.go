package telemetry

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// The linker sets these where programs are built without the repository, for
// images, or from a tag, for releases.
var version, revision string

// build returns the version of the program and the revision it was built from,
// "unknown" where they are not recorded.
func build() (release, from string) {
	release, from = "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		release = info.Main.Version
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				from = setting.Value
			}
		}
	}
	return cmp.Or(version, release), cmp.Or(revision, from)
}

// Build describes the program in one line: its version, the revision it was
// built from, the version of Go and the platform.
func Build() string {
	release, from := build()
	return fmt.Sprintf("Pisano %s, revision %s, %s %s/%s", release, from, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
