// Command many calculates 2,000 Fibonacci numbers and follows the events. It goes on when the API restarts meanwhile.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

func main() {
	ctx := context.Background()
	api, err := pisano.New(os.Args[1]) // such as http://localhost:8080/api
	check(err)
	go follow(ctx, api)
	var indices []int64
	for n := range int64(2000) {
		indices = append(indices, 10_000+n)
	}
	seen, err := api.SubmitAll(ctx, indices...)
	check(err)
	fmt.Println(len(seen), "submitted")
	states, err := api.WaitAll(ctx, indices...)
	check(err)
	fmt.Println(len(states), "calculated or failed, the last is", states[len(states)-1])
	digits, err := api.DigitRange(ctx, indices[0], 0, 5)
	check(err)
	fmt.Println(digits)
}

func follow(ctx context.Context, api *pisano.API) {
	for event, err := range api.Events(ctx) {
		check(err)
		fmt.Fprintln(os.Stderr, event)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
