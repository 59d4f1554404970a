// Package relais calls a Relais gateway: ERPs, job queues, robots, campaigns and exports behind one API.
//
// A Client embeds the generated stubs and adds what every caller would otherwise write: deadlines, request ids, one rule
// about repeating, typed errors, and streams that go on where they broke.
package relais

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"

	campaignv1 "github.com/relais-gateway/relais/clients/go/campaign/v1"
	exportsv1 "github.com/relais-gateway/relais/clients/go/exports/v1"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
	robotv1 "github.com/relais-gateway/relais/clients/go/robot/v1"
)

// Options of Connect. The zero value is right for a gateway on this machine, and for one with a public certificate.
type Options struct {
	// TLS is used instead of TLS with the system's roots, and also towards this machine.
	TLS *tls.Config
	// Insecure allows plain text to another machine; never together with Token.
	Insecure bool
	// Token gives the bearer token. It is asked for each attempt, and once more after UNAUTHENTICATED.
	Token func(context.Context) (string, error)
	// Timeout is the deadline of a call whose context has none. 0 = 60 s. Streams have none.
	Timeout time.Duration
	// Retry says when to repeat and when to give up.
	Retry Retry
	// Observe is told of each repeat and reconnect before its wait, on the caller's goroutine.
	Observe func(Event)
	// Dial options come after those of this package.
	Dial []grpc.DialOption
}

// Retry limits repeats. A zero field means its default.
type Retry struct {
	// Attempts of a call at most, the first included. 0 = 4.
	Attempts int
	// Wait before the first repeat; it doubles up to MaxWait, each shortened by up to a half at random. A RetryInfo of
	// the gateway is the least wait. 0 = 200 ms, 10 s.
	Wait, MaxWait time.Duration
	// GiveUp ends a stream that has given no message for so long, however often it was opened again. 0 = 5 min.
	GiveUp time.Duration
	// Silence breaks a watch or tail without a message, heartbeats included. 0 = 45 s.
	Silence time.Duration
	// Progress breaks an upload or download that does not move. 0 = 60 s.
	Progress time.Duration
}

// Client calls one gateway. It may be used by many goroutines at once.
type Client struct {
	RecordSQL *RecordSQL
	JobQueue  *JobQueue
	Robot     *Robot
	Campaign  *Campaign
	Exports   *Exports

	conn    *grpc.ClientConn
	target  string
	options Options
}

// RecordSQL reads rows from ERPs.
type RecordSQL struct {
	recordsqlv1.RecordSqlServiceClient
	c *Client
}

// JobQueue submits, watches and manages jobs.
type JobQueue struct {
	jobqueuev1.JobQueueServiceClient
	Files
	c *Client
}

// Robot runs processes and reads what robots write.
type Robot struct {
	robotv1.RobotServiceClient
	c *Client
}

// Campaign launches campaigns and reads their answers.
type Campaign struct {
	campaignv1.CampaignServiceClient
	Files
	c *Client
}

// Exports runs exports and fetches their files.
type Exports struct {
	exportsv1.ExportServiceClient
	Files
	c *Client
}

// Connect makes a client of the gateway at target: host:port, unix:path or any target of gRPC. It sends nothing; Ping
// does. Without Options.TLS, loopback and unix: targets get plain text, all others TLS with the system's roots.
func Connect(target string, options Options) (*Client, error) {
	creds := credentials.NewTLS(options.TLS)
	switch {
	case options.TLS != nil:
	case isLocal(target):
		creds = insecure.NewCredentials()
	case options.Insecure && options.Token != nil:
		return nil, errors.New("relais: a token may not go in plain text to another machine: use TLS with " + target)
	case options.Insecure:
		creds = insecure.NewCredentials()
	}
	c := &Client{target: target, options: options}
	orDefault(&c.options.Timeout, time.Minute)
	orDefault(&c.options.Retry.Attempts, 4)
	orDefault(&c.options.Retry.Wait, 200*time.Millisecond)
	orDefault(&c.options.Retry.MaxWait, 10*time.Second)
	orDefault(&c.options.Retry.GiveUp, 5*time.Minute)
	orDefault(&c.options.Retry.Silence, 45*time.Second)
	orDefault(&c.options.Retry.Progress, time.Minute)
	conn, err := grpc.NewClient(target, append([]grpc.DialOption{
		grpc.WithTransportCredentials(creds),
		grpc.WithDisableServiceConfig(),
		grpc.WithDisableRetry(),
		grpc.WithUnaryInterceptor(c.unary),
		grpc.WithStreamInterceptor(c.stream),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64 << 20)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
		grpc.WithConnectParams(grpc.ConnectParams{MinConnectTimeout: 20 * time.Second, Backoff: backoff.Config{
			BaseDelay: 200 * time.Millisecond, Multiplier: 2, Jitter: 0.2, MaxDelay: 10 * time.Second}}),
		// A stream holds little that its reader has not asked for; a large message still comes in one go.
		grpc.WithStaticStreamWindowSize(64 << 10),
		grpc.WithStaticConnWindowSize(4 << 20),
	}, options.Dial...)...)
	if err != nil {
		return nil, err
	}
	c.conn = conn
	c.RecordSQL = &RecordSQL{recordsqlv1.NewRecordSqlServiceClient(conn), c}
	c.Robot = &Robot{robotv1.NewRobotServiceClient(conn), c}
	queue, campaign, exports := jobqueuev1.NewJobQueueServiceClient(conn), campaignv1.NewCampaignServiceClient(conn), exportsv1.NewExportServiceClient(conn)
	c.JobQueue = &JobQueue{queue, Files{c, func(name string) transfer {
		return fileOf(jobqueuev1.JobQueueService_DownloadOutputFile_FullMethodName, queue.DownloadOutputFile, &jobqueuev1.DownloadOutputFileRequest{Name: name})
	}}, c}
	c.Campaign = &Campaign{campaign, Files{c, func(name string) transfer {
		if strings.Contains(name, "/questionnaires/") {
			return fileOf(campaignv1.CampaignService_DownloadQuestionnaire_FullMethodName, campaign.DownloadQuestionnaire, &campaignv1.DownloadQuestionnaireRequest{Name: name})
		}
		return fileOf(campaignv1.CampaignService_DownloadAnswer_FullMethodName, campaign.DownloadAnswer, &campaignv1.DownloadAnswerRequest{Name: name})
	}}, c}
	c.Exports = &Exports{exports, Files{c, func(name string) transfer {
		return fileOf(exportsv1.ExportService_DownloadExportFile_FullMethodName, exports.DownloadExportFile, &exportsv1.DownloadExportFileRequest{Name: name})
	}}, c}
	return c, nil
}

// Close ends all calls and the connection.
func (c *Client) Close() error { return c.conn.Close() }

// Conn is the connection, for stubs of other services on the gateway.
func (c *Client) Conn() grpc.ClientConnInterface { return c.conn }

// Ping asks the gateway for its health, once: its error says at once what is wrong.
func (c *Client) Ping(ctx context.Context) error {
	answer, err := grpc_health_v1.NewHealthClient(c.conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{}, once{})
	if err == nil && answer.Status != grpc_health_v1.HealthCheckResponse_SERVING {
		err = c.broken(codes.Unavailable, "the gateway does not serve: "+answer.Status.String())
	}
	return err
}

// isLocal tells whether nothing that is sent to target leaves this machine.
func isLocal(target string) bool {
	if strings.HasPrefix(target, "unix:") || strings.HasPrefix(target, "unix-abstract:") {
		return true
	}
	host := target[strings.LastIndex(target, "/")+1:]
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
