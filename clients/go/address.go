package pisano

import (
	"fmt"
	"net/url"
	"strings"
)

// checkAddress returns an error that names what is wrong with the address of an
// API.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.RawQuery == "" && u.Fragment == "" {
		return nil
	}
	shown, _, _ := strings.Cut(address, "?") // what follows may be a secret
	if err == nil {
		u.RawQuery, u.Fragment = "", ""
		shown = u.Redacted()
	}
	return fmt.Errorf("pisano: %q is not the address of an API: give a URL without query and fragment, such as http://localhost:8080/api", shown)
}
