package relais

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
)

// Kinds of events.
const (
	Repeat    = "repeat"    // a call is made again
	Reconnect = "reconnect" // a stream is opened again, and goes on
	Restart   = "restart"   // a stream tells everything anew
)

// Event is told to Options.Observe.
type Event struct {
	Kind    string        // Repeat, Reconnect or Restart
	Method  string        // e.g. /relais.jobqueue.v1.JobQueueService/GetJob
	Err     *Error        // why; with request id and call id; nil for Restart
	Attempt int           // the attempt that failed, from 1; of a stream since its last message
	Wait    time.Duration // before the next one
}

// once is a call option: no repeats.
type once struct{ grpc.EmptyCallOption }

// unary gives each call a deadline, a request id and repeats.
func (c *Client) unary(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.options.Timeout)
		defer cancel()
	}
	again := (*Error).repeatable
	for _, opt := range opts {
		if _, ok := opt.(once); ok {
			again = nil
		}
	}
	message, id := withRequestID(req.(proto.Message))
	return c.repeat(ctx, method, id, again, func() error {
		authorized, err := c.attempt(ctx)
		if err != nil {
			return err
		}
		return invoke(authorized, method, message, reply, cc, opts...)
	})
}

// stream gives each stream a token and its errors their type.
func (c *Client) stream(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	authorized, err := c.attempt(ctx)
	if err != nil {
		return nil, err
	}
	s, err := open(authorized, desc, cc, method, opts...)
	return typed{s, ctx, c}, c.errorOf(ctx, err)
}

type typed struct {
	grpc.ClientStream
	ctx context.Context
	c   *Client
}

func (s typed) RecvMsg(m any) error { return s.c.errorOf(s.ctx, s.ClientStream.RecvMsg(m)) }

// attempt precedes each one: it lets a connection that has failed try at once, instead of when its own back-off is over,
// and asks for the token.
func (c *Client) attempt(ctx context.Context) (context.Context, error) {
	if c.conn.GetState() == connectivity.TransientFailure {
		c.conn.ResetConnectBackoff()
		connecting, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		defer cancel()
		c.conn.WaitForStateChange(connecting, connectivity.TransientFailure)
	}
	if c.options.Token == nil {
		return ctx, nil
	}
	token, err := c.options.Token(ctx)
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token), err
}

// withRequestID is a copy of req with a new request_id where that is empty, or req itself, and the id.
func withRequestID(req proto.Message) (proto.Message, string) {
	field := req.ProtoReflect().Descriptor().Fields().ByName("request_id")
	if field == nil || field.Kind() != protoreflect.StringKind {
		return req, ""
	}
	if id := req.ProtoReflect().Get(field).String(); id != "" {
		return req, id
	}
	id := newID()
	req = proto.Clone(req)
	req.ProtoReflect().Set(field, protoreflect.ValueOfString(id))
	return req, id
}

// newID is a random UUID.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// repeat carries out call until it succeeds, or fails in a way that `again` refuses, or has no attempt or time left. A nil
// `again` refuses all.
func (c *Client) repeat(ctx context.Context, method, id string, again func(*Error) bool, call func() error) error {
	renewed, begin := false, time.Now()
	for attempt, waits := 1, 0; ; waits++ {
		err := c.errorOf(ctx, call())
		var e *Error
		if !errors.As(err, &e) {
			return err
		}
		e.RequestID, e.Attempts = id, attempt
		renew := e.Code == codes.Unauthenticated && c.options.Token != nil && !renewed
		wait := c.wait(e, waits)
		if renew {
			renewed, wait = true, 0
		}
		deadline, limited := ctx.Deadline()
		counts := e.Reason != errorv1.Reason_REQUEST_IN_PROGRESS || time.Since(begin) > c.options.Retry.GiveUp
		if again == nil || !renew && !again(e) || counts && attempt >= c.options.Retry.Attempts ||
			limited && time.Until(deadline) < wait || ctx.Err() != nil {
			return e
		}
		c.observe(Event{Kind: Repeat, Method: method, Err: e, Attempt: attempt, Wait: wait})
		if err := sleep(ctx, wait); err != nil {
			return e.ended(err)
		}
		if counts {
			attempt++
		}
	}
}

// ended is the error of a call whose context has ended while it waited to be repeated after e.
func (e *Error) ended(ctxErr error) *Error {
	code := codes.Canceled
	if errors.Is(ctxErr, context.DeadlineExceeded) {
		code = codes.DeadlineExceeded
	}
	return &Error{Code: code, Message: ctxErr.Error() + "; before that: " + e.Error(), RequestID: e.RequestID, Attempts: e.Attempts, cause: ctxErr}
}

// wait is the time before the repeat after `waits` earlier ones.
func (c *Client) wait(e *Error, waits int) time.Duration {
	wait := min(c.options.Retry.Wait<<min(waits, 20), c.options.Retry.MaxWait)
	return max(wait/2+mathrand.N(wait/2+1), e.RetryAfter)
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (c *Client) observe(event Event) {
	if c.options.Observe != nil {
		c.options.Observe(event)
	}
}
