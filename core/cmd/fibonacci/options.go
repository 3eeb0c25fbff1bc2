package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pisano-dev/pisano/core"
)

const usage = `Usage: fibonacci [option] index

Prints the Fibonacci number of the index, which may be negative, in decimal.

  --digits        print how many digits it has, without calculating it
  --mod m         print it modulo m, between 0 and m-1, without calculating it
  --leading k     print its first k digits, without sign
  --trailing k    print its last k digits, without sign
  --race time     find the largest index whose digits this machine has within
                  the time, such as 1s or 500ms; without an index
  --version       print the version and the engine that calculates
  --help          print this

The environment variable PISANO_ENGINE=purego calculates without vector
instructions. Exit codes: 0, 1 if it failed, 2 if the arguments are wrong.
`

// what is printed.
type what int

const (
	whole what = iota
	digitCount
	modulo
	leading
	trailing
	race
	version
)

// options are the arguments.
type options struct {
	what    what
	index   core.Index
	modulus uint64
	count   int64
	limit   time.Duration
}

var errHelp = errors.New("help requested")

// number matches an index, which unlike with package flag may be negative.
var number = regexp.MustCompile(`^[-+−]?[0-9][0-9_,']*$`)

// flags maps an option to what it prints and whether a value follows.
var flags = map[string]struct {
	what  what
	value bool
}{
	"digits": {digitCount, false}, "mod": {modulo, true}, "leading": {leading, true},
	"trailing": {trailing, true}, "race": {race, true}, "version": {version, false},
}

func parse(args []string) (options, error) {
	var o options
	var chosen, index string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
		case number.MatchString(arg):
			if index != "" {
				return o, fmt.Errorf("two indices, %s and %s", index, arg)
			}
			index = arg
		case !strings.HasPrefix(arg, "-"):
			return o, fmt.Errorf("%q is not an index", arg)
		default:
			name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
			if name == "help" || name == "h" {
				return o, errHelp
			}
			flag, ok := flags[name]
			switch {
			case !ok:
				return o, fmt.Errorf("there is no option %s", arg)
			case chosen != "":
				return o, fmt.Errorf("--%s and --%s exclude each other", chosen, name)
			case flag.value && !given && i+1 == len(args):
				return o, fmt.Errorf("--%s needs a value", name)
			case !flag.value && given:
				return o, fmt.Errorf("--%s has no value", name)
			case flag.value && !given:
				i++
				value = args[i]
			}
			chosen, o.what = name, flag.what
			if err := o.set(name, value); err != nil {
				return o, err
			}
		}
	}
	switch needs := o.what != race && o.what != version; {
	case needs && index == "":
		return o, errors.New("which index?")
	case !needs && index != "":
		return o, fmt.Errorf("--%s takes no index", chosen)
	case !needs:
		return o, nil
	}
	var err error
	o.index, err = parseIndex(index)
	return o, err
}

// set sets the value of an option.
func (o *options) set(name, value string) (err error) {
	switch o.what {
	case modulo:
		if o.modulus, err = strconv.ParseUint(value, 10, 64); err != nil || o.modulus == 0 {
			return fmt.Errorf("--%s needs a number between 1 and 2^64-1, not %q", name, value)
		}
	case leading, trailing:
		if o.count, err = strconv.ParseInt(value, 10, 64); err != nil || o.count < 1 {
			return fmt.Errorf("--%s needs a count of digits, not %q", name, value)
		}
	case race:
		if o.limit, err = time.ParseDuration(value); err != nil || o.limit <= 0 {
			return fmt.Errorf("--%s needs a time such as 1s, not %q", name, value)
		}
	}
	return nil
}

// parseIndex reads an index, thousands separated or not.
func parseIndex(text string) (core.Index, error) {
	plain := strings.NewReplacer("_", "", ",", "", "'", "", "−", "-").Replace(text)
	n, err := strconv.ParseInt(plain, 10, 64)
	if err != nil || core.Index(n) > core.MaxIndex || core.Index(n) < -core.MaxIndex {
		return 0, fmt.Errorf("an index lies between -%d and %d, and %s does not", core.MaxIndex, core.MaxIndex, text)
	}
	return core.Index(n), nil
}
