package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	relais "github.com/relais-gateway/relais/clients/go"
	robotv1 "github.com/relais-gateway/relais/clients/go/robot/v1"
)

func errorf(format string, values ...any) error { return fmt.Errorf(format, values...) }

func logCells(l *robotv1.RobotLog) []string {
	level := word(l.Level, "LEVEL_")
	if level == "OTHER" {
		level = l.RawLevel
	}
	return []string{l.Time.AsTime().Local().Format("2006-01-02 15:04:05"), fmt.Sprintf("%-5s", level), l.RobotDisplayName, l.ProcessDisplayName, l.Message}
}

var logForm = shown[*robotv1.RobotLog]{[]string{"TIME", "LEVEL", "ROBOT", "PROCESS", "MESSAGE"}, logCells}

// logLine writes a row of a log as it comes.
func (a *app) logLine(entry *robotv1.RobotLog) error {
	if a.output != "table" {
		return a.item(entry)
	}
	a.out.Line(logCells(entry)...)
	return a.out.Failed
}

func (a *app) logsCommand() *cobra.Command {
	var folder, job, robot, level, since string
	var follow bool
	var rows, limit int
	request := func(ctx context.Context) (string, *robotv1.RobotLogFilter, *timestamppb.Timestamp, error) {
		if folder == "" {
			folder = folderOf(job)
		}
		parent, err := a.folder(ctx, folder)
		filter := &robotv1.RobotLogFilter{RobotDisplayName: robot}
		if err == nil && job != "" {
			filter.Job, err = below(ctx, "orchestrators", "jobs", job, func(context.Context) (string, error) { return parent, nil })
		}
		if err == nil && level != "" {
			value, ok := robotv1.RobotLog_Level_value["LEVEL_"+strings.ToUpper(level)]
			if !ok || value == 0 || value == int32(robotv1.RobotLog_LEVEL_OTHER) {
				err = usage("--level is trace, debug, info, warn, error or fatal, not %s", level)
			}
			filter.MinLevel = robotv1.RobotLog_Level(value)
		}
		start, sinceErr := sinceTime(since)
		if err == nil {
			err = sinceErr
		}
		return parent, filter, start, err
	}
	tail := &cobra.Command{
		Use: "tail", Short: "Show the newest rows of the log, and with -f what comes", Args: cobra.NoArgs,
		Example: "  relais logs tail -n 20\n  relais logs tail -f --robot DocBot --level warn",
		RunE: a.run(func(ctx context.Context, _ []string) error {
			parent, filter, start, err := request(ctx)
			if err != nil {
				return err
			}
			req := &robotv1.TailRobotLogsRequest{Parent: parent, Filter: filter, StartTime: start, LastRows: int32(rows), HistoryOnly: !follow}
			for entry, err := range a.client.Robot.Tail(ctx, req, relais.TailOptions{}) {
				if err != nil {
					return err
				}
				if err := a.logLine(entry); err != nil {
					return err
				}
			}
			return nil
		}),
	}
	tail.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what comes, until Ctrl-C")
	tail.Flags().IntVarP(&rows, "lines", "n", 10, "so many rows of what there is; 0 = all")
	listing := &cobra.Command{
		Use: "list", Short: "List rows of the log, newest first", Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			parent, filter, start, err := request(ctx)
			if err != nil {
				return err
			}
			return list(ctx, a, a.client.Robot.ListRobotLogs, &robotv1.ListRobotLogsRequest{Parent: parent, Filter: filter, StartTime: start},
				(*robotv1.ListRobotLogsResponse).GetLogs, logForm, limit)
		}),
	}
	limitFlag(listing, &limit)
	for _, cmd := range []*cobra.Command{tail, listing} {
		cmd.Flags().StringVar(&folder, "folder", "", "which folder; none = the default")
		cmd.Flags().StringVar(&job, "job", "", "of this job only")
		cmd.Flags().StringVar(&robot, "robot", "", "of the robot with this name only")
		cmd.Flags().StringVar(&level, "level", "", "of this level or above: trace, debug, info, warn, error, fatal")
		cmd.Flags().StringVar(&since, "since", "", "from this time on: 2h, or 2024-12-31T23:59:59Z")
	}
	return group("logs", "Read what robots log", tail, listing)
}

// sinceTime is a time, given as such or as how long ago it was.
func sinceTime(text string) (*timestamppb.Timestamp, error) {
	if text == "" {
		return nil, nil
	}
	if ago, err := time.ParseDuration(text); err == nil {
		return timestamppb.New(time.Now().Add(-ago)), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, usage("--since is 2h or 2024-12-31T23:59:59Z, not %s", text)
	}
	return timestamppb.New(at), nil
}
