package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// Liveness is the response of a process that is alive.
type Liveness struct {
	Status string `json:"status" enum:"ok"`
}

// Readiness tells whether the service can do its work.
type Readiness struct {
	Status       string       `json:"status" enum:"ready,notReady"`
	Dependencies []Dependency `json:"dependencies" nullable:"false"`
}

// Dependency is the health of something the service needs.
type Dependency struct {
	Name   string `json:"name" enum:"indexStore,valueCache,workQueue"`
	Status string `json:"status" enum:"ok,unavailable"`
}

// The names of the dependencies in the document.
const (
	indexStoreName = "indexStore"
	valueCacheName = "valueCache"
	workQueueName  = "workQueue"
)

// dependency is a dependency with the error of its check.
type dependency struct {
	name string
	err  error // nil if it works
}

// dependenciesOf returns the ports with their names in the document.
func dependenciesOf(health core.Health) []dependency {
	return []dependency{
		{indexStoreName, health.IndexStore},
		{valueCacheName, health.ValueCache},
		{workQueueName, health.WorkQueue},
	}
}

const (
	livenessPath  = "/healthz"
	readinessPath = "/readyz"

	// pingTimeout bounds a check of the dependencies.
	pingTimeout = 2 * time.Second
	// healthPeriod is how long the result of a check is reused.
	healthPeriod = time.Second
)

// cached returns a check that runs at most once per healthPeriod. Concurrent
// calls share one run, and none waits for it longer than its own context lasts.
func (check HealthCheck) cached() HealthCheck {
	var mu sync.Mutex
	var latest *healthRun
	return func(ctx context.Context) core.Health {
		mu.Lock()
		if latest.isOver() {
			latest = check.start(ctx)
		}
		run := latest
		mu.Unlock()
		select {
		case <-run.done:
			return run.seen
		case <-ctx.Done():
			err := context.Cause(ctx)
			return core.Health{IndexStore: err, ValueCache: err, WorkQueue: err}
		}
	}
}

// healthRun is a run of a HealthCheck.
type healthRun struct {
	done chan struct{} // closed when the others are set
	seen core.Health
	at   time.Time
}

// start starts a run, which goes on when ctx ends.
func (check HealthCheck) start(ctx context.Context) *healthRun {
	run := &healthRun{done: make(chan struct{})}
	go func() {
		defer close(run.done)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
		defer cancel()
		run.seen, run.at = check(ctx), time.Now()
	}()
	return run
}

// isOver reports whether the result of a run is too old to be used, or there is none.
func (r *healthRun) isOver() bool {
	if r == nil {
		return true
	}
	select {
	case <-r.done:
		return time.Since(r.at) >= healthPeriod
	default:
		return false
	}
}

type livenessOutput struct{ Body Liveness }

type readinessOutput struct {
	Status int
	Body   Readiness
}

func (a *api) registerHealth(routes huma.API) {
	schemas := routes.OpenAPI().Components.Schemas
	register(routes, huma.Operation{
		OperationID: "getHealth", Method: http.MethodGet, Path: livenessPath, Tags: []string{"operation"},
		Summary: "Whether the process is alive",
	}, func(context.Context, *struct{}) (*livenessOutput, error) {
		return &livenessOutput{Body: Liveness{Status: "ok"}}, nil
	})
	register(routes, huma.Operation{
		OperationID: "getReadiness", Method: http.MethodGet, Path: readinessPath, Tags: []string{"operation"},
		Summary: "Whether the service can do its work",
		Responses: map[string]*huma.Response{"503": {
			Description: "A dependency is unavailable.",
			Content:     map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(typeOf[Readiness](), true, "")}},
		}},
	}, a.readiness)
}

func (a *api) readiness(ctx context.Context, _ *struct{}) (*readinessOutput, error) {
	// A client may close its half of the connection after the request. net/http
	// then cancels the context, which must not look like a failed dependency.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
	defer cancel()
	out := &readinessOutput{Status: http.StatusOK, Body: Readiness{Status: "ready", Dependencies: []Dependency{}}}
	for _, d := range a.health(ctx) {
		status := "ok"
		if d.err != nil {
			status = "unavailable"
			out.Status, out.Body.Status = http.StatusServiceUnavailable, "notReady"
			a.log.WarnContext(ctx, "dependency unavailable", "dependency", d.name, "error", d.err)
		}
		out.Body.Dependencies = append(out.Body.Dependencies, Dependency{Name: d.name, Status: status})
	}
	return out, nil
}
