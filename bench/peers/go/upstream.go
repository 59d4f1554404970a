package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	maxReplyBytes = 64 << 20
	bufferBytes   = 256 << 10
)

// upstream is the HTTP side: one pool of connections for all calls.
type upstream struct {
	client *http.Client
	base   string // of all URLs
	jobs   string // URL of the list of jobs
	files  string // where files are uploaded
}

func newUpstream(address string, inFlight int) *upstream {
	base := "http://" + address
	queue := base + "/mi_servicelayer/proxy/v1.svc/mi/v1alpha/job-queue"
	return &upstream{
		client: &http.Client{Transport: &http.Transport{
			MaxConnsPerHost:     inFlight,
			MaxIdleConnsPerHost: inFlight,
			DisableCompression:  true,
			ReadBufferSize:      64 << 10,
			WriteBufferSize:     64 << 10,
		}},
		base:  base,
		jobs:  queue + "/jobs",
		files: queue + "/files",
	}
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// do sends a request; the reply is one of success, and its body is the caller's to close.
func (u *upstream) do(ctx context.Context, method, url, contentType string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, status.Error(codes.Internal, "the URL of the upstream is not one")
	}
	request.SetBasicAuth("bench", "bench")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	reply, err := u.client.Do(request)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, status.FromContextError(ctx.Err()).Err()
	case err != nil:
		return nil, status.Error(codes.Unavailable, "the upstream does not answer")
	case reply.StatusCode == http.StatusNotFound:
		err = status.Error(codes.NotFound, "the upstream does not know it")
	case reply.StatusCode == http.StatusUnauthorized || reply.StatusCode == http.StatusForbidden:
		err = status.Error(codes.FailedPrecondition, "the upstream refuses the gateway's account")
	case reply.StatusCode >= 300:
		err = status.Error(codes.Unavailable, fmt.Sprintf("the upstream answered with status %d", reply.StatusCode))
	}
	if err != nil {
		reply.Body.Close()
		return nil, err
	}
	return reply, nil
}

// read gives the whole body of a reply to `take`, which must not keep it.
func (u *upstream) read(ctx context.Context, method, url string, body io.Reader, take func([]byte) error) error {
	contentType := ""
	if body != nil {
		contentType = "application/json"
	}
	reply, err := u.do(ctx, method, url, contentType, body)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	if _, err := buffer.ReadFrom(io.LimitReader(reply.Body, maxReplyBytes+1)); err != nil {
		return status.Error(codes.Unavailable, "the upstream's reply is cut")
	}
	if buffer.Len() > maxReplyBytes {
		return status.Error(codes.ResourceExhausted, "the upstream's reply is too large")
	}
	return take(buffer.Bytes())
}

// decode is json.Unmarshal whose error is a status.
func decode(text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) {
			return status.Error(codes.Internal, "the upstream's reply has an unknown form")
		}
		return status.Error(codes.Internal, "the upstream's reply is not JSON")
	}
	return nil
}
