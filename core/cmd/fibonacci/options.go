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

Print the Fibonacci number F(index) in decimal. The index may be negative, and have
separators, as in 1_000_000 or 1,000,000; the values of options may not.

  --digits        print the number of digits of F(index), without calculating it
  --mod m         print F(index) modulo m, from 0 to m-1, without calculating it
  --leading k     print the first k digits, without sign
  --trailing k    print the last k digits, without sign; up to 1000 first or last
                  digits without calculating F(index)
  --race time     find the largest index whose digits this machine can calculate
                  within the time, such as 1s or 500ms; takes no index
  --version       print the version, or the revision, and the engine
  --help          print this help

PISANO_ENGINE=purego in the environment disables vector instructions.
Exit status: 0 on success, 1 on failure, 2 for invalid arguments, 130 if interrupted,
143 if terminated.
`

// output is what the command prints.
type output int

const (
	number output = iota
	digitCount
	modulo
	leading
	trailing
	race
	version
)

// options are the parsed arguments.
type options struct {
	output  output
	index   core.Index
	modulus uint64
	count   int64
	limit   time.Duration
}

var errHelp = errors.New("help requested")

// indexPattern matches an index, which may be negative. This is why the arguments
// are not parsed by package flag.
var indexPattern = regexp.MustCompile(`^[-+−]?[0-9][0-9_,']*$`)

// flags maps an option to its output and whether it takes a value.
var flags = map[string]struct {
	output output
	value  bool
}{
	"digits": {digitCount, false}, "mod": {modulo, true}, "leading": {leading, true},
	"trailing": {trailing, true}, "race": {race, true}, "version": {version, false},
}

// parse parses the arguments. The error is errHelp if they request help.
func parse(args []string) (options, error) {
	var o options
	var chosen, index string
	var ended bool // no options follow
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--" && !ended:
			ended = true
		case indexPattern.MatchString(arg):
			if index != "" {
				return o, fmt.Errorf("more than one index: %s and %s", index, arg)
			}
			index = arg
		case ended || !strings.HasPrefix(arg, "-"):
			return o, fmt.Errorf("%q is not an index", arg)
		default:
			name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
			if name == "help" || name == "h" {
				return o, errHelp
			}
			flag, ok := flags[name]
			switch {
			case !ok:
				return o, fmt.Errorf("unknown option %s", arg)
			case chosen != "":
				return o, fmt.Errorf("--%s and --%s can't be combined", chosen, name)
			case flag.value && !given && i+1 == len(args):
				return o, fmt.Errorf("--%s needs a value", name)
			case !flag.value && given:
				return o, fmt.Errorf("--%s takes no value", name)
			case flag.value && !given:
				i++
				value = args[i]
			}
			chosen, o.output = name, flag.output
			if err := o.set(name, value); err != nil {
				return o, err
			}
		}
	}
	switch needs := o.output != race && o.output != version; {
	case needs && index == "":
		return o, errors.New("missing index")
	case !needs && index != "":
		return o, fmt.Errorf("--%s takes no index", chosen)
	case !needs:
		return o, nil
	}
	var err error
	o.index, err = parseIndex(index)
	return o, err
}

// set parses the value of the option with the given name.
func (o *options) set(name, value string) (err error) {
	switch o.output {
	case modulo:
		if o.modulus, err = strconv.ParseUint(value, 10, 64); err != nil || o.modulus == 0 {
			return fmt.Errorf("--%s needs a number between 1 and 2^64-1, not %q", name, value)
		}
	case leading, trailing:
		if o.count, err = strconv.ParseInt(value, 10, 64); err != nil || o.count < 1 {
			return fmt.Errorf("--%s needs a positive number of digits, not %q", name, value)
		}
	case race:
		if o.limit, err = time.ParseDuration(value); err != nil || o.limit <= 0 {
			return fmt.Errorf("--%s needs a positive time such as 1s, not %q", name, value)
		}
	}
	return nil
}

// parseIndex parses an index, with or without separators of thousands.
func parseIndex(text string) (core.Index, error) {
	plain := strings.NewReplacer("_", "", ",", "", "'", "", "−", "-").Replace(text)
	n, err := strconv.ParseInt(plain, 10, 64)
	if err != nil || core.Index(n) > core.MaxIndex || core.Index(n) < -core.MaxIndex {
		return 0, fmt.Errorf("index %s is not between -%d and %d", text, core.MaxIndex, core.MaxIndex)
	}
	return core.Index(n), nil
}
