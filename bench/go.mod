module github.com/pisano-dev/pisano/bench

go 1.26.0

require github.com/pisano-dev/pisano/core v0.0.0

replace github.com/pisano-dev/pisano/core => ../core
