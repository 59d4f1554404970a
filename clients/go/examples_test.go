package relais_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"testing"
	"time"

	relais "github.com/relais-gateway/relais/clients/go"
	campaignv1 "github.com/relais-gateway/relais/clients/go/campaign/v1"
	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
	exportsv1 "github.com/relais-gateway/relais/clients/go/exports/v1"
	"github.com/relais-gateway/relais/clients/go/internal/gatewaytest"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
	robotv1 "github.com/relais-gateway/relais/clients/go/robot/v1"
)

// The gateway of all tests of this package, and a client of it.
var (
	target string
	c      *relais.Client
	ctx    = context.Background()
)

func TestMain(m *testing.M) {
	var stop func()
	var err error
	if target, stop, err = gatewaytest.Start(); err != nil {
		log.Fatal(err)
	}
	if c, err = relais.Connect(target, relais.Options{}); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

// Rows of an ERP.
func ExampleRecordSQL_Rows() {
	rows := c.RecordSQL.Rows(ctx, &recordsqlv1.StreamRecordsRequest{
		Query: &recordsqlv1.Query{
			RecordSql: "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal",
			Fields:    []string{"CPOSTAL", "VIL"},
		},
	}, relais.RowOptions{})
	for row, err := range rows.All() {
		if err != nil {
			log.Fatal(err) // rows.Checkpoint() is the request that goes on from here
		}
		code, err := relais.Get[string](row, "CPOSTAL")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(code, row.Values()[1])
	}
	// Output:
	// 01000 BOURG EN BRESSE
	// 01000 BROU
	// 67000 STRASBOURG
}

// An import on a job queue.
func ExampleJobQueue_Submit() {
	job, err := c.JobQueue.Submit(ctx, "queues/sandbox", &jobqueuev1.JobDefinition{
		DisplayName: "Steels",
		Work: &jobqueuev1.JobDefinition_TextImport{TextImport: &jobqueuev1.TextImport{
			Template: &jobqueuev1.JobFile{Path: "template.xml"},
			Data:     []*jobqueuev1.JobFile{{Path: "steels.csv"}},
		}},
	}, map[string]relais.Source{
		"template.xml": relais.Bytes([]byte("<Template><General><FullName><Item>Build</Item></FullName></General></Template>\n")),
		"steels.csv":   relais.Bytes([]byte("Number,Build,Speed\n1,B-1,36.7\n2,B-2,67.4\n")), // or relais.Path, relais.Reader
	}, relais.SubmitOptions{})
	if err != nil {
		log.Fatal(err)
	}
	waiting, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if job, err = c.JobQueue.Wait(waiting, job.Name); err != nil {
		log.Fatal(err)
	}
	fmt.Println(job.State, job.GetImportSummary().GetCreatedRecordCount(), "created, succeeded:", job.Succeeded)
	// Output: STATE_SUCCEEDED 2 created, succeeded: true
}

// What a robot has logged.
func ExampleRobot_Tail() {
	logs := c.Robot.Tail(ctx, &robotv1.TailRobotLogsRequest{
		Parent:      "orchestrators/sandbox/folders/Shared",
		Filter:      &robotv1.RobotLogFilter{RobotDisplayName: "DocBot", MinLevel: robotv1.RobotLog_LEVEL_INFO},
		HistoryOnly: true, // without it the loop goes on with what comes
	}, relais.TailOptions{})
	count := 0
	for entry, err := range logs {
		if err != nil {
			log.Fatal(err)
		}
		if count++; count <= 2 {
			fmt.Println(entry.Message)
		}
	}
	fmt.Println(count, "rows")
	// Output:
	// Step 1
	// Step 2
	// 202 rows
}

// A campaign is launched and its log followed.
func ExampleRun() {
	waiting, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	run, err := relais.Run(waiting, c.Campaign, c.Campaign.LaunchCampaign, &campaignv1.LaunchCampaignRequest{
		Parent:  "instances/sandbox",
		Action:  "Lancer",
		Message: "instances/sandbox/models/Edit-Pays-Ville/messages/launch",
	}, func(line *campaignv1.LogLine) { log.Println(line.Text) })
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(run.State, "succeeded:", run.Succeeded, run.Error)
	// Output: STATE_SUCCEEDED succeeded: true
}

// An export is made, run for its last period, and fetched.
func ExampleExports_Run() {
	export, err := c.Exports.CreateExport(ctx, &exportsv1.CreateExportRequest{
		ExportId: "postcodes",
		Export: &exportsv1.Export{
			Source: &exportsv1.Source{Query: &exportsv1.Source_Records{Records: &recordsqlv1.StreamRecordsRequest{
				Query: &recordsqlv1.Query{RecordSql: "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal"},
			}}},
			Schedule: &exportsv1.Schedule{TimeZone: "Europe/Paris", Trigger: &exportsv1.Schedule_Daily{Daily: &exportsv1.Daily{}}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	waiting, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	run, err := c.Exports.Run(waiting, export.Name)
	if err != nil {
		log.Fatal(err)
	}
	path := filepath.Join(os.TempDir(), "postcodes.csv")
	defer os.Remove(path)
	saved, err := c.Exports.Download(ctx, run.Name, path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(run.Rows, "rows,", saved.Bytes, "bytes,", saved.MediaType)
	// Output: 3 rows, 96 bytes, text/csv; charset=utf-8
}

// All robots of a folder, page by page.
func ExampleList() {
	robots := relais.List(ctx, c.Robot.ListRobots, &robotv1.ListRobotsRequest{
		Parent: "orchestrators/sandbox/folders/Shared",
	}, (*robotv1.ListRobotsResponse).GetRobots)
	for robot, err := range robots {
		if err != nil {
			log.Fatal(err)
		}
		if robot.GetEnabled() && robot.Type == robotv1.Robot_TYPE_DEVELOPMENT {
			fmt.Println(robot.DisplayName)
		}
	}
	// Output: Gustavee
}

// The set of jobs in a queue, as it changes.
func ExampleJobQueue_Watch() {
	states := map[string]jobqueuev1.Job_State{}
	for change, err := range c.JobQueue.Watch(ctx, "queues/sandbox") {
		if err != nil {
			log.Fatal(err)
		}
		for _, job := range change.Changed {
			states[job.Name] = job.State
		}
		for _, name := range change.Removed {
			delete(states, name)
		}
		if change.Complete {
			break // a monitor would stay
		}
	}
	fmt.Println(len(states) > 0)
	// Output: true
}

// What went wrong.
func ExampleError() {
	_, err := c.JobQueue.GetJob(ctx, &jobqueuev1.GetJobRequest{Name: "queues/sandbox/jobs/00000000-0000-0000-0000-000000000000"})
	if relais.ReasonOf(err) == errorv1.Reason_RESOURCE_NOT_FOUND {
		fmt.Println("no such job")
	}
	var e *relais.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, e.RawReason, e.Metadata["connection"], e.Attempts)
	}
	// Output:
	// no such job
	// NotFound RESOURCE_NOT_FOUND sandbox 1
}
