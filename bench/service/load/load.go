// Package load sends requests to a server and checks the answers. Answers that are not as expected are errors, never throughput.
package load

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// answerTimeout bounds the wait for an answer. Only a hang exceeds it.
const answerTimeout = 30 * time.Second

// Job describes requests that differ at most in an index, which replaces {n} in Body and Contains.
type Job struct {
	Method, URL, Body string

	First, Step, Cycle int64 // the i-th request has the index First + Step·i; with a Cycle, i is taken modulo it
	Skip               int64 // i of the first request

	Status   int
	Exact    string // what the body of every answer is, unless empty
	Contains string // what it contains

	Connections int
	Duration    time.Duration

	Rate   int    // submissions a second of RunEvents
	Events string // URL of the stream of events for RunEvents
}

// Result is what Run counted.
type Result struct {
	Requests int     // answered as expected, except for the first of each connection
	Seconds  float64 // from the first request to the last answer
	Sent     int64   // all requests, and so how many indices were used
}

// Main runs the job that is written in JSON and writes its result in JSON.
func Main(job string, out io.Writer) error {
	var j Job
	if err := json.Unmarshal([]byte(job), &j); err != nil {
		return err
	}
	var result any
	var err error
	if j.Events != "" {
		result, err = j.RunEvents()
	} else {
		result, err = j.Run()
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(result)
}

// Run keeps one request under way on each connection for the duration. It returns the first error.
func (j Job) Run() (Result, error) {
	client, err := j.client()
	if err != nil {
		return Result{}, err
	}
	var sent, answered atomic.Int64
	var ready, done sync.WaitGroup
	begin := make(chan struct{})
	var deadline time.Time
	faults := make([]error, j.Connections)
	for i := range j.Connections {
		ready.Add(1)
		done.Go(func() {
			x := j.exchange(client)
			faults[i] = x.do(sent.Add(1) - 1) // connects
			ready.Done()
			<-begin
			var count int64
			for faults[i] == nil && time.Now().Before(deadline) {
				if faults[i] = x.do(sent.Add(1) - 1); faults[i] == nil {
					count++
				}
			}
			answered.Add(count)
		})
	}
	ready.Wait()
	started := time.Now()
	deadline = started.Add(j.Duration)
	close(begin)
	done.Wait()
	return Result{int(answered.Load()), time.Since(started).Seconds(), sent.Load()}, cmp.Or(faults...)
}

func (j Job) client() (*fasthttp.HostClient, error) {
	var u fasthttp.URI
	if err := u.Parse(nil, []byte(j.URL)); err != nil {
		return nil, err
	}
	return &fasthttp.HostClient{
		Addr: string(u.Host()), MaxConns: j.Connections, NoDefaultUserAgentHeader: true, MaxIdemponentCallAttempts: 1,
		ReadTimeout: answerTimeout, WriteTimeout: answerTimeout,
	}, nil
}

// exchange is a request and its answer, reused by one goroutine.
type exchange struct {
	job      *Job
	client   *fasthttp.HostClient
	request  *fasthttp.Request
	response *fasthttp.Response
}

func (j *Job) exchange(client *fasthttp.HostClient) *exchange {
	x := &exchange{j, client, fasthttp.AcquireRequest(), fasthttp.AcquireResponse()}
	x.request.Header.SetMethod(j.Method)
	x.request.SetRequestURI(j.URL)
	if j.Body != "" {
		x.request.Header.SetContentType("application/json")
	}
	return x
}

// index returns the index of the i-th request.
func (j *Job) index(i int64) int64 {
	if i += j.Skip; j.Cycle > 0 {
		i %= j.Cycle
	}
	return j.First + j.Step*i
}

// do sends the i-th request and checks the answer.
func (x *exchange) do(i int64) error {
	n := strconv.FormatInt(x.job.index(i), 10)
	if x.job.Body != "" {
		x.request.SetBodyString(strings.ReplaceAll(x.job.Body, "{n}", n))
	}
	if err := x.client.Do(x.request, x.response); err != nil {
		return fmt.Errorf("%s %s: %w", x.job.Method, x.job.URL, err)
	}
	body := x.response.Body()
	switch {
	case x.response.StatusCode() != x.job.Status,
		x.job.Exact != "" && string(body) != x.job.Exact,
		!strings.Contains(string(body), strings.ReplaceAll(x.job.Contains, "{n}", n)):
		return fmt.Errorf("%s %s: not the expected answer: %d %.300s", x.job.Method, x.job.URL, x.response.StatusCode(), body)
	}
	return nil
}
