package delivery

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
)

func TestUpdates_FindTheNewestServersAndNotTheOldest(t *testing.T) {
	t.Parallel()
	var file struct {
		CustomManagers []struct {
			ManagerFilePatterns []string `json:"managerFilePatterns"`
			MatchStrings        []string `json:"matchStrings"`
		} `json:"customManagers"`
	}
	if err := json.Unmarshal(read(t, ".github/renovate.json"), &file); err != nil {
		t.Fatal(err)
	}
	manager := file.CustomManagers[0]
	var found []string
	for _, match := range regexp.MustCompile(manager.MatchStrings[0]).FindAllSubmatch(read(t, manager.ManagerFilePatterns[0]), -1) {
		found = append(found, string(match[1]))
	}
	if want := []string{"postgres", "redis", "valkey/valkey"}; !slices.Equal(found, want) {
		t.Errorf("updates are looked for of %q, not %q", found, want)
	}
}
