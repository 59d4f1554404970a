package command

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/spf13/cobra"

	relais "github.com/relais-gateway/relais/clients/go"
	robotv1 "github.com/relais-gateway/relais/clients/go/robot/v1"
)

var robotForm = shown[*robotv1.Robot]{[]string{"ROBOT", "NAME", "TYPE", "ENABLED", "MACHINE"}, func(r *robotv1.Robot) []string {
	enabled := ""
	if r.Enabled != nil {
		enabled = map[bool]string{true: "yes", false: "no"}[*r.Enabled]
	}
	return []string{last(r.Name), r.DisplayName, word(r.Type, "TYPE_"), enabled, r.MachineName}
}}

// robotStateForm has the age of the newest report where a table is redrawn, its time where lines stay.
func robotStateForm(redrawn bool) shown[*robotv1.RobotState] {
	return shown[*robotv1.RobotState]{[]string{"ROBOT", "STATE", "REPORTED", "MACHINE"}, func(r *robotv1.RobotState) []string {
		var at time.Time
		machine := ""
		for _, s := range r.Sessions {
			if t := s.LastReportTime.AsTime(); s.LastReportTime != nil && t.After(at) {
				at, machine = t, s.HostMachineName
			}
		}
		reported := ""
		if !at.IsZero() && redrawn {
			reported = age(time.Since(at))
		} else if !at.IsZero() {
			reported = at.Local().Format("15:04:05")
		}
		return []string{r.DisplayName, word(r.State, "STATE_"), reported, machine}
	}}
}

func robotJobState(j *robotv1.Job) string {
	if j.State == robotv1.Job_STATE_OTHER {
		return j.RawState
	}
	return word(j.State, "STATE_")
}

func robotJobOutcome(j *robotv1.Job) string {
	if j.OutputArguments != "" {
		return j.OutputArguments
	}
	return j.Info
}

// allRobots are those of a folder.
func (a *app) allRobots(ctx context.Context, folder string) func(func(*robotv1.Robot, error) bool) {
	return relais.List(ctx, a.client.Robot.ListRobots, &robotv1.ListRobotsRequest{Parent: folder}, (*robotv1.ListRobotsResponse).GetRobots)
}

func (a *app) allProcesses(ctx context.Context, folder string) func(func(*robotv1.Process, error) bool) {
	return relais.List(ctx, a.client.Robot.ListProcesses, &robotv1.ListProcessesRequest{Parent: folder}, (*robotv1.ListProcessesResponse).GetProcesses)
}

// find is the whole name of what people call by its display name, or by the last segment of its name.
func find[T interface {
	named
	GetDisplayName() string
}](name, kind string, all func(func(T, error) bool)) (string, error) {
	if strings.HasPrefix(name, "orchestrators/") {
		return name, nil
	}
	var found []string
	for item, err := range all {
		if err != nil {
			return "", err
		}
		if last(item.GetName()) == name || strings.EqualFold(item.GetDisplayName(), name) {
			found = append(found, item.GetName())
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", &failure{exitNotFound, errorf("there is no %s %s here", kind, name)}
	}
	for i := range found {
		found[i] = last(found[i])
	}
	return "", usage("there are several %ss %s: say which by its id: %s", kind, name, strings.Join(found, ", "))
}

func (a *app) robotsCommand() *cobra.Command {
	var folder, input, id string
	var follow, kill bool
	var count int32
	var limit int
	robotNames := func(ctx context.Context, a *app, add func(name, what string) bool) error {
		parent, err := a.folder(ctx, folder)
		if err != nil {
			return err
		}
		return eachCalled(a.allRobots(ctx, parent), add, func(r *robotv1.Robot) string { return word(r.Type, "TYPE_") })
	}
	processNames := func(ctx context.Context, a *app, add func(name, what string) bool) error {
		parent, err := a.folder(ctx, folder)
		if err != nil {
			return err
		}
		return eachCalled(a.allProcesses(ctx, parent), add, func(p *robotv1.Process) string { return p.Description })
	}
	inFolder := func(use, short string, args cobra.PositionalArgs, f func(ctx context.Context, parent string, args []string) error) *cobra.Command {
		cmd := &cobra.Command{Use: use, Short: short, Args: args, RunE: a.run(func(ctx context.Context, args []string) error {
			if folder == "" && len(args) > 0 {
				folder = folderOf(args[0])
			}
			parent, err := a.folder(ctx, folder)
			if err != nil {
				return err
			}
			return f(ctx, parent, args)
		})}
		cmd.Flags().StringVar(&folder, "folder", "", "which folder; none = the default")
		return cmd
	}
	listing := inFolder("list", "List the robots of a folder", cobra.NoArgs, func(ctx context.Context, parent string, _ []string) error {
		return listOf(a, a.allRobots(ctx, parent), robotForm, limit)
	})
	limitFlag(listing, &limit)
	showing := inFolder("show ROBOT", "Show a robot and what it does", cobra.ExactArgs(1), func(ctx context.Context, parent string, args []string) error {
		name, err := find(args[0], "robot", a.allRobots(ctx, parent))
		if err != nil {
			return err
		}
		state, err := a.client.Robot.GetRobotState(ctx, &robotv1.GetRobotStateRequest{Name: name})
		if err != nil {
			return err
		}
		return a.show(state)
	})
	watching := inFolder("watch", "Watch the robots of a folder", cobra.NoArgs, func(ctx context.Context, parent string, _ []string) error {
		return watchMany(ctx, a, "robots", func(ctx context.Context) iter.Seq2[relais.Change[*robotv1.RobotState], error] {
			return a.client.Robot.Watch(ctx, parent)
		}, robotStateForm(a.out.Terminal))
	})
	starting := inFolder("start PROCESS", "Start a process", cobra.ExactArgs(1), func(ctx context.Context, parent string, args []string) error {
		process, err := find(args[0], "process", a.allProcesses(ctx, parent))
		if err != nil {
			return err
		}
		answer, err := a.client.Robot.StartJobs(ctx, &robotv1.StartJobsRequest{Process: process, InputArguments: input, JobsCount: count, RequestId: id})
		if err != nil {
			return err
		}
		return a.started(ctx, parent, answer.Jobs, follow)
	})
	starting.Flags().StringVar(&input, "input", "", "input arguments as a JSON object")
	starting.Flags().Int32Var(&count, "count", 0, "how many jobs; 0 = as the process is set")
	starting.Flags().BoolVar(&follow, "follow", false, "show its log, and wait until it has ended; 8 when it went wrong")
	stopping := inFolder("stop JOB", "Ask a robot's job to stop", cobra.ExactArgs(1), func(ctx context.Context, parent string, args []string) error {
		strategy := robotv1.StopJobRequest_STRATEGY_SOFT_STOP
		if kill {
			strategy = robotv1.StopJobRequest_STRATEGY_KILL
		}
		name, err := below(ctx, "orchestrators", "jobs", args[0], func(context.Context) (string, error) { return parent, nil })
		if err != nil {
			return err
		}
		job, err := a.client.Robot.StopJob(ctx, &robotv1.StopJobRequest{Name: name, Strategy: strategy, RequestId: id})
		if err != nil {
			return err
		}
		return a.show(job)
	})
	stopping.Flags().BoolVar(&kill, "kill", false, "end it, instead of asking it to stop")
	able := func(use, short string, enabled bool) *cobra.Command {
		cmd := inFolder(use, short, cobra.MinimumNArgs(1), func(ctx context.Context, parent string, args []string) error {
			var names []string
			for _, arg := range args {
				name, err := find(arg, "robot", a.allRobots(ctx, parent))
				if err != nil {
					return err
				}
				names = append(names, name)
			}
			done, err := a.client.Robot.BatchSetRobotsEnabled(ctx, &robotv1.BatchSetRobotsEnabledRequest{Parent: parent[:strings.Index(parent, "/folders/")], Names: names, Enabled: enabled, RequestId: id})
			if err != nil {
				return err
			}
			return a.batch(done.Results)
		})
		cmd.ValidArgsFunction = a.complete("robots", robotNames, 100)
		return cmd
	}
	enabling, disabling := able("enable ROBOT…", "Let robots work", true), able("disable ROBOT…", "Let robots rest", false)
	for _, cmd := range []*cobra.Command{starting, stopping, enabling, disabling} {
		requestID(cmd, &id)
	}
	showing.ValidArgsFunction = a.complete("robots", robotNames, 1)
	starting.ValidArgsFunction = a.complete("processes", processNames, 1)
	cmd := group("robots", "Watch robots, start and stop their work", listing, showing, watching, starting, stopping, enabling, disabling)
	cmd.Annotations = map[string]string{"list": "relais robots list"}
	return cmd
}

// started shows jobs that were started, and follows them where that is asked for.
func (a *app) started(ctx context.Context, folder string, jobs []*robotv1.Job, follow bool) error {
	var result error
	for _, job := range jobs {
		if !follow {
			if a.output == "table" {
				a.out.Line(job.Name, robotJobState(job))
			} else if err := a.item(job); err != nil {
				return err
			}
			continue
		}
		if a.err.Terminal {
			a.note("started %s", job.Name)
		}
		for entry, err := range a.client.Robot.Tail(ctx, &robotv1.TailRobotLogsRequest{Parent: folder}, relais.TailOptions{UntilJob: job.Name}) {
			if err != nil {
				return a.stillRunning(err, []string{robotJobState(job)})
			}
			if err := a.logLine(entry); err != nil {
				return err
			}
		}
		if err := states(a, a.client.Robot.WatchJob(ctx, job.Name), robotJobState, robotJobOutcome); err != nil {
			if err != error(unsuccessful) {
				return err
			}
			result = err
		}
	}
	return result
}
