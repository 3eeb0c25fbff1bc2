package testkit

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"testing"
)

// AskPrometheus reads the data of an answer of the API of the Prometheus at host:port.
func AskPrometheus(ctx context.Context, address, path string, data any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/api/v1/"+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer := struct {
		Status, Error string
		Data          any
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Status != "success" {
		return errors.New(answer.Error)
	}
	return nil
}

// AwaitResult waits until the Prometheus at host:port has a result for an expression.
func AwaitResult(t testing.TB, address, expression string) {
	t.Helper()
	Eventually(t, expression, func() error {
		var data struct{ Result []any }
		err := AskPrometheus(t.Context(), address, "query?query="+url.QueryEscape(expression), &data)
		if err == nil && len(data.Result) == 0 {
			err = errors.New("it has no result")
		}
		return err
	})
}
