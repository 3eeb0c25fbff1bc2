package config

import (
	"encoding"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Each function below returns a reader of values of one form. Errors quote only
// numbers and durations that were parsed: any other value may be a secret in the
// wrong variable.

func number[T int | int64 | uint16](target *T, form string, low, high T) func(string) error {
	return func(value string) error {
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err != nil:
			return fmt.Errorf("is not %s", form)
		case n < int64(low) || n > int64(high):
			return fmt.Errorf("is %d; it must be between %d and %d", n, low, high)
		}
		*target = T(n)
		return nil
	}
}

func duration(target *time.Duration, low time.Duration) func(string) error {
	return func(value string) error {
		d, err := time.ParseDuration(value)
		switch {
		case err != nil:
			return errors.New("is not a duration such as 10m")
		case d < low:
			return fmt.Errorf("is %v; it must be at least %v", d, low)
		}
		*target = d
		return nil
	}
}

func flag(target *bool) func(string) error {
	return func(value string) error {
		b, err := strconv.ParseBool(value)
		if err != nil {
			return errors.New("is not true or false")
		}
		*target = b
		return nil
	}
}

func text(target *string) func(string) error {
	return func(value string) error {
		*target = value
		return nil
	}
}

// fileURL matches addresses of files, such as file:pisano.db and sqlite:///pisano.db,
// and no drive.
var fileURL = regexp.MustCompile(`^(file:|[a-zA-Z][a-zA-Z0-9+.-]+:/)`)

// filePath reads the path of a file. What a shell would replace or remove, and a
// service manager or Docker does not, would become part of the name of a folder.
func filePath(target *string) func(string) error {
	return func(value string) error {
		switch {
		case strings.ContainsRune("~$", rune(value[0])):
			return fmt.Errorf("begins with %c, which only a shell replaces; write the whole path", value[0])
		case strings.ContainsRune(`"'`, rune(value[0])):
			return errors.New("begins with a quotation mark, which only a shell removes; write the path alone")
		case fileURL.MatchString(value):
			return errors.New("is an address; write the path of a file")
		}
		*target = value
		return nil
	}
}

func oneOf(target *string, values ...string) func(string) error {
	return func(value string) error {
		if !slices.Contains(values, value) {
			last := len(values) - 1
			if last == 0 {
				return fmt.Errorf("is not %s", values[0])
			}
			return fmt.Errorf("is not %s or %s", strings.Join(values[:last], ", "), values[last])
		}
		*target = value
		return nil
	}
}

func decoded(target encoding.TextUnmarshaler, form string) func(string) error {
	return func(value string) error {
		if target.UnmarshalText([]byte(value)) != nil {
			return fmt.Errorf("is not %s", form)
		}
		return nil
	}
}

// gcPercent reads GOGC as the Go runtime does.
func gcPercent(target *int) func(string) error {
	return func(value string) error {
		if value == "off" {
			*target = -1
			return nil
		}
		return number(target, "a percentage or off", 0, 1<<30)(value)
	}
}
