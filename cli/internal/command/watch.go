package command

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/relais-gateway/relais/cli/internal/live"
	relais "github.com/relais-gateway/relais/clients/go"
)

// watchMany shows a set as it changes: a table that is redrawn on a terminal, else a line a change. It ends when the caller
// leaves, which stops nothing but the watching.
func watchMany[T named](ctx context.Context, a *app, kind string, watch func(context.Context) iter.Seq2[relais.Change[T], error], form shown[T]) error {
	if a.out.Terminal && a.inIsTerminal() && a.output == "table" {
		return watchLive(ctx, a, kind, watch, form)
	}
	if a.output == "table" {
		a.out.Line(form.heading...)
	}
	for change, err := range watch(ctx) {
		if err != nil {
			return err
		}
		for _, item := range change.Changed {
			if a.output != "table" {
				if err := a.item(item); err != nil {
					return err
				}
				continue
			}
			a.out.Line(form.cells(item)...)
		}
		for _, name := range change.Removed {
			switch a.output {
			case "table":
				a.out.Line(last(name), "REMOVED")
			case "json":
				fmt.Fprintf(a.out, "{\"removed\":%s}\n", jsonText(name))
			default:
				fmt.Fprintf(a.out, "---\nremoved: %s\n", jsonText(name))
			}
		}
		if a.out.Failed != nil { // nobody reads on
			return a.out.Failed
		}
	}
	return nil
}

// watchLive feeds a table on the terminal.
func watchLive[T named](ctx context.Context, a *app, kind string, watch func(context.Context) iter.Seq2[relais.Change[T], error], form shown[T]) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a.live.Store(true)
	defer a.live.Store(false)
	table := live.New(a.out, kind, form.heading, a.reconnects.Load)
	var failed error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		items := map[string]T{}
		for change, err := range watch(ctx) {
			if err != nil {
				failed = err
				break
			}
			for _, item := range change.Changed {
				items[item.GetName()] = item
			}
			for _, name := range change.Removed {
				delete(items, name)
			}
			rows := make(map[string]func() []string, len(items))
			for name, item := range items {
				rows[name] = func() []string { return form.cells(item) }
			}
			table.Show(rows)
		}
		table.Stop()
	}()
	left, err := table.Run(ctx)
	cancel()
	<-ended
	switch {
	case errors.Is(context.Cause(ctx), ErrInterrupted) || left == live.Interrupted:
		return &failure{code: exitInterrupted}
	case left == live.Left:
		return nil
	case failed != nil:
		return failed
	}
	return err
}

// states shows the states of one thing until it has ended: on one line in a table, an object a line otherwise.
func states[T interface {
	named
	GetEnded() bool
	GetSucceeded() bool
}](a *app, all iter.Seq2[T, error], state func(T) string, outcome func(T) string) error {
	var item T
	var seen []string
	for next, err := range all {
		if err != nil {
			return a.stillRunning(err, seen)
		}
		if item = next; a.output != "table" {
			if err := a.item(item); err != nil {
				return err
			}
		}
		if word := state(item); len(seen) == 0 || seen[len(seen)-1] != word {
			if seen = append(seen, word); a.output == "table" && a.err.Terminal && !item.GetEnded() {
				a.note("%s  %s", item.GetName(), strings.Join(seen, " → "))
			}
		}
	}
	if a.output == "table" {
		line := item.GetName() + "  " + strings.Join(seen, " → ")
		if text := outcome(item); text != "" {
			line += ", " + text
		}
		a.out.Line(line)
	}
	if !item.GetSucceeded() {
		return unsuccessful
	}
	return nil
}

// stillRunning says that what was waited for goes on.
func (a *app) stillRunning(err error, seen []string) error {
	if len(seen) > 0 {
		a.note("it goes on, last seen %s; waiting has not stopped it", seen[len(seen)-1])
	}
	return err
}

// age is how long ago a time was: 00:12, 4:31:10, 12 days.
func age(since time.Duration) string {
	since = max(since, 0).Round(time.Second)
	if since >= 48*time.Hour {
		return fmt.Sprintf("%d days", int(since.Hours())/24)
	}
	if since >= time.Hour {
		return fmt.Sprintf("%d:%02d:%02d", int(since.Hours()), int(since.Minutes())%60, int(since.Seconds())%60)
	}
	return fmt.Sprintf("%02d:%02d", int(since.Minutes()), int(since.Seconds())%60)
}
