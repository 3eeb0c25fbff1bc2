package redis

import (
	"embed"

	goredis "github.com/redis/go-redis/v9"
)

// What must happen in one step is a script. Each works on one partition and
// gets every key it touches as one of KEYS.
//
//go:embed scripts/*.lua
var scripts embed.FS

var (
	commitScript      = script("commit")
	generationScript  = script("generation")
	pruneScript       = script("prune")
	dropScript        = script("drop")
	enqueueScript     = script("enqueue")
	claimScript       = script("claim")
	renewScript       = script("renew")
	acknowledgeScript = script("acknowledge")
	releaseScript     = script("release")
	jobsScript        = script("jobs")
	announceScript    = script("announce")
	listWorkersScript = script("list_workers")
)

func script(name string) *goredis.Script {
	source, err := scripts.ReadFile("scripts/" + name + ".lua")
	if err != nil {
		panic(err) // it is not in the program
	}
	return goredis.NewScript(string(source))
}
