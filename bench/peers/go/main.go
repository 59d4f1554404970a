// The gateway that a Go programmer would write: grpc-go, net/http, encoding/json.
//
//	peer -upstream HOST:PORT [-in-flight 32] [-poll 1s]
//
// It serves GetJob, WatchJob, WatchJobs, DownloadOutputFile, UploadInputFile and StreamRecords of the one upstream on a free
// port of the loopback, which it prints, until its input ends.
//
// Reviewed for fairness. In the peer's favour: it has no metrics, access log, traces, retries, breaker, limits per caller,
// idempotency or resume tokens; rows are decoded into a struct that knows the benchmark's columns, where the gateway learns
// them from a dictionary; a job that has not changed is found by comparing its JSON, without decoding it; an event is encoded
// once for all watchers of a job, by a codec that passes bytes through.
// As the gateway: connections upstream are kept and bounded by the same number, compression is off, replies are read whole
// into memory that is reused, uploads are stored before they are sent, downloads are handed on in chunks of 256 KiB with their SHA-256 at the end, all watchers share
// one poll, a slow watcher gets the newest state only, and jobs and rows have the same
// content; bench/versus.py compares that of GetJob before it measures.
// Tuned as grpc-go's documentation has it: stream workers, shared write buffers, buffers of the size of what is sent.
// GOMAXPROCS is what the runtime finds (one where it is pinned to one core); GOGC is the default.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"runtime"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // so that there is a codec to build on
	"google.golang.org/grpc/reflection"

	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

func main() {
	address := flag.String("upstream", "", "host and port of the upstream")
	inFlight := flag.Int("in-flight", 32, "connections to the upstream at most")
	poll := flag.Duration("poll", time.Second, "between two polls for watchers")
	flag.Parse()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(
		grpc.NumStreamWorkers(uint32(runtime.GOMAXPROCS(0))),
		grpc.SharedWriteBuffer(true),
		grpc.ForceServerCodecV2(passThrough{encoding.GetCodecV2("proto")}),
		grpc.MaxRecvMsgSize(4<<20),
	)
	upstream := newUpstream(*address, *inFlight)
	jobqueuev1.RegisterJobQueueServiceServer(server, &jobQueue{upstream: upstream, watches: newWatches(upstream, *poll)})
	recordsqlv1.RegisterRecordSqlServiceServer(server, &recordSQL{upstream: upstream})
	reflection.Register(server) // for who compares the answers
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
