package relais

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	typev1 "github.com/relais-gateway/relais/clients/go/type/v1"
)

// Source is the content of a file of a job: Path, Bytes or Reader.
type Source struct {
	open   func() (io.ReadCloser, error)
	single bool
}

// Path is a file of this machine.
func Path(path string) Source {
	return Source{open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// Bytes are a content in memory.
func Bytes(b []byte) Source {
	return Source{open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// Reader is read once; a submission that has one is therefore never repeated.
func Reader(r io.Reader) Source {
	return Source{open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }, single: true}
}

// SubmitOptions of JobQueue.Submit.
type SubmitOptions struct {
	// RequestID makes the submission happen at most once, also over processes. "" = a new one for each Submit.
	RequestID string
}

// Submit uploads the files of a job, keyed by their path in the definition, and submits it, at most once whatever is lost.
func (s *JobQueue) Submit(ctx context.Context, parent string, definition *jobqueuev1.JobDefinition, sources map[string]Source, options SubmitOptions) (*jobqueuev1.Job, error) {
	orDefault(&options.RequestID, newID())
	start := &jobqueuev1.SubmitJobRequest_Start{Parent: parent, Definition: definition, RequestId: options.RequestID}
	again := (*Error).repeatable
	for _, source := range sources {
		if source.single {
			again = nil
		}
	}
	var job *jobqueuev1.Job
	err := s.c.repeat(ctx, jobqueuev1.JobQueueService_SubmitJob_FullMethodName, options.RequestID, again, func() error {
		files := map[string]io.Reader{}
		for path, source := range sources { // a missing file is found before anything is sent
			file, err := source.open()
			if err != nil {
				return err
			}
			defer file.Close()
			files[path] = file
		}
		var err error
		job, err = s.submit(ctx, start, files)
		return err
	})
	return job, err
}

// submit is one attempt.
func (s *JobQueue) submit(ctx context.Context, start *jobqueuev1.SubmitJobRequest_Start, files map[string]io.Reader) (*jobqueuev1.Job, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watchdog := time.AfterFunc(s.c.options.Retry.Progress, func() { cancel(errSilent) })
	defer watchdog.Stop()
	stream, err := s.SubmitJob(ctx)
	if err != nil {
		return nil, err
	}
	upload := upload(func(request *jobqueuev1.SubmitJobRequest) error {
		watchdog.Reset(s.c.options.Retry.Progress)
		return stream.Send(request)
	})
	err = upload(&jobqueuev1.SubmitJobRequest{Part: &jobqueuev1.SubmitJobRequest_Start_{Start: start}})
	buffer := make([]byte, 256<<10)
	for path, file := range files {
		if err == nil {
			err = upload.file(path, file, buffer)
		}
	}
	if err != nil && err != io.EOF { // io.EOF of Send: the answer is there already
		return nil, err
	}
	watchdog.Reset(s.c.options.Retry.GiveUp) // the gateway passes the files on, and tells nothing of it
	job, err := stream.CloseAndRecv()
	if errors.Is(context.Cause(ctx), errSilent) {
		err = s.c.broken(codes.Unavailable, "the upload did not move")
	}
	return job, err
}

// upload sends one message.
type upload func(*jobqueuev1.SubmitJobRequest) error

// Write sends a chunk.
func (u upload) Write(chunk []byte) (int, error) {
	return len(chunk), u(&jobqueuev1.SubmitJobRequest{Part: &jobqueuev1.SubmitJobRequest_Chunk{Chunk: chunk}})
}

func (u upload) file(path string, file io.Reader, buffer []byte) error {
	if err := u(&jobqueuev1.SubmitJobRequest{Part: &jobqueuev1.SubmitJobRequest_File_{File: &jobqueuev1.SubmitJobRequest_File{Path: path}}}); err != nil {
		return err
	}
	hash := sha256.New()
	size, err := io.CopyBuffer(io.MultiWriter(hash, u), struct{ io.Reader }{file}, buffer)
	if err != nil {
		return err
	}
	return u(&jobqueuev1.SubmitJobRequest{Part: &jobqueuev1.SubmitJobRequest_End{End: &typev1.FileEnd{
		SizeBytes: &size, Sha256: hex.EncodeToString(hash.Sum(nil))}}})
}

// Saved is a file that was downloaded whole: its SHA-256 is that of the gateway.
type Saved struct {
	Path      string // where it is; "" of DownloadTo
	FileName  string // as the upstream names it; never a path of this machine
	Bytes     int64
	SHA256    string
	MediaType string
}

// Files are the files of a service: output files of jobs (queues/…/jobs/…/outputFiles/…), answers and questionnaires of
// campaigns, the only file of an export's run (exports/…/runs/…).
type Files struct {
	c    *Client
	open func(name string) transfer
}

// Download writes a file to path. It appears there when it is whole; one that is there already is replaced then, and kept
// when the download fails.
func (f Files) Download(ctx context.Context, name, path string) (Saved, error) {
	return save(ctx, f.c, f.open(name), path)
}

// DownloadTo writes a file to w. It is not repeated once a byte is out.
func (f Files) DownloadTo(ctx context.Context, name string, w io.Writer) (Saved, error) {
	return copyTo(ctx, f.c, f.open(name), w)
}

// DownloadAll writes all output files of a job into the folder dir, which is made if it is not there, under names that
// are safe on any system: without folders, "x (2)" for the second of one name, "CON_" for a name of Windows' own.
func (s *JobQueue) DownloadAll(ctx context.Context, job, dir string) ([]Saved, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	var saved []Saved
	taken := map[string]bool{}
	for file, err := range List(ctx, s.ListOutputFiles, &jobqueuev1.ListOutputFilesRequest{Parent: job}, (*jobqueuev1.ListOutputFilesResponse).GetOutputFiles) {
		if err != nil {
			return saved, err
		}
		one, err := s.Download(ctx, file.Name, filepath.Join(dir, safeName(file.FileName, taken)))
		if err != nil {
			return saved, err
		}
		saved = append(saved, one)
	}
	return saved, nil
}

// part is a message of any download.
type part[M any] interface {
	*M
	GetMetadata() *typev1.FileMetadata
	GetChunk() []byte
	GetTrailer() *typev1.FileTrailer
}

// transfer is one attempt at a download.
type transfer struct {
	method string
	run    func(context.Context, *Client, io.Writer) (Saved, error)
}

func fileOf[Req, M any, P part[M]](method string, open func(context.Context, Req, ...grpc.CallOption) (grpc.ServerStreamingClient[M], error), req Req) transfer {
	return transfer{method, func(ctx context.Context, c *Client, w io.Writer) (saved Saved, err error) {
		hash, whole := sha256.New(), false
		r := reading[M]{
			silence: c.options.Retry.Progress,
			open:    func(ctx context.Context) (grpc.ServerStreamingClient[M], error) { return open(ctx, req) },
			take: func(m *M) error {
				p := P(m)
				if metadata := p.GetMetadata(); metadata != nil {
					saved.FileName, saved.MediaType = metadata.FileName, metadata.MediaType
				}
				saved.Bytes += int64(len(p.GetChunk()))
				hash.Write(p.GetChunk())
				if _, err := w.Write(p.GetChunk()); err != nil {
					return err
				}
				saved.SHA256 = hex.EncodeToString(hash.Sum(nil))
				whole = p.GetTrailer() != nil && p.GetTrailer().Sha256 == saved.SHA256 && p.GetTrailer().SizeBytes == saved.Bytes
				return nil
			},
		}
		if _, err = r.once(ctx, c); err == io.EOF {
			if err = nil; !whole {
				err = c.broken(codes.DataLoss, "the file did not come whole, or not as it was sent")
			}
		}
		return saved, err
	}}
}

func copyTo(ctx context.Context, c *Client, t transfer, w io.Writer) (saved Saved, err error) {
	err = c.repeat(ctx, t.method, "", func(e *Error) bool { return e.repeatable() && saved.Bytes == 0 }, func() (err error) {
		saved, err = t.run(ctx, c, w)
		return err
	})
	return saved, err
}

// save takes three attempts at most at a file that comes damaged.
func save(ctx context.Context, c *Client, t transfer, path string) (saved Saved, err error) {
	part := fmt.Sprintf("%s.%s.part", path, newID())
	again := func(e *Error) bool { return e.repeatable() || e.Code == codes.DataLoss && e.Attempts < 3 }
	err = c.repeat(ctx, t.method, "", again, func() error {
		file, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		defer os.Remove(part) // gone already when all went well
		saved, err = t.run(ctx, c, file)
		if closing := file.Close(); err == nil {
			err = closing
		}
		if err == nil {
			err = os.Rename(part, path)
		}
		return err
	})
	saved.Path = path
	return saved, err
}
