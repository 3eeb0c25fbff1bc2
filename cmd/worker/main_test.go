package main

import (
	"log/slog"
	"testing"

	"go.uber.org/fx"

	"github.com/pisano-dev/pisano/cmd/internal/app"
	"github.com/pisano-dev/pisano/cmd/internal/config"
)

func TestProgram_WiringIsCompleteInBothModes(t *testing.T) {
	t.Parallel()
	for mode, servers := range map[string]*config.Servers{"embedded": nil, "servers": {}} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			settings := config.Config{Servers: servers}
			if err := fx.ValidateApp(app.Options(settings, slog.New(slog.DiscardHandler), program(settings))); err != nil {
				t.Error(err)
			}
		})
	}
}
