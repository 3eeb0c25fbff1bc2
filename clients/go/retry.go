package pisano

import (
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// maxRetryAfter is the largest Retry-After that is respected. One request an hour
// costs a server nothing, and a clock that is wrong by years must not stop a
// program.
const maxRetryAfter = time.Hour

var delaySeconds = regexp.MustCompile(`^[0-9]+$`)

// retryAfter returns the Retry-After of an answer, zero if it has none: seconds or
// a date (RFC 9110, section 10.2.3). A date is taken relative to the Date of the
// answer.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if delaySeconds.MatchString(value) {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter // or more than an int64 holds
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
