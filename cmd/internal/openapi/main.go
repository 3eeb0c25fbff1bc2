// Command openapi writes the OpenAPI document to standard output.
package main

import (
	"fmt"
	"os"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func main() {
	document, err := httpapi.Document()
	if err == nil {
		_, err = os.Stdout.Write(document)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
