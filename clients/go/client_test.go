package relais_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	relais "github.com/relais-gateway/relais/clients/go"
	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
	robotv1 "github.com/relais-gateway/relais/clients/go/robot/v1"
)

const movements = "erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/Mouvement"

func connect(t *testing.T, target string, options relais.Options) *relais.Client {
	t.Helper()
	client, err := relais.Connect(target, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// closedPort is an address where nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func movementRows(t *testing.T, ctx context.Context, options relais.RowOptions) *relais.Rows {
	t.Helper()
	return c.RecordSQL.Rows(ctx, &recordsqlv1.StreamRecordsRequest{
		Query: &recordsqlv1.Query{RecordSql: movements}, KeysetField: "MOUV.MOUV_ID", PageSize: 100}, options)
}

func TestPingSaysAtOnceWhetherTheGatewayServes(t *testing.T) {
	if err := c.Ping(ctx); err != nil {
		t.Error(err)
	}
	address := closedPort(t)
	var seen atomic.Int32
	dead := connect(t, address, relais.Options{Observe: func(relais.Event) { seen.Add(1) }})
	err := dead.Ping(ctx)
	if status.Code(err) != codes.Unavailable || !strings.Contains(err.Error(), address) || seen.Load() != 0 {
		t.Errorf("%v after %d repeats", err, seen.Load())
	}
}

func TestATokenNeverLeavesInPlainText(t *testing.T) {
	asked := false
	token := func(context.Context) (string, error) { asked = true; return "t", nil }
	if _, err := relais.Connect("relais.example:443", relais.Options{Insecure: true, Token: token}); err == nil {
		t.Error("plain text with a token was accepted")
	}
	// Without Insecure another machine is spoken to in TLS: this one answers in plain text, and gets nothing.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	heard := make(chan []byte, 100)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			first := make([]byte, 64)
			n, _ := conn.Read(first)
			heard <- first[:n]
			_ = conn.Close()
		}
	}()
	secure := connect(t, listener.Addr().String(), relais.Options{Token: token, TLS: &tls.Config{MinVersion: tls.VersionTLS12}})
	if err := secure.Ping(ctx); status.Code(err) != codes.Unavailable {
		t.Errorf("%v", err)
	}
	if first := <-heard; len(first) == 0 || first[0] != 0x16 || !asked {
		t.Errorf("no TLS handshake: %q", first)
	}
}

func TestErrorsOfTheTokenSourceAreTheCallersOwn(t *testing.T) {
	own := errors.New("the vault is shut")
	client := connect(t, target, relais.Options{Token: func(context.Context) (string, error) { return "", own }})
	if _, err := client.JobQueue.GetQueue(ctx, &jobqueuev1.GetQueueRequest{Name: "queues/sandbox"}); !errors.Is(err, own) {
		t.Error(err)
	}
	for _, err := range client.JobQueue.Watch(ctx, "queues/sandbox") {
		if !errors.Is(err, own) {
			t.Error(err)
		}
	}
}

func TestAnEndedContextIsFoundInTheError(t *testing.T) {
	name := "queues/sandbox"
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	expired, cancel := context.WithDeadline(ctx, time.Now().Add(-time.Second))
	defer cancel()
	for ended, want := range map[context.Context]error{cancelled: context.Canceled, expired: context.DeadlineExceeded} {
		_, call := c.JobQueue.GetQueue(ended, &jobqueuev1.GetQueueRequest{Name: name})
		_, submit := c.JobQueue.Submit(ended, name, &jobqueuev1.JobDefinition{}, nil, relais.SubmitOptions{})
		_, download := c.JobQueue.DownloadTo(ended, name+"/jobs/x/outputFiles/y", io.Discard)
		errs := []error{call, submit, download}
		for _, err := range c.JobQueue.Watch(ended, name) {
			errs = append(errs, err)
		}
		for _, err := range movementRows(t, ended, relais.RowOptions{}).All() {
			errs = append(errs, err)
		}
		for i, err := range errs {
			var e *relais.Error
			if !errors.Is(err, want) || !errors.As(err, &e) || e.Code != status.FromContextError(want).Code() || status.Code(err) != e.Code {
				t.Errorf("%d: %v", i, err)
			}
		}
		if len(errs) != 5 {
			t.Errorf("%v", errs)
		}
	}
}

func TestRawStubsHaveTypedErrorsToo(t *testing.T) {
	stream, err := c.JobQueue.JobQueueServiceClient.WatchJob(ctx, &jobqueuev1.WatchJobRequest{Name: "queues/none/jobs/00000000-0000-0000-0000-000000000000"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = stream.Recv(); relais.ReasonOf(err) != errorv1.Reason_CONNECTION_NOT_FOUND {
		t.Error(err)
	}
}

func TestListLeavesItsRequestAloneAndCanBeRepeated(t *testing.T) {
	request := &robotv1.ListRobotsRequest{Parent: "orchestrators/sandbox/folders/Shared", PageSize: 1}
	before := proto.Clone(request)
	robots := relais.List(ctx, c.Robot.ListRobots, request, (*robotv1.ListRobotsResponse).GetRobots)
	for range 2 {
		count := 0
		for _, err := range robots {
			if err != nil {
				t.Fatal(err)
			}
			count++
		}
		if count < 2 || !proto.Equal(before, request) {
			t.Errorf("%d robots, %v", count, request)
		}
	}
}

func TestRowsAreReadOnceAndTellWhereToGoOn(t *testing.T) {
	var told []relais.Progress
	rows := movementRows(t, ctx, relais.RowOptions{Progress: func(p relais.Progress) { told = append(told, p) }})
	last, count := int64(0), 0
	for row, err := range rows.All() {
		if err != nil {
			t.Fatal(err)
		}
		if count++; count == 251 { // in the third batch; the second one had 99, since pages overlap by a row
			break
		}
		if last, err = relais.Get[int64](row, "mouv_id"); err != nil {
			t.Fatal(err)
		}
	}
	if last != 250 || len(told) != 2 || told[1].Rows != 199 || told[1].Bytes <= told[0].Bytes || told[1].Elapsed <= 0 || rows.Progress() != told[1] {
		t.Errorf("%d, %v", last, told)
	}
	for _, err := range rows.All() {
		if err == nil {
			t.Error("rows were read twice")
		}
	}
	for row, err := range c.RecordSQL.Rows(ctx, rows.Checkpoint(), relais.RowOptions{}).All() {
		if err != nil {
			t.Fatal(err)
		}
		if id, err := relais.Get[int64](row, 0); id != 200 || err != nil {
			t.Errorf("%d, %v", id, err)
		}
		break
	}
}

func TestACheckpointBehindTheLastRowGivesNone(t *testing.T) {
	request := &recordsqlv1.StreamRecordsRequest{Query: &recordsqlv1.Query{RecordSql: "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal"}}
	for _, want := range []int{3, 0} {
		rows := c.RecordSQL.Rows(ctx, request, relais.RowOptions{})
		count := 0
		for _, err := range rows.All() {
			if err != nil {
				t.Fatal(err)
			}
			count++
		}
		if count != want || len(rows.Columns()) != 4 {
			t.Errorf("%d rows, not %d; %d columns", count, want, len(rows.Columns()))
		}
		request = rows.Checkpoint()
	}
}

func TestValuesHaveTheTypesOfTheirColumns(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, location := range []*time.Location{nil, paris} {
		for row, err := range movementRows(t, ctx, relais.RowOptions{Location: location}).All() {
			if err != nil {
				t.Fatal(err)
			}
			if date, err := relais.Get[time.Time](row, "MOUVDT"); !date.Equal(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) || err != nil {
				t.Error(date, err)
			}
			if at, err := relais.Get[time.Duration](row, "MOUVHE"); at != 17*time.Second || err != nil {
				t.Error(at, err)
			}
			if amount, err := relais.Get[relais.Decimal](row, "MONT"); amount != "-49998.63" || err != nil || amount.Rat().FloatString(2) != "-49998.63" {
				t.Error(amount, err)
			}
			if paid, err := relais.Get[sql.Null[bool]](row, "SOLDE"); paid.V || !paid.Valid || err != nil {
				t.Error(paid, err)
			}
			stamp, err := relais.Get[time.Time](row, "USERCRDH")
			if location == nil && (err == nil || !strings.Contains(err.Error(), "USERCRDH")) {
				t.Error("a local time without a location:", stamp, err)
			}
			if location != nil && (err != nil || !stamp.Equal(time.Date(1999, 12, 31, 23, 0, 17, 0, time.UTC))) {
				t.Error(stamp, err)
			}
			if _, err := relais.Get[int64](row, "REF"); err == nil || !strings.Contains(err.Error(), "REF") || !strings.Contains(err.Error(), "ART00001") {
				t.Error(err)
			}
			if _, err := relais.Get[string](row, "NONE"); err == nil {
				t.Error("a column that is not there was found")
			}
			break
		}
	}
}

func TestALogWithoutRowsEndsToo(t *testing.T) {
	waiting, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for log, err := range c.Robot.Tail(waiting, &robotv1.TailRobotLogsRequest{
		Parent: "orchestrators/sandbox/folders/Shared", Filter: &robotv1.RobotLogFilter{RobotDisplayName: "Nobody"}, HistoryOnly: true}, relais.TailOptions{}) {
		t.Error(log, err)
	}
}

func TestLeavingALoopEndsItsCall(t *testing.T) {
	ended, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for range 50 { // more than the gateway would let stand open for one caller, were they left behind
		for _, err := range c.Robot.Watch(ended, "orchestrators/sandbox/folders/Shared") {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		for _, err := range movementRows(t, ended, relais.RowOptions{}).All() {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
}

func TestManyGoroutinesShareAClient(t *testing.T) {
	var all sync.WaitGroup
	for range 16 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 20 {
				if _, err := c.JobQueue.GetQueue(ctx, &jobqueuev1.GetQueueRequest{Name: "queues/sandbox"}); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	all.Wait()
}

func TestASubmissionIsTheSameJobForTheSameId(t *testing.T) {
	definition := &jobqueuev1.JobDefinition{DisplayName: "twice", Work: &jobqueuev1.JobDefinition_TextImport{TextImport: &jobqueuev1.TextImport{
		Template: &jobqueuev1.JobFile{Path: "t.xml"}, Data: []*jobqueuev1.JobFile{{Path: "d.txt"}}}}}
	path := filepath.Join(t.TempDir(), "t.xml")
	if err := os.WriteFile(path, []byte("<Template/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	submit := func(data relais.Source, id string) (*jobqueuev1.Job, error) {
		return c.JobQueue.Submit(ctx, "queues/sandbox", definition, map[string]relais.Source{"t.xml": relais.Path(path), "d.txt": data}, relais.SubmitOptions{RequestID: id})
	}
	large := bytes.Repeat([]byte("steel\n"), 100_000) // more than one chunk, and no whole number of them
	first, err := submit(relais.Bytes(large), "one-id")
	if err != nil {
		t.Fatal(err)
	}
	again, err := submit(relais.Reader(bytes.NewReader(large)), "one-id")
	if err != nil || again.Name != first.Name || again.RequestId != "one-id" {
		t.Error(again, err)
	}
	if _, err := submit(relais.Bytes(large[1:]), "one-id"); relais.ReasonOf(err) != errorv1.Reason_REQUEST_ID_REUSED {
		t.Error(err)
	}
	broken := errors.New("no more")
	if _, err := submit(relais.Reader(io.MultiReader(bytes.NewReader(large), errReader{broken})), ""); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := submit(relais.Reader(io.MultiReader(bytes.NewReader(large), errReader{io.ErrUnexpectedEOF})), ""); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if _, err := submit(relais.Path(path+".none"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestADownloadThatCannotBeWrittenLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	_, err := c.JobQueue.Download(ctx, "queues/sandbox/jobs/00000000-0000-0000-0000-000000000000/outputFiles/bm9uZQ", filepath.Join(dir, "x"))
	if relais.ReasonOf(err) != errorv1.Reason_RESOURCE_NOT_FOUND {
		t.Error(err)
	}
	if _, err := c.JobQueue.Download(ctx, "queues/sandbox/jobs/x/outputFiles/y", filepath.Join(dir, "none", "x")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
}
