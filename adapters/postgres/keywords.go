package postgres

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgservicefile"
)

const asciiSpaces = " \t\n\r\v\f"

// keywords returns the parameters of a keyword/value string as libpq reads
// them. It stops where the string can't be read: the library refuses that.
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

// cutValue returns the value that s begins with, and what follows it. A value
// ends at a space, or is in quotes; a backslash takes the next byte as it is.
// An open quote is not closed.
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

// service returns the parameters of the service that own, the parameters of the
// settings, or a variable names. The library says why it can't be read.
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
