package main

import "runtime/debug"

// buildVersion returns what the command was built from: the version of its module,
// or the revision of the repository where there is no version.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown version)"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	// Go calls a module whose version it does not know (devel).
	if version := info.Main.Version; version != "" && version != "(devel)" {
		return version
	}
	revision, modified := "", ""
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			revision = setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			modified = ", modified"
		}
	}
	if revision == "" {
		return "(unknown version)"
	}
	return "(revision " + revision + modified + ")"
}
