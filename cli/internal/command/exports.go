package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/relais-gateway/relais/cli/internal/output"
	relais "github.com/relais-gateway/relais/clients/go"
	exportsv1 "github.com/relais-gateway/relais/clients/go/exports/v1"
)

var exportForm = shown[*exportsv1.Export]{[]string{"EXPORT", "PAUSED", "NEXT", "LAST SUCCESS", "NAME"}, func(e *exportsv1.Export) []string {
	return []string{last(e.Name), fmt.Sprint(e.Paused), clock(e.NextSlotTime), clock(e.LastSuccessTime), e.DisplayName}
}}

var exportRunForm = shown[*exportsv1.ExportRun]{[]string{"RUN", "STATE", "ROWS", "BYTES", "STARTED", "ENDED"}, func(r *exportsv1.ExportRun) []string {
	return []string{last(r.Name), exportRunState(r), fmt.Sprint(r.Rows), fmt.Sprint(r.Bytes), clock(r.StartTime), clock(r.EndTime)}
}}

func exportRunState(r *exportsv1.ExportRun) string { return word(r.State, "STATE_") }

func exportRunOutcome(r *exportsv1.ExportRun) string {
	if r.Error != nil && r.Error.Message != "" {
		return r.Error.Message
	}
	return fmt.Sprintf("%s rows, %s", output.Count(r.Rows), size(r.Bytes))
}

func (a *app) allExports(ctx context.Context) func(func(*exportsv1.Export, error) bool) {
	return relais.List(ctx, a.client.Exports.ListExports, &exportsv1.ListExportsRequest{}, (*exportsv1.ListExportsResponse).GetExports)
}

func exportNames(ctx context.Context, a *app, add func(name, what string) bool) error {
	return each(a.allExports(ctx), add, func(e *exportsv1.Export) string { return e.DisplayName })
}

func (a *app) exportsCommand() *cobra.Command {
	var day, id, path string
	var again, wait bool
	var limit int
	listing := &cobra.Command{Use: "list [EXPORT]", Short: "List exports, or the runs of one", Args: cobra.MaximumNArgs(1), ValidArgsFunction: a.complete("exports", exportNames, 1),
		RunE: a.run(func(ctx context.Context, args []string) error {
			if len(args) == 0 {
				return listOf(a, a.allExports(ctx), exportForm, limit)
			}
			return list(ctx, a, a.client.Exports.ListExportRuns, &exportsv1.ListExportRunsRequest{Parent: under("exports/", args[0])}, (*exportsv1.ListExportRunsResponse).GetRuns, exportRunForm, limit)
		})}
	limitFlag(listing, &limit)
	running := &cobra.Command{Use: "run EXPORT", Short: "Run an export for its last period, or for a day", Args: cobra.ExactArgs(1), ValidArgsFunction: a.complete("exports", exportNames, 1),
		RunE: a.run(func(ctx context.Context, args []string) error {
			request := &exportsv1.RunExportRequest{Name: under("exports/", args[0]), Again: again, RequestId: id}
			if day != "" {
				d, err := dateOf(day)
				if err != nil {
					return usage("--date: %w", err)
				}
				request.Date = d
			}
			run, err := a.client.Exports.RunExport(ctx, request)
			if err != nil {
				return err
			}
			if wait {
				return states(a, a.client.Exports.WatchRun(ctx, run.Name), exportRunState, exportRunOutcome)
			}
			if a.output != "table" {
				return a.show(run)
			}
			a.out.Line(run.Name, exportRunState(run))
			return nil
		})}
	running.Flags().StringVar(&day, "date", "", "run for this day: 2024-12-31")
	running.Flags().BoolVar(&again, "again", false, "also when that period has been run")
	running.Flags().BoolVar(&wait, "wait", false, "wait until it has ended; 8 when it went wrong")
	requestID(running, &id)
	watching := &cobra.Command{Use: "watch RUN", Short: "Watch a run until it has ended; 8 when it went wrong", Args: cobra.ExactArgs(1),
		Example: "  relais exports watch exports/postcodes/runs/2024-12-31",
		RunE: a.run(func(ctx context.Context, args []string) error {
			return states(a, a.client.Exports.WatchRun(ctx, exportRun(args[0])), exportRunState, exportRunOutcome)
		})}
	downloading := &cobra.Command{Use: "download RUN -o FILE", Short: "Fetch the file of a run", Args: cobra.ExactArgs(1), RunE: a.run(func(ctx context.Context, args []string) error {
		saved, err := a.client.Exports.Download(ctx, exportRun(args[0]), path)
		if err != nil {
			return err
		}
		return a.saved(saved)
	})}
	fileFlag(downloading, &path)
	cmd := group("exports", "Run exports and fetch their files", listing, running, watching, downloading)
	cmd.Annotations = map[string]string{"list": "relais exports list"}
	return cmd
}

// exportRun is the whole name of a run: whole, or EXPORT/RUN.
func exportRun(name string) string {
	whole := under("exports/", name)
	if i := len("exports/"); len(whole) > i {
		for j := i; j < len(whole); j++ {
			if whole[j] == '/' {
				if whole[j:] == "/"+last(whole) {
					return whole[:j] + "/runs/" + last(whole)
				}
				break
			}
		}
	}
	return whole
}
