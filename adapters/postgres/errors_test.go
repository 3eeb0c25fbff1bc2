package postgres_test

import (
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/core"
)

// refusing returns settings for a server that answers every connection with
// an error of the given code.
func refusing(t *testing.T, code string) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			backend := pgproto3.NewBackend(conn, conn)
			if _, err := backend.ReceiveStartupMessage(); err == nil {
				backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: code, Message: "not now"})
				_ = backend.Flush() // the client notices
			}
			_ = conn.Close()
		}
	}()
	return "postgres://pisano@" + listener.Addr().String() + "/pisano?sslmode=disable"
}

func TestError_WithACodeOfAnyLengthHasAKind(t *testing.T) {
	t.Parallel()
	for code, permanent := range map[string]bool{"": false, "5": true, "53300": false, "3D000": true} {
		_, err := postgres.Open(t.Context(), refusing(t, code))
		wantKind(t, err, core.KindUnavailable)
		if got := postgres.Permanent(err); got != permanent {
			t.Errorf("code %q: permanent %v, want %v (%v)", code, got, permanent, err)
		}
	}
}
