package relais

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
)

// errDone ends reading: nothing more is wanted.
var errDone = errors.New("done")

// errSilent is the cause of a stream's end that its silence has brought about.
var errSilent = errors.New("silent")

// reading is a stream that is opened again when it breaks.
type reading[M any] struct {
	method  string
	open    func(context.Context) (grpc.ServerStreamingClient[M], error)
	take    func(*M) error // errDone ends the reading well; any other error ends it
	silence time.Duration  // a stream without a message for so long is broken
	ends    bool           // a clean end is the end of the work, and not only of a stream's age
	anew    func() bool    // forgets the resume token; false when there was none. nil: the token matters
}

// read opens the stream and takes its messages, as often as it breaks in a way that the rule lets repeat.
func (r reading[M]) read(ctx context.Context, c *Client) error {
	renewed := false
	for failures, last := 1, time.Now(); ; failures++ {
		opened := time.Now()
		heard, err := r.once(ctx, c)
		if heard {
			failures, last, renewed = 1, time.Now(), false
		}
		var e *Error
		switch {
		case errors.Is(err, errDone) || r.ends && errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, io.EOF) && heard && time.Since(opened) > c.options.Retry.Wait:
			continue // the gateway ends watches of a certain age
		case errors.Is(err, io.EOF) && heard: // at once too, but not over and over
			if err := sleep(ctx, c.options.Retry.Wait); err != nil {
				return c.broken(codes.Unavailable, "the stream ended").ended(err)
			}
			continue
		case errors.Is(err, io.EOF):
			e = c.broken(codes.Unavailable, "the stream ended without a message")
		case !errors.As(err, &e):
			return err
		}
		e.Attempts = failures
		wait := c.wait(e, failures-1)
		switch {
		case ctx.Err() != nil:
			return e
		case e.Code == codes.Unauthenticated && c.options.Token != nil && !renewed:
			renewed, wait = true, 0
		case e.Reason == errorv1.Reason_INVALID_RESUME_TOKEN && r.anew != nil && r.anew():
			wait = 0
		case !e.repeatable() || max(time.Since(last), wait) >= c.options.Retry.GiveUp:
			return e
		}
		c.observe(Event{Kind: Reconnect, Method: r.method, Err: e, Attempt: failures, Wait: wait})
		if err := sleep(ctx, wait); err != nil {
			return e.ended(err)
		}
	}
}

// once reads one stream to its end. It is broken when it is silent for too long; the time that `take` needs is not counted.
func (r reading[M]) once(ctx context.Context, c *Client) (heard bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := min(r.silence, c.options.Retry.GiveUp)
	watchdog := time.AfterFunc(limit, func() { cancel(errSilent) })
	defer watchdog.Stop()
	s, err := r.open(ctx)
	for err == nil {
		var message *M
		if message, err = s.Recv(); err == nil {
			watchdog.Stop()
			heard, err = true, r.take(message)
			watchdog.Reset(limit)
		}
	}
	if errors.Is(context.Cause(ctx), errSilent) {
		err = c.broken(codes.Unavailable, fmt.Sprintf("the stream gave no message for %v", limit))
	}
	return heard, err
}

// List gives all items of a list method, page by page: List(ctx, c.Robot.ListRobots, req,
// (*robotv1.ListRobotsResponse).GetRobots). An error comes as the last pair.
func List[Req proto.Message, Res interface{ GetNextPageToken() string }, T any](ctx context.Context,
	method func(context.Context, Req, ...grpc.CallOption) (Res, error), req Req, items func(Res) []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		page := proto.Clone(req).(Req)
		token := page.ProtoReflect().Descriptor().Fields().ByName("page_token")
		for {
			answer, err := method(ctx, page)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items(answer) {
				if !yield(item, nil) {
					return
				}
			}
			if answer.GetNextPageToken() == "" {
				return
			}
			page.ProtoReflect().Set(token, protoreflect.ValueOfString(answer.GetNextPageToken()))
		}
	}
}
