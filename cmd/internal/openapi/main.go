// Command openapi writes the OpenAPI document to standard output: as YAML, with the
// argument 3.0 as YAML of that version, or with the argument page as an HTML page.
package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func main() {
	output, err := httpapi.Document()
	switch {
	case slices.Contains(os.Args[1:], "3.0"):
		output, err = httpapi.Document30()
	case slices.Contains(os.Args[1:], "page"):
		output, err = renderPage(httpapi.Describe())
	}
	if err == nil {
		_, err = os.Stdout.Write(output)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
