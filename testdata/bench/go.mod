module github.com/pisano-dev/pisano/testdata/bench

go 1.26.0

require github.com/pisano-dev/pisano v0.0.0

replace github.com/pisano-dev/pisano => ../..
