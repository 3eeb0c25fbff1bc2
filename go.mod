module github.com/pisano-dev/pisano

go 1.26
