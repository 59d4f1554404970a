package relais

import (
	"context"
	"errors"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	campaignv1 "github.com/relais-gateway/relais/clients/go/campaign/v1"
	exportsv1 "github.com/relais-gateway/relais/clients/go/exports/v1"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	robotv1 "github.com/relais-gateway/relais/clients/go/robot/v1"
)

// Change is what a watch of many tells. Who applies Changed and Removed to a map has the right set at every change that is
// Complete.
type Change[T any] struct {
	Changed   []T      // new or changed, as they are now
	Removed   []string // names of those that are gone
	Complete  bool     // everything there is has been told
	Restarted bool     // the gateway tells everything anew: Changed may say what is known
}

// Watch gives all jobs of a queue, then what changes, for as long as the caller listens.
func (s *JobQueue) Watch(ctx context.Context, parent string) iter.Seq2[Change[*jobqueuev1.Job], error] {
	return watchMany(ctx, s.c, jobqueuev1.JobQueueService_WatchJobs_FullMethodName,
		func(ctx context.Context, token string) (grpc.ServerStreamingClient[jobqueuev1.WatchJobsResponse], error) {
			return s.WatchJobs(ctx, &jobqueuev1.WatchJobsRequest{Parent: parent, ResumeToken: token})
		}, (*jobqueuev1.WatchJobsResponse).GetJobs, (*jobqueuev1.WatchJobsResponse).GetRemovedJobs)
}

// Watch gives all robots of a folder, then what changes, for as long as the caller listens.
func (s *Robot) Watch(ctx context.Context, parent string) iter.Seq2[Change[*robotv1.RobotState], error] {
	return watchMany(ctx, s.c, robotv1.RobotService_WatchRobots_FullMethodName,
		func(ctx context.Context, token string) (grpc.ServerStreamingClient[robotv1.WatchRobotsResponse], error) {
			return s.WatchRobots(ctx, &robotv1.WatchRobotsRequest{Parent: parent, ResumeToken: token})
		}, (*robotv1.WatchRobotsResponse).GetRobots, (*robotv1.WatchRobotsResponse).GetRemovedRobots)
}

type setMessage[M any] interface {
	*M
	GetRestarted() bool
	GetSnapshotComplete() bool
	GetResumeToken() string
}

func watchMany[M any, P setMessage[M], T interface{ GetName() string }](ctx context.Context, c *Client, method string,
	open func(context.Context, string) (grpc.ServerStreamingClient[M], error), changed func(P) []T, removed func(P) []string) iter.Seq2[Change[T], error] {
	return func(yield func(Change[T], error) bool) {
		token, begun, complete := "", false, false
		names, old := map[string]bool{}, map[string]bool{} // told since the beginning; told before it and not since
		err := reading[M]{
			method: method, silence: c.options.Retry.Silence,
			open: func(ctx context.Context) (grpc.ServerStreamingClient[M], error) { return open(ctx, token) },
			anew: func() bool { had := token != ""; token = ""; return had },
			take: func(m *M) error {
				p := P(m)
				change := Change[T]{Changed: changed(p), Removed: removed(p), Complete: p.GetSnapshotComplete()}
				if p.GetRestarted() {
					change.Restarted = begun
					for name := range names {
						old[name] = true
					}
					clear(names)
				}
				for _, item := range change.Changed {
					names[item.GetName()] = true
					delete(old, item.GetName())
				}
				for _, name := range change.Removed {
					delete(names, name)
					delete(old, name)
				}
				if change.Complete {
					for name := range old {
						change.Removed = append(change.Removed, name)
					}
					clear(old)
				}
				if change.Restarted {
					c.observe(Event{Kind: Restart, Method: method})
				}
				token, begun = p.GetResumeToken(), true
				heartbeat := len(change.Changed)+len(change.Removed) == 0 && !change.Restarted && change.Complete == complete
				complete = change.Complete
				if !heartbeat && !yield(change, nil) {
					return errDone
				}
				return nil
			},
		}.read(ctx, c)
		if err != nil {
			yield(Change[T]{}, err)
		}
	}
}

// WatchJob gives the states of a job, each once, until it has ended.
func (s *JobQueue) WatchJob(ctx context.Context, name string) iter.Seq2[*jobqueuev1.Job, error] {
	return watchOne(ctx, s.c, jobqueuev1.JobQueueService_WatchJob_FullMethodName, s.JobQueueServiceClient.WatchJob,
		&jobqueuev1.WatchJobRequest{Name: name}, (*jobqueuev1.WatchJobResponse).GetJob)
}

// Wait gives the job when it has ended, however: work that failed is no error. An error that ends the waiting, as when ctx
// does, has the last state as Error.Last. Without a deadline in ctx it waits for ever.
func (s *JobQueue) Wait(ctx context.Context, name string) (*jobqueuev1.Job, error) {
	return wait(s.WatchJob(ctx, name))
}

// WatchJob gives the states of a job, each once, until it has ended.
func (s *Robot) WatchJob(ctx context.Context, name string) iter.Seq2[*robotv1.Job, error] {
	return watchOne(ctx, s.c, robotv1.RobotService_WatchJob_FullMethodName, s.RobotServiceClient.WatchJob,
		&robotv1.WatchJobRequest{Name: name}, (*robotv1.WatchJobResponse).GetJob)
}

// Wait is as JobQueue.Wait.
func (s *Robot) Wait(ctx context.Context, name string) (*robotv1.Job, error) {
	return wait(s.WatchJob(ctx, name))
}

// WatchRun gives the states of an action run, each once, until it has ended. Follow gives its log too.
func (s *Campaign) WatchRun(ctx context.Context, name string) iter.Seq2[*campaignv1.ActionRun, error] {
	return watchOne(ctx, s.c, campaignv1.CampaignService_WatchActionRun_FullMethodName, s.WatchActionRun,
		&campaignv1.WatchActionRunRequest{Name: name}, (*campaignv1.WatchActionRunResponse).GetActionRun)
}

// WaitRun is as JobQueue.Wait.
func (s *Campaign) WaitRun(ctx context.Context, name string) (*campaignv1.ActionRun, error) {
	return wait(s.WatchRun(ctx, name))
}

// WatchPolling gives the states of a polling, each once, until it has ended.
func (s *Campaign) WatchPolling(ctx context.Context, name string) iter.Seq2[*campaignv1.Polling, error] {
	return watchOne(ctx, s.c, campaignv1.CampaignService_WatchPolling_FullMethodName, s.CampaignServiceClient.WatchPolling,
		&campaignv1.WatchPollingRequest{Name: name}, (*campaignv1.WatchPollingResponse).GetPolling)
}

// WaitPolling is as JobQueue.Wait.
func (s *Campaign) WaitPolling(ctx context.Context, name string) (*campaignv1.Polling, error) {
	return wait(s.WatchPolling(ctx, name))
}

// WatchRun gives the states of a run, each once, until it has ended.
func (s *Exports) WatchRun(ctx context.Context, name string) iter.Seq2[*exportsv1.ExportRun, error] {
	return watchOne(ctx, s.c, exportsv1.ExportService_WatchExportRun_FullMethodName, s.WatchExportRun,
		&exportsv1.WatchExportRunRequest{Name: name}, (*exportsv1.WatchExportRunResponse).GetRun)
}

// Wait is as JobQueue.Wait.
func (s *Exports) Wait(ctx context.Context, name string) (*exportsv1.ExportRun, error) {
	return wait(s.WatchRun(ctx, name))
}

// Run carries out an export for its last period and waits until that run has ended.
func (s *Exports) Run(ctx context.Context, name string) (*exportsv1.ExportRun, error) {
	run, err := s.RunExport(ctx, &exportsv1.RunExportRequest{Name: name})
	if err != nil {
		return nil, err
	}
	return s.Wait(ctx, run.Name)
}

type state interface {
	proto.Message
	GetEnded() bool
}

// watchOne sends no resume token: with one, the last state can come as a heartbeat.
func watchOne[Req, M any, T state](ctx context.Context, c *Client, method string, open func(context.Context, Req, ...grpc.CallOption) (grpc.ServerStreamingClient[M], error),
	req Req, get func(*M) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last T
		err := reading[M]{
			method: method, silence: c.options.Retry.Silence,
			open: func(ctx context.Context) (grpc.ServerStreamingClient[M], error) { return open(ctx, req) },
			take: func(m *M) error {
				now := get(m)
				if !now.ProtoReflect().IsValid() || proto.Equal(now, last) {
					return nil
				}
				last = now
				if !yield(now, nil) || now.GetEnded() {
					return errDone
				}
				return nil
			},
		}.read(ctx, c)
		if err != nil {
			yield(last, withLast(err, last))
		}
	}
}

// wait takes the last state of a watch.
func wait[T state](states iter.Seq2[T, error]) (last T, err error) {
	for last, err = range states {
	}
	return last, err
}

// withLast puts the last state that was seen into an error.
func withLast(err error, last proto.Message) error {
	var e *Error
	if errors.As(err, &e) && last.ProtoReflect().IsValid() {
		e.Last = last
	}
	return err
}

// Follow gives each line of a run's log once, in order, and the run when it has ended, however: work that failed is no
// error. onLine may be nil. It waits as JobQueue.Wait does.
func (s *Campaign) Follow(ctx context.Context, name string, onLine func(*campaignv1.LogLine)) (*campaignv1.ActionRun, error) {
	var run *campaignv1.ActionRun
	token, next := "", int64(0)
	err := reading[campaignv1.WatchActionRunResponse]{
		method: campaignv1.CampaignService_WatchActionRun_FullMethodName, silence: s.c.options.Retry.Silence,
		open: func(ctx context.Context) (grpc.ServerStreamingClient[campaignv1.WatchActionRunResponse], error) {
			return s.WatchActionRun(ctx, &campaignv1.WatchActionRunRequest{Name: name, ResumeToken: token})
		},
		anew: func() bool { had := token != ""; token = ""; return had },
		take: func(m *campaignv1.WatchActionRunResponse) error {
			for _, line := range m.Lines {
				if line.Offset >= next && onLine != nil {
					onLine(line)
				}
				next = max(next, line.Offset+1)
			}
			if m.ActionRun != nil {
				run = m.ActionRun
			}
			token = m.ResumeToken
			if run.GetEnded() {
				return errDone
			}
			return nil
		},
	}.read(ctx, s.c)
	return run, withLast(err, run)
}

// Run starts an action and follows it: Run(ctx, c.Campaign, c.Campaign.LaunchCampaign, req, onLine). A function, since
// methods have no type parameters in Go.
func Run[Req proto.Message](ctx context.Context, s *Campaign, action func(context.Context, Req, ...grpc.CallOption) (*campaignv1.ActionRun, error),
	req Req, onLine func(*campaignv1.LogLine)) (*campaignv1.ActionRun, error) {
	run, err := action(ctx, req)
	if err != nil {
		return nil, err
	}
	return s.Follow(ctx, run.Name, onLine)
}

// TailOptions of Robot.Tail.
type TailOptions struct {
	// UntilJob ends the tail when this job has ended and its rows are told: orchestrators/…/jobs/….
	UntilJob string
}

// Tail gives log rows, each once, oldest first. It ends when the caller leaves, after history_only, and after UntilJob.
func (s *Robot) Tail(ctx context.Context, request *robotv1.TailRobotLogsRequest, options TailOptions) iter.Seq2[*robotv1.RobotLog, error] {
	return func(yield func(*robotv1.RobotLog, error) bool) {
		request := proto.Clone(request).(*robotv1.TailRobotLogsRequest)
		if options.UntilJob != "" {
			request.EndWithJob = true
			if request.Filter == nil {
				request.Filter = &robotv1.RobotLogFilter{}
			}
			request.Filter.Job = options.UntilJob
		}
		err := reading[robotv1.TailRobotLogsResponse]{
			method: robotv1.RobotService_TailRobotLogs_FullMethodName, silence: s.c.options.Retry.Silence,
			ends: request.HistoryOnly || request.EndWithJob,
			open: func(ctx context.Context) (grpc.ServerStreamingClient[robotv1.TailRobotLogsResponse], error) {
				return s.TailRobotLogs(ctx, request)
			},
			take: func(m *robotv1.TailRobotLogsResponse) error {
				for _, log := range m.Logs {
					if !yield(log, nil) {
						return errDone
					}
				}
				request.ResumeToken = m.ResumeToken
				return nil
			},
		}.read(ctx, s.c)
		if err != nil {
			yield(nil, err)
		}
	}
}
