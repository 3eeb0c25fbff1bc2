package postgres

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgservicefile"
)

const asciiSpaces = " \t\n\r\v\f"

// keywords returns the parameters of a keyword/value string as libpq reads them,
// up to the first error of syntax, which pgx reports.
func keywords(settings string) map[string]string {
	values := map[string]string{}
	for rest := strings.TrimLeft(settings, asciiSpaces); rest != ""; rest = strings.TrimLeft(rest, asciiSpaces) {
		name, after, found := strings.Cut(rest, "=")
		name = strings.TrimRight(name, asciiSpaces)
		value, after, closed := cutValue(strings.TrimLeft(after, asciiSpaces))
		if !found || !closed || name == "" || strings.ContainsAny(name, asciiSpaces) {
			break
		}
		values[name], rest = value, after
	}
	return values
}

// cutValue returns the value at the beginning of s, and the rest of s. A value
// ends at a space, or is quoted; a backslash escapes the next byte. closed is false
// if a quote is not closed.
func cutValue(s string) (value, rest string, closed bool) {
	text, quoted := strings.CutPrefix(s, "'")
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			if i++; i < len(text) {
				b.WriteByte(text[i])
			}
		case quoted && c == '\'':
			return b.String(), text[i+1:], true
		case !quoted && strings.IndexByte(asciiSpaces, c) >= 0:
			return b.String(), text[i:], true
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), "", !quoted
}

// service returns the parameters of the service that the settings, of which own
// are the parameters, or a variable names. If the service can't be read, pgx
// reports why.
func service(own given) given {
	g := given{}
	name := cmp.Or(own["service"].value, os.Getenv("PGSERVICE"))
	if name == "" {
		return g
	}
	path := cmp.Or(own["servicefile"].value, os.Getenv("PGSERVICEFILE"))
	if home, err := os.UserHomeDir(); path == "" && err == nil {
		path = filepath.Join(home, ".pg_service.conf")
	}
	services, err := pgservicefile.ReadServicefile(path)
	if err != nil {
		return g
	}
	if found, err := services.GetService(name); err == nil {
		for parameterName, value := range found.Settings {
			g[parameterName] = parameter{value, parameterName + " in the service " + name}
		}
	}
	return g
}
