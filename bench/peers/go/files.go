package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	typev1 "github.com/relais-gateway/relais/clients/go/type/v1"
)

const (
	chunkBytes  = 256 << 10
	maxFile     = 16 << 30
	spoolFolder = "/var/tmp" // as bench/jobqueue.py tells the gateway
)

func (q *jobQueue) DownloadOutputFile(request *jobqueuev1.DownloadOutputFileRequest, stream grpc.ServerStreamingServer[jobqueuev1.DownloadOutputFileResponse]) error {
	job, file, ok := strings.Cut(request.GetName(), "/outputFiles/")
	id, err := jobID(job)
	name, wrong := base64.RawURLEncoding.DecodeString(file)
	if !ok || err != nil || wrong != nil {
		return status.Error(codes.InvalidArgument, "name: must be queues/{queue}/jobs/{job}/outputFiles/{output_file}")
	}
	query := url.Values{"fileName": {string(name)}}.Encode()
	reply, err := q.upstream.do(stream.Context(), "GET", q.upstream.jobs+"/"+id+"/outputs:export?"+query, "", nil)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	metadata := &typev1.FileMetadata{FileName: string(name), MediaType: reply.Header.Get("Content-Type")}
	if reply.ContentLength >= 0 {
		metadata.SizeBytes = &reply.ContentLength
	}
	if err := stream.Send(&jobqueuev1.DownloadOutputFileResponse{
		Part: &jobqueuev1.DownloadOutputFileResponse_Metadata{Metadata: metadata}}); err != nil {
		return err
	}
	digest, buffer, total := sha256.New(), make([]byte, chunkBytes), int64(0)
	chunk := &jobqueuev1.DownloadOutputFileResponse_Chunk{}
	message := &jobqueuev1.DownloadOutputFileResponse{Part: chunk}
	for {
		read, err := io.ReadFull(reply.Body, buffer)
		if read > 0 {
			total += int64(read)
			digest.Write(buffer[:read])
			chunk.Chunk = buffer[:read] // encoded before Send returns
			if err := stream.Send(message); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF && (reply.ContentLength < 0 || total == reply.ContentLength) {
			break
		}
		if err != nil {
			return status.Error(codes.Unavailable, "the upstream's file is cut")
		}
	}
	return stream.Send(&jobqueuev1.DownloadOutputFileResponse{Part: &jobqueuev1.DownloadOutputFileResponse_Trailer{
		Trailer: &typev1.FileTrailer{SizeBytes: total, Sha256: hex.EncodeToString(digest.Sum(nil))}}})
}

// receive stores the content of an upload, since the upstream wants to know its length before, and a broken upload must not
// reach it.
func receive(stream grpc.ClientStreamingServer[jobqueuev1.UploadInputFileRequest, jobqueuev1.InputFile], start *jobqueuev1.UploadInputFileRequest_Start, file *os.File) (int64, string, error) {
	digest, total := sha256.New(), int64(0)
	for ended := false; !ended; {
		message, err := stream.Recv()
		if err == io.EOF && start.SizeBytes != nil && total == start.GetSizeBytes() {
			break
		}
		if err == io.EOF {
			return 0, "", status.Error(codes.InvalidArgument, "the stream ended without `end`")
		}
		if err != nil {
			return 0, "", err
		}
		switch part := message.GetPart().(type) {
		case *jobqueuev1.UploadInputFileRequest_Chunk:
			if total += int64(len(part.Chunk)); total > maxFile {
				return 0, "", status.Error(codes.OutOfRange, "the file is too large")
			}
			digest.Write(part.Chunk)
			if _, err := file.Write(part.Chunk); err != nil {
				return 0, "", status.Error(codes.ResourceExhausted, "the file cannot be stored")
			}
		case *jobqueuev1.UploadInputFileRequest_End:
			ended = true
		default:
			return 0, "", status.Error(codes.InvalidArgument, "chunk: must follow `start`")
		}
	}
	sum := hex.EncodeToString(digest.Sum(nil))
	if start.SizeBytes != nil && total != start.GetSizeBytes() || start.GetSha256() != "" && start.GetSha256() != sum {
		return 0, "", status.Error(codes.InvalidArgument, "the content is not what `start` says")
	}
	return total, sum, nil
}

func (q *jobQueue) UploadInputFile(stream grpc.ClientStreamingServer[jobqueuev1.UploadInputFileRequest, jobqueuev1.InputFile]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	start := first.GetStart()
	if start == nil || start.GetParent() != queueName || start.GetFileName() == "" {
		return status.Error(codes.InvalidArgument, "start: is required, with parent and file_name")
	}
	file, err := os.CreateTemp(spoolFolder, "peer-")
	if err != nil {
		return status.Error(codes.ResourceExhausted, "the file cannot be stored")
	}
	defer file.Close()
	_ = os.Remove(file.Name())
	total, sum, err := receive(stream, start, file)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return status.Error(codes.Internal, "the stored file cannot be read")
	}
	id, err := q.send(stream, start.GetFileName(), file, total)
	if err != nil {
		return err
	}
	return stream.SendAndClose(&jobqueuev1.InputFile{Name: queueName + "/inputFiles/" + segment(id),
		FileName: start.GetFileName(), SizeBytes: total, Sha256: sum})
}

// send gives the file to the upstream as a form, and its id back.
func (q *jobQueue) send(stream grpc.ServerStream, name string, file io.Reader, size int64) (string, error) {
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	if _, err := writer.CreateFormFile("file", path.Base(name)); err != nil {
		return "", status.Error(codes.Internal, "the form cannot be made")
	}
	before := form.Len()
	_ = writer.Close()
	whole := form.Bytes()
	body := io.MultiReader(bytes.NewReader(whole[:before]), file, bytes.NewReader(whole[before:]))
	request, err := http.NewRequestWithContext(stream.Context(), "POST", q.upstream.files, body)
	if err != nil {
		return "", status.Error(codes.Internal, "the URL of the upstream is not one")
	}
	request.SetBasicAuth("bench", "bench")
	request.ContentLength = size + int64(len(whole))
	request.Header.Set("Content-Type", mime.FormatMediaType("multipart/form-data", map[string]string{"boundary": writer.Boundary()}))
	reply, err := q.upstream.client.Do(request)
	if err != nil {
		return "", status.Error(codes.Unavailable, "the upstream does not take the file")
	}
	defer reply.Body.Close()
	id, err := io.ReadAll(io.LimitReader(reply.Body, 1<<10))
	if err != nil || reply.StatusCode >= 300 {
		return "", status.Error(codes.Unavailable, "the upstream has not taken the file")
	}
	return string(id), nil
}
