// Command openapi writes the OpenAPI document to standard output: for programs,
// or with the argument page for people.
package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func main() {
	made, err := httpapi.Document()
	if slices.Contains(os.Args[1:], "page") {
		made, err = renderPage(httpapi.Describe())
	}
	if err == nil {
		_, err = os.Stdout.Write(made)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
