package command

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	relais "github.com/relais-gateway/relais/clients/go"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	typev1 "github.com/relais-gateway/relais/clients/go/type/v1"
)

var jobForm = shown[*jobqueuev1.Job]{[]string{"JOB", "STATE", "OUTCOME", "SUBMITTED", "NAME"}, func(j *jobqueuev1.Job) []string {
	return []string{last(j.Name), jobState(j), word(j.Outcome, "OUTCOME_"), clock(j.SubmitTime), j.DisplayName}
}}

func jobState(j *jobqueuev1.Job) string {
	if j.State == jobqueuev1.Job_STATE_OTHER {
		return j.RawState
	}
	return word(j.State, "STATE_")
}

// jobOutcome says what became of a job, in words.
func jobOutcome(j *jobqueuev1.Job) string {
	var parts []string
	switch j.Outcome {
	case jobqueuev1.Job_OUTCOME_COMPLETED_WITH_ERRORS:
		parts = append(parts, "completed with errors")
	case jobqueuev1.Job_OUTCOME_NOT_SUCCESSFUL:
		parts = append(parts, "not successful")
	}
	if s := j.GetImportSummary(); s != nil {
		parts = append(parts, fmt.Sprintf("%d created, %d updated, %d not imported", s.CreatedRecordCount, s.UpdatedRecordCount, s.NotImportedRecordCount))
		parts = append(parts, s.Errors...)
	}
	if s := j.GetExportSummary(); s != nil {
		parts = append(parts, fmt.Sprintf("%d exported", s.ExportedRecordCount))
		parts = append(parts, s.Errors...)
	}
	return strings.Join(parts, ": ")
}

// waitJob shows a job until it has ended. A job that went wrong is exit code 8.
func (a *app) waitJob(ctx context.Context, name string) error {
	return states(a, a.client.JobQueue.WatchJob(ctx, name), jobState, jobOutcome)
}

func jobNames(ctx context.Context, a *app, add func(name, what string) bool) error {
	queue, err := a.queue(ctx, "")
	if err != nil {
		return err
	}
	return each(relais.List(ctx, a.client.JobQueue.ListJobs, &jobqueuev1.ListJobsRequest{Parent: queue, PageSize: completionMost}, (*jobqueuev1.ListJobsResponse).GetJobs),
		add, func(j *jobqueuev1.Job) string { return jobState(j) + " " + j.DisplayName })
}

func (a *app) jobsCommand() *cobra.Command {
	var queue, filter, orderBy, id, dir string
	var limit int
	job := func(use, short string, most int, f func(context.Context, string) error) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1), ValidArgsFunction: a.complete("jobs", jobNames, most),
			RunE: a.run(func(ctx context.Context, args []string) error {
				name, err := a.job(ctx, args[0])
				if err != nil {
					return err
				}
				return f(ctx, name)
			})}
	}
	jobs := func() *relais.JobQueue { return a.client.JobQueue }
	listing := &cobra.Command{Use: "list", Short: "List the jobs of a queue", Args: cobra.NoArgs, RunE: a.run(func(ctx context.Context, _ []string) error {
		parent, err := a.queue(ctx, queue)
		if err != nil {
			return err
		}
		return list(ctx, a, jobs().ListJobs, &jobqueuev1.ListJobsRequest{Parent: parent, Filter: filter, OrderBy: orderBy}, (*jobqueuev1.ListJobsResponse).GetJobs, jobForm, limit)
	})}
	listing.Flags().StringVar(&filter, "filter", "", `which: such as 'state = FAILED AND submitter = "demo"'`)
	listing.Flags().StringVar(&orderBy, "order-by", "", "in which order: such as 'submit_time desc'")
	limitFlag(listing, &limit)
	watching := &cobra.Command{Use: "watch [JOB]", Short: "Watch a queue, or a job until it has ended", Args: cobra.MaximumNArgs(1), ValidArgsFunction: a.complete("jobs", jobNames, 1),
		RunE: a.run(func(ctx context.Context, args []string) error {
			if len(args) == 1 {
				name, err := a.job(ctx, args[0])
				if err != nil {
					return err
				}
				return a.waitJob(ctx, name)
			}
			parent, err := a.queue(ctx, queue)
			if err != nil {
				return err
			}
			return watchMany(ctx, a, "jobs", func(ctx context.Context) iter.Seq2[relais.Change[*jobqueuev1.Job], error] {
				return jobs().Watch(ctx, parent)
			}, jobForm)
		})}
	for _, cmd := range []*cobra.Command{listing, watching} {
		cmd.Flags().StringVar(&queue, "queue", "", "which queue; none = the default")
	}
	canceling := job("cancel JOB", "Cancel a job", 1, func(ctx context.Context, name string) error {
		done, err := jobs().CancelJob(ctx, &jobqueuev1.CancelJobRequest{Name: name, RequestId: id})
		if err != nil {
			return err
		}
		return a.show(done)
	})
	resubmitting := job("resubmit JOB", "Submit a job that has ended once more", 1, func(ctx context.Context, name string) error {
		done, err := jobs().ResubmitJob(ctx, &jobqueuev1.ResubmitJobRequest{Name: name, RequestId: id})
		if err != nil {
			return err
		}
		return a.show(done)
	})
	deleting := &cobra.Command{Use: "delete JOB…", Short: "Delete jobs", Args: cobra.MinimumNArgs(1), ValidArgsFunction: a.complete("jobs", jobNames, 100),
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.deleteJobs(ctx, args, id)
		})}
	for _, cmd := range []*cobra.Command{canceling, resubmitting, deleting} {
		requestID(cmd, &id)
	}
	downloading := job("download JOB -o DIR", "Fetch the files that a job has made", 1, func(ctx context.Context, name string) error {
		return a.downloadAll(ctx, name, dir)
	})
	downloading.Flags().StringVarP(&dir, "out", "o", ".", "folder for the files")
	cmd := group("jobs", "Submit jobs to a queue, watch and manage them", a.submitCommand(), listing, watching,
		job("show JOB", "Show a job", 1, func(ctx context.Context, name string) error {
			found, err := jobs().GetJob(ctx, &jobqueuev1.GetJobRequest{Name: name})
			if err != nil {
				return err
			}
			return a.show(found)
		}),
		job("wait JOB", "Wait until a job has ended; 8 when it went wrong", 1, a.waitJob), canceling, resubmitting, deleting, downloading)
	cmd.Annotations = map[string]string{"list": "relais jobs list"}
	return cmd
}

func requestID(cmd *cobra.Command, id *string) {
	cmd.Flags().StringVar(id, "request-id", "", "id of this request; the same one does not do it twice. None = a new one")
}

func (a *app) deleteJobs(ctx context.Context, args []string, id string) error {
	names, err := a.jobsOf(ctx, args)
	if err != nil {
		return err
	}
	if err := a.confirmed(ctx, "delete "+strings.Join(names, ", ")); err != nil {
		return err
	}
	if len(names) == 1 {
		_, err := a.client.JobQueue.DeleteJob(ctx, &jobqueuev1.DeleteJobRequest{Name: names[0], RequestId: id})
		if err == nil {
			a.note("deleted %s", names[0])
		}
		return err
	}
	done, err := a.client.JobQueue.BatchDeleteJobs(ctx, &jobqueuev1.BatchDeleteJobsRequest{Parent: names[0][:strings.Index(names[0], "/jobs/")], Names: names, RequestId: id})
	if err != nil {
		return err
	}
	return a.batch(done.Results)
}

var batchForm = shown[*typev1.BatchResult]{[]string{"NAME", "DONE", "REASON", "PROBLEM"}, func(r *typev1.BatchResult) []string {
	return []string{r.Name, fmt.Sprint(r.Done), r.Reason, r.Problem}
}}

// batch shows what became of each; a part that went wrong is exit code 8.
func (a *app) batch(results []*typev1.BatchResult) error {
	all := func(yield func(*typev1.BatchResult, error) bool) {
		for _, r := range results {
			if !yield(r, nil) {
				return
			}
		}
	}
	if err := listOf(a, all, batchForm, 0); err != nil {
		return err
	}
	for _, r := range results {
		if !r.Done {
			return unsuccessful
		}
	}
	return nil
}
