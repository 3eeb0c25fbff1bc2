// Package peer serves constant answers: what bare net/http and bare Huma cost without a service behind them.
package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// value has the fields of the API's answer to GET /values/{index}.
type value struct {
	Index        int64     `json:"index"`
	State        string    `json:"state"`
	DigitCount   int64     `json:"digitCount"`
	Value        string    `json:"value"`
	CalculatedAt time.Time `json:"calculatedAt"`
	DurationMs   float64   `json:"durationMs"`
}

// answers has one value, and a list of twenty.
func answers() (one value, list []value) {
	one = value{30, "calculated", 6, "832040", time.Date(2026, 1, 2, 3, 4, 5, 678_901_000, time.UTC), 0.0125}
	for range 20 {
		list = append(list, one)
	}
	return one, list
}

// handlers are the peers by their names.
var handlers = map[string]func() (http.Handler, error){"net/http": plain, "Huma": onHuma}

// plain writes bytes that were encoded before.
func plain() (http.Handler, error) {
	one, _ := answers()
	text, err := json.Marshal(one)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	}), err
}

// onHuma encodes its answers for each request, as Huma does.
func onHuma() (http.Handler, error) {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("peer", "1")
	config.CreateHooks = nil // no links to schemas in the answers
	api := humago.New(mux, config)
	one, list := answers()
	type output struct{ Body value }
	huma.Get(api, "/values/{index}", func(context.Context, *struct {
		Index int64 `path:"index"`
	}) (*output, error) {
		return &output{one}, nil
	})
	type items struct {
		Items      []value `json:"items"`
		NextCursor string  `json:"nextCursor"`
	}
	type page struct{ Body items }
	huma.Get(api, "/values", func(context.Context, *struct {
		Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*page, error) {
		return &page{items{list, "constant"}}, nil
	})
	return mux, nil
}

// Main serves a peer at a port that the system chooses, and logs where, as Pisano's programs do.
func Main(name string) error {
	handler, err := handlers[name]()
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	log.Info("listening", "url", fmt.Sprintf("http://%s", listener.Addr()))
	log.Info("ready to serve")
	return (&http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}).Serve(listener)
}
