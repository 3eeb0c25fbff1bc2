// Package core is the domain of Pisano: Fibonacci numbers, any index, every
// digit, and the promise that an accepted index is never lost.
//
// A front end asks a Service: it records indices, tells their state and reads
// digits. A Worker takes waiting indices one by one, has them calculated and
// stores the values. A Reconciler compares what was promised with what is
// there and puts the difference back to work.
//
// What they need from the world they say as ports, each an interface with its
// obligations in the comments: IndexStore, ValueCache, WorkQueue, Events and
// Calculator. Package porttest checks any implementation of them; package
// fibonacci is the Calculator; package decimal holds the digits.
//
// The package and those below it import the standard library only.
package core
