package pisano

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ProblemError is an error that the server answered with. Act on its Kind and
// show its Detail.
type ProblemError struct {
	Problem
	// RetryAfter is when to ask again; zero if that was not said.
	RetryAfter time.Duration
}

// Error returns the detail.
func (e *ProblemError) Error() string { return "pisano: " + e.Detail }

// maxProblem is how much of an error is read, in bytes.
const maxProblem = 1 << 20

// problemDoer returns answers that are errors, or not from Pisano, as errors,
// so that every method does.
type problemDoer struct{ HttpRequestDoer }

// Do implements HttpRequestDoer.
func (d problemDoer) Do(request *http.Request) (*http.Response, error) {
	response, err := d.HttpRequestDoer.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode < http.StatusBadRequest {
		if err := checkAnswer(request, response); err != nil {
			return nil, err
		}
		return response, nil
	}
	if mediaTypeOf(response) == jsonType && readyzPath.MatchString(request.URL.Path) {
		return response, nil // that the server is not ready is no problem but a Readiness
	}
	defer func() { _ = response.Body.Close() }()
	e := &ProblemError{RetryAfter: retryAfter(response.Header)}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxProblem))
	if err != nil || json.Unmarshal(body, &e.Problem) != nil || e.Kind == "" {
		e.Problem = foreignProblem(response.StatusCode)
	}
	return nil, e
}

// foreignProblem is the problem of an error that does not come from Pisano but
// from something before it, or has no body since only the header was asked for.
func foreignProblem(status int) Problem {
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
	p.Detail = fmt.Sprintf("The server answered %d %s.", status, p.Title)
	return p
}

// unexpected is the error of an answer that the document does not foresee.
func unexpected(response *http.Response) error {
	return fmt.Errorf("pisano: unexpected answer %s of type %q", response.Status, response.Header.Get("Content-Type"))
}
