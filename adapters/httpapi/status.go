package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// ServiceStatus is the status of the parts of the service.
type ServiceStatus struct {
	Parts    []Part       `json:"parts" nullable:"false" doc:"Always these five, in this order: api, indexStore, valueCache, workQueue, worker."`
	Recovery Recovery     `json:"recovery" doc:"The recovery of values that were lost together with the value cache."`
	Workers  []LiveWorker `json:"workers,omitzero" maxItems:"100" nullable:"false" doc:"The workers that are alive, in the order of their names; of more than 100 the first. Absent if unknown."`
}

// Recovery is the progress of the recovery of lost values.
type Recovery struct {
	Mode           string   `json:"mode" enum:"eager,on-demand" doc:"eager: lost values are calculated again while nothing else waits for long, as far as the cache has room. on-demand: they are calculated again when they are requested."`
	Lost           *int     `json:"lost,omitempty" minimum:"0" maximum:"10000" doc:"The number of lost values that are not calculated again yet; 10000 means so many or more. Absent if unknown."`
	Waiting        *int     `json:"waiting,omitempty" minimum:"0" doc:"How many of them wait for a worker or are being calculated. Absent if unknown."`
	WaitingSeconds *float64 `json:"waitingSeconds,omitempty" minimum:"0" doc:"The time that one worker needs for those, in seconds. Absent if unknown."`
}

// Part is the status of a part of the service, of all its processes together.
type Part struct {
	Name     string `json:"name" enum:"api,indexStore,valueCache,workQueue,worker"`
	Software string `json:"software" example:"PostgreSQL" doc:"The software the part runs on."`
	Status   string `json:"status" enum:"ok,unavailable" doc:"unavailable: the part can't be reached or can't do its work. Of the worker: none is running, or the number is unknown."`
	Waiting  *int   `json:"waiting,omitempty" minimum:"0" doc:"Of the workQueue: the number of indices that wait or are being calculated, without those of the recovery. Absent if unknown."`
	Count    *int   `json:"count,omitempty" minimum:"0" doc:"Of the worker: the number of workers alive. Absent if unknown."`
}

// LiveWorker is a worker that is alive.
type LiveWorker struct {
	Name          string  `json:"name" doc:"Tells the worker from all others. A worker that starts again has another name."`
	Slots         int     `json:"slots,omitempty" minimum:"1" doc:"How many calculations of any size it runs at a time. Absent if unknown."`
	SilentSeconds float64 `json:"silentSeconds" minimum:"0" doc:"How long ago it announced itself, in seconds. Workers do so every 2.5 seconds; after 10 they count as dead."`
}

// maxStatusWorkers is how many workers a status has.
const maxStatusWorkers = 100

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
	recovery := Recovery{Mode: a.recovery.String(), Lost: seen.Lost}
	if seen.Backlog != nil {
		queue.Waiting = &seen.Backlog.Tasks
		recovery.Waiting, recovery.WaitingSeconds = &seen.Backlog.RecoveryTasks, new(seen.Backlog.Recovery.Seconds())
	}
	worker := Part{Name: "worker", Software: own, Status: statusOf(len(seen.Workers) > 0)}
	var workers []LiveWorker
	if seen.Workers != nil {
		worker.Count, workers = new(len(seen.Workers)), []LiveWorker{}
	}
	for _, w := range seen.Workers[:min(len(seen.Workers), maxStatusWorkers)] {
		workers = append(workers, LiveWorker{Name: w.Name, Slots: w.Slots, SilentSeconds: w.Silence().Seconds()})
	}
	return &statusOutput{Body: ServiceStatus{Parts: []Part{
		{Name: "api", Software: own, Status: statusOf(true)},
		{Name: indexStoreName, Software: a.software.IndexStore, Status: statusOf(seen.Health.IndexStore == nil)},
		{Name: valueCacheName, Software: a.software.ValueCache, Status: statusOf(seen.Health.ValueCache == nil)},
		queue,
		worker,
	}, Recovery: recovery, Workers: workers}}, nil
}

func statusOf(reached bool) string {
	if reached {
		return "ok"
	}
	return "unavailable"
}
