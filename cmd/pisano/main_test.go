package main

import (
	"log/slog"
	"testing"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

func TestProgram_WiringIsComplete(t *testing.T) {
	t.Parallel()
	settings := config.Config{}
	if err := fx.ValidateApp(app.Options(settings, slog.New(slog.DiscardHandler), program(settings))); err != nil {
		t.Error(err)
	}
}
