// Relais calls a Relais gateway from the command line. See `relais help`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/relais-gateway/relais/cli/internal/command"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel(command.ErrInterrupted)
		<-signals
		os.Exit(130)
	}()
	return command.Run(ctx, os.Args[1:])
}
