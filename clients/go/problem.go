package pisano

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ProblemError is an error of the server. Act on its Kind; its Detail is a
// sentence for people.
type ProblemError struct {
	Problem
	// RetryAfter is when to retry; zero if the server did not say so.
	RetryAfter time.Duration
}

// Error returns the Detail.
func (e *ProblemError) Error() string { return "pisano: " + e.Detail }

// maxProblem is how many bytes of an error are read.
const maxProblem = 1 << 20

// problemDoer sends the requests of every method. It returns an answer that is an
// error of the server as an error.
type problemDoer struct{ HttpRequestDoer }

// Do implements HttpRequestDoer.
func (d problemDoer) Do(request *http.Request) (*http.Response, error) {
	response, err := d.HttpRequestDoer.Do(request)
	if err != nil || response.StatusCode < http.StatusBadRequest {
		return response, err
	}
	if mediaTypeOf(response) == jsonType && readyzPath.MatchString(request.URL.Path) {
		return response, nil // a server that is not ready answers with its Readiness
	}
	defer func() { _ = response.Body.Close() }()
	e := &ProblemError{RetryAfter: retryAfter(response.Header)}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxProblem))
	// Where no operation is, Pisano names no input.
	if err != nil || json.Unmarshal(body, &e.Problem) != nil || e.Kind == "" || e.Status == http.StatusNotFound && len(e.Errors) == 0 {
		e.Problem = foreignProblem(request, response)
	}
	return nil, e
}

// foreignProblem returns the problem for an error that is not from Pisano, or that
// has no body because the request was HEAD.
func foreignProblem(request *http.Request, response *http.Response) Problem {
	status := response.StatusCode
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: int64(status), Kind: ProblemKindInvalid}
	switch {
	case status == http.StatusNotFound:
		p.Kind = ProblemKindNotFound
	case status == http.StatusConflict:
		p.Kind = ProblemKindNotReady
	case status == http.StatusTooManyRequests:
		p.Kind = ProblemKindOverloaded
	case status > http.StatusInternalServerError:
		p.Kind = ProblemKindUnavailable
	case status == http.StatusInternalServerError:
		p.Kind = ProblemKindInternal
	}
	p.Detail = fmt.Sprintf("%s answered %d %s.", publicPart(cmp.Or(response.Request, request).URL), status, p.Title)
	if status < http.StatusInternalServerError && status != http.StatusTooManyRequests {
		p.Detail += " Check the address of the API."
	}
	return p
}

// unexpected returns the error for an answer that the OpenAPI document does not
// define.
func unexpected(response *http.Response) error {
	return fmt.Errorf("pisano: unexpected answer %s of type %q", response.Status, response.Header.Get("Content-Type"))
}
