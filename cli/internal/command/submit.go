package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	relais "github.com/relais-gateway/relais/clients/go"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
)

// submission is what the flags of `submit` say.
type submission struct {
	queue, name, description, schedule, template, database, id string
	data, combined, attachments, records                       []string
	wait                                                       bool
	sources                                                    map[string]relais.Source
}

func (a *app) submitCommand() *cobra.Command {
	var s submission
	kind := func(use, short, example string, work func() (*jobqueuev1.JobDefinition, error)) *cobra.Command {
		cmd := &cobra.Command{Use: use, Short: short, Example: example, Args: cobra.NoArgs, RunE: a.run(func(ctx context.Context, _ []string) error {
			s.sources = map[string]relais.Source{}
			definition, err := work()
			if err != nil {
				return err
			}
			return a.submit(ctx, &s, definition)
		})}
		flags := cmd.Flags()
		flags.StringVar(&s.queue, "queue", "", "which queue; none = the default")
		flags.StringVar(&s.template, "template", "", "template: PATH, or PATH=NAME to give it another name")
		flags.StringVar(&s.name, "name", "", "name of the job; none = that of its first file")
		flags.StringVar(&s.description, "description", "", "description of the job")
		flags.StringVar(&s.schedule, "schedule", "", "not before this time: 2024-12-31T23:59:59Z")
		flags.BoolVar(&s.wait, "wait", false, "wait until it has ended; 8 when it went wrong")
		requestID(cmd, &s.id)
		return cmd
	}
	files := func(cmd *cobra.Command) {
		cmd.Flags().StringArrayVar(&s.data, "file", nil, "file to import: PATH, or PATH=NAME; several")
		cmd.Flags().StringArrayVar(&s.attachments, "attachment", nil, "file that records refer to: PATH, or PATH=NAME; several")
	}
	text := kind("text", "Import text files", "  relais jobs submit text --template t.xml --file steels.txt --wait", func() (*jobqueuev1.JobDefinition, error) {
		template, err := s.file(s.template)
		work := &jobqueuev1.TextImport{Template: template}
		if err == nil {
			work.Data, err = s.files(s.data)
		}
		if err == nil {
			work.Attachments, err = s.files(s.attachments)
		}
		return &jobqueuev1.JobDefinition{Work: &jobqueuev1.JobDefinition_TextImport{TextImport: work}}, err
	})
	files(text)
	excel := kind("excel", "Import workbooks", "  relais jobs submit excel --template t.xlsx --file data.xlsx --wait", func() (*jobqueuev1.JobDefinition, error) {
		work := &jobqueuev1.ExcelImport{}
		var err error
		if s.template != "" {
			work.Template, err = s.file(s.template)
		}
		for _, part := range []struct {
			to   *[]*jobqueuev1.JobFile
			from []string
		}{{&work.Data, s.data}, {&work.Combined, s.combined}, {&work.Attachments, s.attachments}} {
			if err == nil {
				*part.to, err = s.files(part.from)
			}
		}
		return &jobqueuev1.JobDefinition{Work: &jobqueuev1.JobDefinition_ExcelImport{ExcelImport: work}}, err
	})
	files(excel)
	excel.Flags().StringArrayVar(&s.combined, "combined", nil, "workbook with template and data: PATH, or PATH=NAME; several")
	export := kind("export", "Export records to a workbook", "  relais jobs submit export --template t.xlsx --database MI_Training --record 4711 --wait", func() (*jobqueuev1.JobDefinition, error) {
		template, err := s.file(s.template)
		work := &jobqueuev1.ExcelExport{Template: template, DatabaseKey: s.database}
		for _, text := range s.records {
			record, e := recordOf(text)
			work.Records = append(work.Records, record)
			if err == nil {
				err = e
			}
		}
		return &jobqueuev1.JobDefinition{Work: &jobqueuev1.JobDefinition_ExcelExport{ExcelExport: work}}, err
	})
	export.Flags().StringVar(&s.database, "database", "", "key of the database")
	export.Flags().StringSliceVar(&s.records, "record", nil, "record: history identity, or IDENTITY:VERSION; several or with commas")
	return group("submit", "Submit a job with its files, at most once", text, excel, export)
}

func recordOf(text string) (*jobqueuev1.ExcelExport_Record, error) {
	identity, version, versioned := strings.Cut(text, ":")
	record := &jobqueuev1.ExcelExport_Record{}
	var err error
	if record.RecordHistoryIdentity, err = strconv.ParseInt(identity, 10, 64); err == nil && versioned {
		var n int64
		n, err = strconv.ParseInt(version, 10, 32)
		v := int32(n)
		record.RecordVersion = &v
	}
	if err != nil {
		return nil, usage("--record %s: it is IDENTITY or IDENTITY:VERSION", text)
	}
	return record, nil
}

// file is a file that goes along, PATH or PATH=NAME.
func (s *submission) file(argument string) (*jobqueuev1.JobFile, error) {
	if argument == "" {
		return nil, usage("--template is missing")
	}
	path, name := argument, filepath.Base(argument)
	if _, err := os.Stat(path); err != nil {
		if i := strings.LastIndex(argument, "="); i > 0 {
			path, name = argument[:i], argument[i+1:]
		}
	}
	if info, err := os.Stat(path); err != nil {
		return nil, usage("%w", err)
	} else if info.IsDir() {
		return nil, usage("%s is a folder", path)
	}
	if _, taken := s.sources[name]; taken {
		return nil, usage("two files have the name %s: give one another by PATH=NAME", name)
	}
	s.sources[name] = relais.Path(path)
	return &jobqueuev1.JobFile{Path: name}, nil
}

func (s *submission) files(arguments []string) ([]*jobqueuev1.JobFile, error) {
	var files []*jobqueuev1.JobFile
	for _, argument := range arguments {
		file, err := s.file(argument)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func (a *app) submit(ctx context.Context, s *submission, definition *jobqueuev1.JobDefinition) error {
	definition.DisplayName, definition.Description = s.name, s.description
	for _, arguments := range [][]string{s.data, s.combined, {s.template}} {
		if definition.DisplayName == "" && len(arguments) > 0 {
			definition.DisplayName = filepath.Base(arguments[0])
		}
	}
	if s.schedule != "" {
		at, err := time.Parse(time.RFC3339, s.schedule)
		if err != nil {
			return usage("--schedule: %w", err)
		}
		definition.ScheduleTime = timestamppb.New(at)
	}
	parent, err := a.queue(ctx, s.queue)
	if err != nil {
		return err
	}
	job, err := a.client.JobQueue.Submit(ctx, parent, definition, s.sources, relais.SubmitOptions{RequestID: s.id})
	if err != nil {
		return err
	}
	if s.wait {
		if a.err.Terminal {
			a.note("submitted %s", job.Name)
		}
		return a.waitJob(ctx, job.Name)
	}
	if a.output != "table" {
		return a.show(job)
	}
	a.out.Line(job.Name, jobState(job))
	return nil
}

// downloadAll fetches the files of a job. Their names are made safe for this system.
func (a *app) downloadAll(ctx context.Context, name, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return usage("%w", err)
	}
	saved, err := a.client.JobQueue.DownloadAll(ctx, name, dir)
	for _, file := range saved {
		if e := a.saved(file); err == nil {
			err = e
		}
	}
	if err == nil && len(saved) == 0 {
		a.note("%s has made no files", name)
	}
	return err
}

// saved tells of a file that was fetched.
func (a *app) saved(file relais.Saved) error {
	if a.output != "table" {
		text, err := jsonOf(map[string]any{"path": file.Path, "file_name": file.FileName, "bytes": file.Bytes, "sha256": file.SHA256, "media_type": file.MediaType})
		if err == nil && a.output == "json" {
			_, err = fmt.Fprintln(a.out, string(text))
			return err
		}
		if err == nil {
			fmt.Fprintln(a.out, "---")
			err = a.out.Document(text, true)
		}
		return err
	}
	a.out.Line(file.Path, size(file.Bytes), file.SHA256)
	return nil
}
