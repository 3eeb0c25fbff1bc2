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
// calls share one run.
func (check HealthCheck) cached() HealthCheck {
	var mu sync.Mutex
	var seen core.Health
	var at time.Time
	return func(ctx context.Context) core.Health {
		mu.Lock()
		defer mu.Unlock()
		if at.IsZero() || time.Since(at) >= healthPeriod {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
			defer cancel()
			seen, at = check(ctx), time.Now()
		}
		return seen
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
