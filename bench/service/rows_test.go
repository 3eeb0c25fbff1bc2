package service

import (
	"fmt"
	"net/http"
	"time"

	"github.com/pisano-dev/pisano/bench/service/load"
)

const (
	netHTTP  = "bare net/http"
	bareHuma = "bare Huma"
	express  = "Express"
	constant = "nginx' constant"
)

// requests measures requests that change nothing, or nothing but times. All subjects have twenty indices, one page of a list.
func (b *bench) requests() {
	b.t.Helper()
	plain, onHuma, peer := b.startPeer("net/http"), b.startPeer("Huma"), b.startExpress()
	onServers, onFile := b.onServers(b.servers.newPlace(), true), b.onOneFile()
	for _, s := range []*system{onServers, onFile} {
		b.calculate(s, 21, 40)
	}
	door := b.inFront(onServers)
	answer := b.get(onServers.base+"/values/30", `"832040"`)
	bare := b.constantFrontDoor(answer)
	of := func(name, url, want string) *subject { return &subject{name: name, job: b.constant(url, want)} }
	ofPisano := func(s *system, path, want string) *subject {
		return &subject{name: s.name, job: b.constant(s.base+path, want), system: s}
	}
	ofHuma := func() *subject { return of(bareHuma, onHuma+"/values/30", "832040") }

	b.cached(door + "/api/values/30")
	b.run(row{title: "GET /values/30", bases: []string{bareHuma, express, constant}, subjects: []*subject{
		of(netHTTP, plain+"/values/30", "832040"), ofHuma(),
		of(express, peer+"/values/current", "Nothing yet!"),
		ofPisano(onServers, "/values/30", "832040"), ofPisano(onFile, "/values/30", "832040"),
		of(constant, bare+"/", "832040"), of("Pisano through nginx, cached", door+"/api/values/30", "832040"),
	}})
	for _, list := range []struct{ path, twin, item string }{
		{"/values?limit=20", "/values/current", "Nothing yet!"}, {"/indices?limit=20", "/values/all", `"number":20`},
	} {
		path := list.path
		b.run(row{title: "GET " + path, bases: []string{bareHuma, express}, subjects: []*subject{
			ofHuma(), of("Huma, twenty items", onHuma+"/values?limit=20", "832040"),
			of(express, peer+list.twin, list.item),
			ofPisano(onServers, path, `"index":30,`), ofPisano(onFile, path, `"index":30,`),
			of("Pisano through nginx", door+"/api"+path, `"index":30,`),
		}})
	}
	known := func(s *system) *subject {
		return &subject{name: s.name, system: s, job: load.Job{
			Method: http.MethodPost, URL: s.base + "/indices", Body: `{"index":{n}}`, First: 21, Step: 1, Cycle: 20,
			Status: http.StatusOK, Contains: `"index":{n},"state":"calculated"`,
		}}
	}
	b.run(row{title: "POST /indices, known", bases: []string{express}, subjects: []*subject{onExpress(peer), known(onServers), known(onFile)}})
	onServers.stop()
	onFile.stop()
}

// onExpress submits what the original accepts. It does not know whether an index was submitted before.
func onExpress(peer string) *subject {
	return &subject{name: express, job: load.Job{
		Method: http.MethodPost, URL: peer + "/values", Body: `{"index":"{n}"}`, First: 1, Step: 1, Cycle: 40,
		Status: http.StatusOK, Exact: `{"working":true}`,
	}}
}

// submissions measures submissions of new indices. On servers no worker runs, as none runs beside Express. On one file what was
// submitted is calculated meanwhile; the rest is before another takes its turn.
func (b *bench) submissions() {
	b.t.Helper()
	onServers, onFile := b.onServers(b.servers.newPlace(), false), b.onOneFile()
	fresh := func(s *system) *subject {
		return &subject{name: s.name, system: s, job: load.Job{
			Method: http.MethodPost, URL: s.base + "/indices", Body: `{"index":{n}}`, First: -1, Step: -1,
			Status: http.StatusAccepted, Contains: `"index":{n},`,
		}}
	}
	file := fresh(onFile)
	var accepted int
	file.after = func(r load.Result) {
		accepted += int(r.Sent)
		b.settle(onFile, 0, accepted)
	}
	b.run(row{title: "POST /indices, new", bases: []string{express}, subjects: []*subject{onExpress(b.startExpress()), fresh(onServers), file}})
	onServers.stop()
	onFile.stop()
}

// pipeline measures small indices from their submission to their values: how many a second, and how long one takes.
func (b *bench) pipeline() {
	b.t.Helper()
	systems := []*system{b.onServers(b.servers.newPlace(), true), b.onOneFile()}
	heading("%d indices submitted in batches of 1,000, until all are calculated", b.indices)
	const first = 1000
	for _, s := range systems {
		var done func()
		if *profiles {
			done = b.profile("pipeline "+s.name, s.workerPprof)
		}
		before, began := s.worker.Calculations(), time.Now()
		s.client.MustSubmit(indices(first, first+b.indices-1)...)
		b.settle(s, before, b.indices)
		fmt.Printf("%20s  %.0f a second\n", s.name, float64(b.indices)/time.Since(began).Seconds())
		if done != nil {
			done()
		}
		s.client.AwaitAll(b.indices)
	}

	heading("500 submissions a second, each of one new index, for %v: milliseconds from when each was due", b.stream)
	for _, s := range systems {
		result := do[load.Latency](b, load.Job{
			Method: http.MethodPost, URL: s.base + "/indices", Body: `{"index":{n}}`, First: -1, Step: -1, Connections: connections,
			Status: http.StatusAccepted, Contains: `"index":{n},`, Rate: 500, Duration: b.stream, Events: s.base + "/events",
		})
		fmt.Printf("%20s  to the answer p50 %.1f, p99 %.1f; to the event p50 %.1f, p99 %.1f\n",
			s.name, result.AcceptedP50, result.AcceptedP99, result.AnnouncedP50, result.AnnouncedP99)
		s.stop()
	}
}
