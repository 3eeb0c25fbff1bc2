package redis

import (
	"context"
	"embed"
	"strings"

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
	enqueueScript     = script("entries", "enqueue")
	claimScript       = script("claim")
	readyScript       = script("ready")
	renewScript       = script("renew")
	acknowledgeScript = script("lost", "acknowledge")
	releaseScript     = script("lost", "release")
	jobsScript        = script("entries", "jobs")
	announceScript    = script("announce")
	listWorkersScript = script("list_workers")
)

// script returns the script of the named files, one after the other.
func script(names ...string) *goredis.Script {
	var text strings.Builder
	for _, name := range names {
		source, err := scripts.ReadFile("scripts/" + name + ".lua")
		if err != nil {
			panic(err) // it is not in the program
		}
		text.Write(source)
	}
	return goredis.NewScript(text.String())
}

// call is a script and what it is given.
type call struct {
	script *goredis.Script
	keys   []string
	args   []any
}

// runAll runs scripts, all in one round trip to each server, and returns their replies
// in order. Scripts that a server does not know yet are run in a second one, which
// sends their text.
func (c *Client) runAll(ctx context.Context, calls ...call) []*goredis.Cmd {
	if len(calls) == 1 {
		return []*goredis.Cmd{calls[0].script.Run(ctx, c.rdb, calls[0].keys, calls[0].args...)}
	}
	replies := c.pipelined(ctx, (*goredis.Script).EvalSha, calls)
	var unknown []call
	var places []int
	for i, reply := range replies {
		if goredis.HasErrorPrefix(reply.Err(), "NOSCRIPT") {
			unknown, places = append(unknown, calls[i]), append(places, i)
		}
	}
	for i, reply := range c.pipelined(ctx, (*goredis.Script).Eval, unknown) {
		replies[places[i]] = reply
	}
	return replies
}

type runScript func(s *goredis.Script, ctx context.Context, to goredis.Scripter, keys []string, args ...any) *goredis.Cmd

// pipelined runs scripts in a pipeline.
func (c *Client) pipelined(ctx context.Context, run runScript, calls []call) []*goredis.Cmd {
	replies := make([]*goredis.Cmd, len(calls))
	// The errors are those of the replies.
	_, _ = c.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for i, call := range calls {
			replies[i] = run(call.script, ctx, pipe, call.keys, call.args...)
		}
		return nil
	})
	return replies
}
