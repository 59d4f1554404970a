package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
)

const queueName = "queues/bench"

type jobQueue struct {
	jobqueuev1.UnimplementedJobQueueServiceServer
	upstream *upstream
	watches  *watches
}

// upstreamJob is a job as the upstream tells it.
type upstreamJob struct {
	ID                     string                     `json:"id"`
	Name                   string                     `json:"name"`
	Description            string                     `json:"description"`
	Type                   string                     `json:"type"`
	Status                 string                     `json:"status"`
	Position               *int32                     `json:"position"`
	SubmitterName          string                     `json:"submitterName"`
	SubmitterRoles         []string                   `json:"submitterRoles"`
	SubmissionDate         *time.Time                 `json:"submissionDate"`
	ScheduledExecutionDate *time.Time                 `json:"scheduledExecutionDate"`
	ExecutionDate          *time.Time                 `json:"executionDate"`
	CompletionDate         *time.Time                 `json:"completionDate"`
	InputFileIDs           []string                   `json:"inputFileIds"`
	OutputFileNames        []string                   `json:"outputFileNames"`
	JobSpecificOutputs     map[string]json.RawMessage `json:"jobSpecificOutputs"`
}

type upstreamSummary struct {
	FinishedSuccessfully       bool
	NumberOfTasks              int64
	NumberOfErrors             int64
	NumberOfRecordsCreated     int64
	NumberOfRecordsUpdated     int64
	NumberOfRecordsNotImported int64
	ImportErrors               []string
}

var types = map[string]jobqueuev1.Job_Type{
	"ExcelImportJob":       jobqueuev1.Job_TYPE_EXCEL_IMPORT,
	"ExcelExportJob":       jobqueuev1.Job_TYPE_EXCEL_EXPORT,
	"TextImportJob":        jobqueuev1.Job_TYPE_TEXT_IMPORT,
	"ExcelImportDryRunJob": jobqueuev1.Job_TYPE_EXCEL_IMPORT_DRY_RUN,
}

var states = map[string]jobqueuev1.Job_State{
	"Pending":   jobqueuev1.Job_STATE_PENDING,
	"Running":   jobqueuev1.Job_STATE_RUNNING,
	"Succeeded": jobqueuev1.Job_STATE_SUCCEEDED,
	"Failed":    jobqueuev1.Job_STATE_FAILED,
	"Cancelled": jobqueuev1.Job_STATE_CANCELLED,
}

// jobID is the last segment of the name of a job.
func jobID(name string) (string, error) {
	id, ok := strings.CutPrefix(name, queueName+"/jobs/")
	if !ok || id == "" || strings.Contains(id, "/") {
		return "", status.Error(codes.InvalidArgument, "name: must be queues/{queue}/jobs/{job}")
	}
	return id, nil
}

func (q *jobQueue) GetJob(ctx context.Context, request *jobqueuev1.GetJobRequest) (*jobqueuev1.Job, error) {
	id, err := jobID(request.GetName())
	if err != nil {
		return nil, err
	}
	var job *jobqueuev1.Job
	err = q.upstream.read(ctx, "GET", q.upstream.jobs+"/"+url.PathEscape(id), nil, func(body []byte) error {
		var told upstreamJob
		if err := decode(body, &told); err != nil {
			return err
		}
		job, err = told.message()
		return err
	})
	return job, err
}

func segment(name string) string { return base64.RawURLEncoding.EncodeToString([]byte(name)) }

func timestamp(at *time.Time) *timestamppb.Timestamp {
	if at == nil {
		return nil
	}
	return timestamppb.New(*at)
}

// message is the job as callers get it.
func (j *upstreamJob) message() (*jobqueuev1.Job, error) {
	job := &jobqueuev1.Job{
		Name:           queueName + "/jobs/" + j.ID,
		DisplayName:    j.Name,
		Description:    j.Description,
		Type:           types[j.Type],
		RawType:        j.Type,
		State:          states[j.Status],
		RawState:       j.Status,
		Submitter:      j.SubmitterName,
		SubmitterRoles: j.SubmitterRoles,
		SubmitTime:     timestamp(j.SubmissionDate),
		ScheduleTime:   timestamp(j.ScheduledExecutionDate),
		StartTime:      timestamp(j.ExecutionDate),
		EndTime:        timestamp(j.CompletionDate),
	}
	if job.Type == jobqueuev1.Job_TYPE_UNSPECIFIED {
		job.Type = jobqueuev1.Job_TYPE_OTHER
	}
	if job.State == jobqueuev1.Job_STATE_UNSPECIFIED {
		job.State = jobqueuev1.Job_STATE_OTHER
	}
	if job.State == jobqueuev1.Job_STATE_PENDING {
		job.QueuePosition = j.Position
	}
	for _, file := range j.InputFileIDs {
		job.InputFiles = append(job.InputFiles, queueName+"/inputFiles/"+segment(file))
	}
	for _, file := range j.OutputFileNames {
		job.OutputFiles = append(job.OutputFiles, job.Name+"/outputFiles/"+segment(file))
	}
	job.Ended = job.State == jobqueuev1.Job_STATE_SUCCEEDED || job.State == jobqueuev1.Job_STATE_FAILED ||
		job.State == jobqueuev1.Job_STATE_CANCELLED
	if err := j.addOutputs(job); err != nil {
		return nil, err
	}
	job.Succeeded = job.State == jobqueuev1.Job_STATE_SUCCEEDED &&
		(job.Outcome == jobqueuev1.Job_OUTCOME_OK || job.Outcome == jobqueuev1.Job_OUTCOME_UNSPECIFIED)
	return job, nil
}

func (j *upstreamJob) addOutputs(job *jobqueuev1.Job) error {
	if len(j.JobSpecificOutputs) == 0 {
		return nil
	}
	job.RawOutputs = make(map[string]string, len(j.JobSpecificOutputs))
	for key, value := range j.JobSpecificOutputs {
		text := string(value)
		if value[0] == '"' {
			if err := decode(value, &text); err != nil {
				return err
			}
		}
		job.RawOutputs[key] = text
	}
	text := job.RawOutputs["summary"]
	if text == "" {
		return nil
	}
	var told upstreamSummary
	if err := decode([]byte(text), &told); err != nil {
		return err
	}
	job.Outcome = jobqueuev1.Job_OUTCOME_OK
	if !told.FinishedSuccessfully {
		job.Outcome = jobqueuev1.Job_OUTCOME_NOT_SUCCESSFUL
	} else if told.NumberOfErrors > 0 || len(told.ImportErrors) > 0 {
		job.Outcome = jobqueuev1.Job_OUTCOME_COMPLETED_WITH_ERRORS
	}
	job.Summary = &jobqueuev1.Job_ImportSummary{ImportSummary: &jobqueuev1.ImportSummary{
		FinishedSuccessfully:   told.FinishedSuccessfully,
		TaskCount:              told.NumberOfTasks,
		ErrorCount:             told.NumberOfErrors,
		CreatedRecordCount:     told.NumberOfRecordsCreated,
		UpdatedRecordCount:     told.NumberOfRecordsUpdated,
		NotImportedRecordCount: told.NumberOfRecordsNotImported,
		Errors:                 told.ImportErrors,
	}}
	return nil
}
