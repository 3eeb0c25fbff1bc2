package main

import (
	"runtime/debug"
	"testing"
)

func TestVersion_IsOfTheModuleOrTheRevision(t *testing.T) {
	t.Parallel()
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0a1b2c"}
	for want, info := range map[string]debug.BuildInfo{
		"v1.2.3":                      {Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{revision}},
		"(revision 0a1b2c)":           {Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{revision, {Key: "vcs.modified", Value: "false"}}},
		"(revision 0a1b2c, modified)": {Settings: []debug.BuildSetting{revision, {Key: "vcs.modified", Value: "true"}}},
		"(unknown version)":           {Main: debug.Module{Version: "(devel)"}},
	} {
		if got := versionOf(&info); got != want {
			t.Errorf("%+v: %q, want %q", info, got, want)
		}
	}
}
