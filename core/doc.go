// Package core is the domain of Pisano, a service that calculates Fibonacci
// numbers: any index, every digit, and no accepted index is ever lost. It
// imports the standard library only, as do the packages below it.
//
// # Values
//
// An [Index] is submitted, and passes through each [State] until it has its
// [Value], an exact number with a [Summary], or has failed with a reason. A
// [Record] is what is stored of the index itself, and a [Status] is what a front
// end shows of both. Every [Error] has a [Kind], which says what the caller can
// do about it.
//
// # Ports
//
// What the domain needs from the world is an interface, whose comments are the
// obligations of its implementations:
//
//   - [IndexStore] is the durable record of every index submitted. It is the
//     truth, from which everything else can be rebuilt.
//   - [ValueCache] holds the calculated values. It may lose them at any time.
//   - [WorkQueue] holds the indices that wait for a worker, each in a [Lane], and
//     may be lost too.
//   - [WorkerRegistry] knows which workers are alive.
//   - [Events] notifies processes of what happens, best effort.
//   - [Calculator] turns an index into its number.
//
// Besides, [Pruner] deletes old records of an IndexStore, for a [Retention]: a
// service that keeps its records forever needs none.
//
// [Ports] is a set of them. Below this package, core/memory implements all but
// the last in memory, core/fibonacci is the Calculator, and core/decimal does its
// arithmetic. The adapters for PostgreSQL, Redis and SQLite are in adapters/, in
// the main module. core/porttest has the contract of each port as a test suite, for
// these implementations and for yours. core/intercept puts functions in front of
// all calls of ports.
//
// # Use cases
//
// A [Service] is what a front end calls:
//
//   - [Service.Submit] accepts indices, within the [Limits]; [Service.Estimate]
//     returns the cost beforehand.
//   - [Service.Status] and [Service.Await] report the state of an index, now or
//     once it is final. [Service.Watch] reports events, which a [Broadcaster]
//     distributes within the process.
//   - [Service.Kept] is the status of an index whose summary is in memory, which
//     [Limits] permits.
//   - [Service.Summary] and [Service.Digits] read a value. [Service.Indices] and
//     [Service.Values] list what was submitted and what is calculated.
//   - [Service.Overview] reports the condition of the ports and the backlog.
//
// A [Worker] calculates what is in the queue, and divides its time among the
// lanes. A [Reconciler] enqueues what the store has as unfinished and the queue
// does not have, and has values recovered that were lost together with the
// cache.
//
// # The way of an index
//
// Submit commits the index to the IndexStore, together with others that arrive
// at the same time, and then enqueues it. A Worker claims it and renews its
// lease while it calculates. It stores the value in the ValueCache, marks the
// record as calculated, and acknowledges the claim, in this order. Events tell
// the front ends. The Reconciler runs beside all of this.
//
// # Promises
//
//   - When Submit returns without an error, the index is committed.
//   - It is then calculated or visibly failed, whichever process dies meanwhile
//     and whatever the cache and the queue lose.
//   - An index that has its value is not calculated again because it is submitted
//     again, and a value is never replaced by an older state.
//   - A value is returned only if it is right: the Calculator checks what it
//     calculates, the ValueCache what it reads.
//   - What is too expensive is refused before it starts, with an [Estimate].
//
// core/internal/simulation tests the promises on ports that fail, delay, repeat
// and forget, and with processes that crash.
package core
