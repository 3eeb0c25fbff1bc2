package httpapi

import (
	"net/http"
	"net/url"
)

// crossOrigin detects requests by pages of other sites. A page can send some
// requests anywhere without permission, such as a POST without a Content-Type;
// its visitor would submit what the page chose.
var crossOrigin = http.NewCrossOriginProtection()

// checkOrigin returns a problem for an unsafe request by a page of another
// origin. Only browsers send Sec-Fetch-Site and Origin; other programs are not
// affected.
func checkOrigin(r *http.Request) *Problem {
	if crossOrigin.Check(r) == nil || fromForwardedHost(r) {
		return nil
	}
	field := FieldError{Location: "header.Origin", Message: "is another site", Value: echoed(r.Header.Get("Origin"))}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		field = FieldError{Location: "header.Sec-Fetch-Site", Message: "is neither same-origin nor none", Value: echoed(site)}
	}
	return newProblem(http.StatusForbidden,
		"The request comes from a page of another site. Only pages of this site can make it; programs must send neither Origin nor Sec-Fetch-Site.", field)
}

// fromForwardedHost reports whether the request comes from a page of the host
// that a proxy was asked for, where the proxy replaces Host. A page can't set
// X-Forwarded-Host in a request to another origin. Without TLS, browsers do not
// send Sec-Fetch-Site, and Host is all there is to compare Origin with.
func fromForwardedHost(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") != "" {
		return false
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Host != "" && origin.Host == r.Header.Get("X-Forwarded-Host")
}
