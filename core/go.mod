module github.com/pisano-dev/pisano/core

go 1.26.0
