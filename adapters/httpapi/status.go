package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// ServiceStatus is the status of the parts of the service.
type ServiceStatus struct {
	Parts []Part `json:"parts" nullable:"false" doc:"Always these five, in this order: api, indexStore, valueCache, workQueue, worker."`
}

// Part is the status of a part of the service, of all its processes together.
type Part struct {
	Name     string `json:"name" enum:"api,indexStore,valueCache,workQueue,worker"`
	Software string `json:"software" example:"PostgreSQL" doc:"The software the part runs on."`
	Status   string `json:"status" enum:"ok,unavailable" doc:"unavailable: the part can't be reached or can't do its work. Of the worker: none is running, or the number is unknown."`
	Waiting  *int   `json:"waiting,omitempty" minimum:"0" doc:"Of the workQueue: the number of indices that wait or are being calculated. Absent if unknown."`
	Count    *int   `json:"count,omitempty" minimum:"0" doc:"Of the worker: the number of workers alive. Absent if unknown."`
}

// Software names the software behind each port.
type Software struct{ IndexStore, ValueCache, WorkQueue string }

// own is the software of the API and the workers.
const own = "Pisano"

type statusOutput struct{ Body ServiceStatus }

func (a *api) registerStatus(routes huma.API) {
	register(routes, huma.Operation{
		OperationID: "getStatus", Method: http.MethodGet, Path: "/status", Tags: []string{"operation"},
		Summary:     "The status of the parts of the service",
		Description: "The backlog, the number of workers and the health of every part, at most a second old. The status is 200 even if a part is unavailable.",
	}, a.status)
}

func (a *api) status(ctx context.Context, _ *struct{}) (*statusOutput, error) {
	seen := a.service.Overview(ctx)
	queue := Part{Name: workQueueName, Software: a.software.WorkQueue, Status: statusOf(seen.Health.WorkQueue == nil)}
	if seen.Backlog != nil {
		queue.Waiting = &seen.Backlog.Tasks
	}
	return &statusOutput{Body: ServiceStatus{Parts: []Part{
		{Name: "api", Software: own, Status: statusOf(true)},
		{Name: indexStoreName, Software: a.software.IndexStore, Status: statusOf(seen.Health.IndexStore == nil)},
		{Name: valueCacheName, Software: a.software.ValueCache, Status: statusOf(seen.Health.ValueCache == nil)},
		queue,
		{Name: "worker", Software: own, Count: seen.Workers, Status: statusOf(seen.Workers != nil && *seen.Workers > 0)},
	}}}, nil
}

func statusOf(reached bool) string {
	if reached {
		return "ok"
	}
	return "unavailable"
}
