package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// tracing reports whether traces are sent: if a collector is named, or the OTLP
// exporter, whose collector has a default address in the specification.
//
// The OpenTelemetry library reads the variables itself and ignores invalid ones.
// So if traces are sent, tracing checks them.
func (e environment) tracing() (bool, error) {
	exporters := strings.Split(e["OTEL_TRACES_EXPORTER"], ",")
	for i, name := range exporters {
		exporters[i] = strings.TrimSpace(name)
	}
	named := e.otlp("ENDPOINT") != "" || slices.Contains(exporters, "otlp")
	if !named || strings.EqualFold(e["OTEL_SDK_DISABLED"], "true") || slices.Contains(exporters, "none") {
		return false, nil
	}
	fileErr := e.readFiles(tracingSecrets)
	// In the specification the scheme of the endpoint takes precedence. The library
	// would send traces to an https:// endpoint unencrypted.
	delete(e, "OTEL_EXPORTER_OTLP_INSECURE")
	delete(e, "OTEL_EXPORTER_OTLP_TRACES_INSECURE")
	return true, errors.Join(fileErr, e.read(
		setting{"OTEL_SDK_DISABLED", func(value string) error {
			if !strings.EqualFold(value, "false") { // as the specification has it, 1 is not true
				return errors.New("is not true or false")
			}
			return nil
		}},
		setting{"OTEL_TRACES_EXPORTER", items("otlp, the only exporter supported, or none", func(name string) bool { return name == "otlp" })},
		setting{"OTEL_PROPAGATORS", items("a list of tracecontext, baggage or none", func(name string) bool {
			return name == "tracecontext" || name == "baggage" || name == "none"
		})},
		setting{"OTEL_RESOURCE_ATTRIBUTES", items("a list of key=value, separated by commas and percent-encoded", isPair)},
		setting{e.otlpName("ENDPOINT"), httpURL},
		setting{e.otlpName("PROTOCOL"), oneOf(new(string), "http/protobuf", "http/json")},
		setting{e.otlpName("COMPRESSION"), oneOf(new(string), "gzip", "none")},
		setting{e.otlpName("TIMEOUT"), number(new(int64), "a number of milliseconds", 1, 1<<31)},
		setting{e.otlpName("HEADERS"), items("a list of key=value, separated by commas and percent-encoded", isPair)},
		setting{e.otlpName("CERTIFICATE"), certificates},
	), e.clientCertificate(), e.sampler(), e.spanLimits())
}

// otlpName returns the variable for traces only if it is set, and the one for all
// signals otherwise.
func (e environment) otlpName(name string) string {
	if traces := "OTEL_EXPORTER_OTLP_TRACES_" + name; e.isSet(traces) {
		return traces
	}
	return "OTEL_EXPORTER_OTLP_" + name
}

func (e environment) otlp(name string) string { return e[e.otlpName(name)] }

func httpURL(value string) error {
	if u, err := url.Parse(value); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("is not a URL such as http://collector:4318")
	}
	return nil
}

// items returns a reader of a list separated by commas whose items are valid.
func items(form string, valid func(string) bool) func(string) error {
	return func(value string) error {
		for item := range strings.SplitSeq(value, ",") {
			if !valid(strings.TrimSpace(item)) {
				return fmt.Errorf("is not %s", form)
			}
		}
		return nil
	}
}

func isPair(text string) bool {
	key, value, found := strings.Cut(text, "=")
	_, err := url.PathUnescape(value)
	return found && key != "" && !strings.ContainsAny(key, " \t\r\n") && err == nil
}

// usesSystemRoots reports whether the collector's certificate is verified by the
// certificate authorities of the system.
func (e environment) usesSystemRoots() bool {
	return strings.HasPrefix(e.otlp("ENDPOINT"), "https://") && e.otlp("CERTIFICATE") == ""
}

func certificates(path string) error {
	content, err := os.ReadFile(path)
	switch {
	case err != nil:
		return fmt.Errorf("names a file that can't be read: %w", err)
	case !x509.NewCertPool().AppendCertsFromPEM(content):
		return fmt.Errorf("names a file without a certificate in PEM: %s", path)
	}
	return nil
}

func (e environment) clientCertificate() error {
	prefix := "OTEL_EXPORTER_OTLP_CLIENT_"
	if traces := "OTEL_EXPORTER_OTLP_TRACES_CLIENT_"; e[traces+"CERTIFICATE"]+e[traces+"KEY"] != "" {
		prefix = traces
	}
	certificate, key := e[prefix+"CERTIFICATE"], e[prefix+"KEY"]
	if certificate == "" && key == "" {
		return nil
	}
	if certificate == "" || key == "" {
		return fmt.Errorf("%[1]sCERTIFICATE and %[1]sKEY must be set together", prefix)
	}
	if _, err := tls.LoadX509KeyPair(certificate, key); err != nil {
		return fmt.Errorf("%[1]sCERTIFICATE and %[1]sKEY are not a usable pair: %[2]w", prefix, err)
	}
	return nil
}

// sampler checks the sampler, and the argument of one that has an argument.
func (e environment) sampler() error {
	settings := []setting{{"OTEL_TRACES_SAMPLER", oneOf(new(string), "always_on", "always_off", "traceidratio",
		"parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio")}}
	if strings.HasSuffix(e["OTEL_TRACES_SAMPLER"], "traceidratio") {
		settings = append(settings, setting{"OTEL_TRACES_SAMPLER_ARG", func(value string) error {
			if ratio, err := strconv.ParseFloat(value, 64); err != nil || !(ratio >= 0 && ratio <= 1) {
				return errors.New("is not a number from 0 to 1")
			}
			return nil
		}})
	}
	return e.read(settings...)
}

// spanLimits checks the limits of spans and of their batches.
func (e environment) spanLimits() error {
	var settings []setting
	for _, name := range []string{
		"ATTRIBUTE_VALUE_LENGTH_LIMIT", "ATTRIBUTE_COUNT_LIMIT", "SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "SPAN_ATTRIBUTE_COUNT_LIMIT",
		"SPAN_EVENT_COUNT_LIMIT", "SPAN_LINK_COUNT_LIMIT", "EVENT_ATTRIBUTE_COUNT_LIMIT", "LINK_ATTRIBUTE_COUNT_LIMIT",
		"BSP_SCHEDULE_DELAY", "BSP_EXPORT_TIMEOUT",
	} {
		settings = append(settings, setting{"OTEL_" + name, number(new(int64), "an integer", 0, 1<<31-1)})
	}
	queue, batch := int64(2048), int64(512) // the specification's defaults
	err := e.read(append(settings,
		setting{"OTEL_BSP_MAX_QUEUE_SIZE", number(&queue, "an integer", 1, 1<<31-1)},
		setting{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", number(&batch, "an integer", 1, 1<<31-1)},
	)...)
	if e["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] != "" && batch > queue {
		err = errors.Join(err, fmt.Errorf("OTEL_BSP_MAX_EXPORT_BATCH_SIZE is %d, more than the %d of OTEL_BSP_MAX_QUEUE_SIZE", batch, queue))
	}
	return err
}
