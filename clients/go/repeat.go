package pisano

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

// DefaultRetry is how long a request is repeated, unless WithRetry says otherwise.
const DefaultRetry = 30 * time.Second

// WithRetry sets how long a request is repeated that found no connection, whose
// answer was cut off, or that the server or a proxy answered with "try again later".
// Streams that are cut off are not repeated. 0 turns repetition off. A submission
// that is repeated counts once.
func WithRetry(limit time.Duration) ClientOption {
	return func(c *Client) error {
		if s, ok := c.Client.(*retrySetting); ok {
			s.limit = limit
		}
		return nil
	}
}

// retrySetting stands for the HTTP client while New looks for WithRetry among the
// options. It is never used to send a request.
type retrySetting struct {
	HttpRequestDoer
	limit time.Duration
}

// retryOf returns the limit that the options set.
func retryOf(options []ClientOption) (time.Duration, error) {
	s := &retrySetting{limit: DefaultRetry}
	for _, option := range options {
		if err := option(&Client{Client: s}); err != nil {
			return 0, err
		}
	}
	return s.limit, nil
}

// The pauses between attempts, before jitter.
const (
	firstPause = 100 * time.Millisecond
	maxPause   = 5 * time.Second
)

// repeatDoer repeats requests. It gives up where the next attempt would begin
// later than limit after the first failure.
type repeatDoer struct {
	HttpRequestDoer
	limit time.Duration
}

// Do implements HttpRequestDoer.
func (d repeatDoer) Do(request *http.Request) (*http.Response, error) {
	if _, has := request.Header["Idempotency-Key"]; !has && d.limit > 0 {
		// Tells net/http that it may send the request again if a connection that was
		// idle turns out to be closed. It is not sent.
		request.Header["Idempotency-Key"] = nil
	}
	var end time.Time
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		response, err := d.HttpRequestDoer.Do(request)
		after, worthwhile := repetition(response, err)
		// Jitter keeps clients that failed together from returning together.
		after += pause/2 + rand.N(pause)
		now := time.Now()
		if end.IsZero() {
			end = now.Add(d.limit)
		}
		if !worthwhile || request.Context().Err() != nil || now.Add(after).After(end) {
			return response, err
		}
		if response != nil {
			_, _ = io.CopyN(io.Discard, response.Body, maxProblem) // so that the connection can be used again
			_ = response.Body.Close()
		}
		if err := sleep(request.Context(), after); err != nil {
			return nil, err
		}
		if request.GetBody != nil {
			body, err := request.GetBody()
			if err != nil {
				return nil, err
			}
			request = request.WithContext(request.Context())
			request.Body = body
		}
	}
}

// repetition reports whether a request that ended like this may succeed later, and
// how much.
func repetition(response *http.Response, err error) (after time.Duration, worthwhile bool) {
	if err != nil {
		return 0, isConnectionError(err)
	}
	after = retryAfter(response.Header)
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return after, response.Header.Get("Retry-After") != ""
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return after, true
	}
	return 0, false
}

// isConnectionError reports whether err is one that a restart of the server or of
// the network can cause.
func isConnectionError(err error) bool {
	var unresolved *net.DNSError
	if errors.As(err, &unresolved) {
		return unresolved.Temporary() && !unresolved.IsNotFound
	}
	var failed *net.OpError
	if errors.As(err, &failed) {
		return failed.Op == "dial" || failed.Op == "read" || failed.Op == "write"
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
