package main

import (
	"context"
	"fmt"
	relais "github.com/relais-gateway/relais/clients/go"
	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
	"log"
)

func main() {
	client, err := relais.Connect("localhost:50051", relais.Options{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.JobQueue.GetJob(context.Background(), &jobqueuev1.GetJobRequest{Name: "queues/sandbox/jobs/42"})
	if relais.ReasonOf(err) == errorv1.Reason_RESOURCE_NOT_FOUND {
		fmt.Println("no such job")
	}
	query := &recordsqlv1.Query{RecordSql: "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal", Fields: []string{"CPOSTAL", "VIL"}}
	for row, err := range client.RecordSQL.Rows(context.Background(), &recordsqlv1.StreamRecordsRequest{Query: query}, relais.RowOptions{}).All() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row.Values()...)
	}
}
