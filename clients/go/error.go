package relais

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
)

// Error is what a failed call returns. errors.As finds it; status.Code works on it; a call that its caller's context
// has ended also matches context.Canceled or context.DeadlineExceeded.
type Error struct {
	Code            codes.Code
	Reason          errorv1.Reason    // unspecified when this version does not know RawReason
	RawReason       string            // as the gateway named it; empty when the gateway did not make the error
	Message         string            // for people
	UpstreamMessage string            // the upstream's own text
	CallID          string            // names the call in the gateway's log
	RequestID       string            // request_id of the call, also one that the client has made
	Violations      []Violation       // what is wrong with the request, field by field
	RetryAfter      time.Duration     // the same call can succeed after so long; 0 = nothing said
	Metadata        map[string]string // of the gateway; docs/errors.md explains the keys
	Attempts        int               // calls made, without those that found REQUEST_IN_PROGRESS
	Last            proto.Message     // of a wait: the last state that was seen; nil = none

	hasRetryInfo bool
	cause        error
}

// Violation is one thing wrong with a request.
type Violation struct{ Field, Description string }

// Error tells code, reason, message and ids.
func (e *Error) Error() string {
	text := "relais: " + e.Code.String()
	if e.RawReason != "" {
		text += " " + e.RawReason
	}
	text += ": " + e.Message
	if e.UpstreamMessage != "" {
		text += fmt.Sprintf(" (upstream: %s)", e.UpstreamMessage)
	}
	if e.CallID != "" {
		text += fmt.Sprintf(" (call %s)", e.CallID)
	}
	return text
}

// Unwrap returns the context's error where that has ended the call, else gRPC's own.
func (e *Error) Unwrap() error { return e.cause }

// GRPCStatus makes status.Code and status.FromError work.
func (e *Error) GRPCStatus() *status.Status {
	var inner interface{ GRPCStatus() *status.Status }
	if errors.As(e.cause, &inner) {
		return inner.GRPCStatus()
	}
	return status.New(e.Code, e.Message)
}

// ReasonOf is the reason of an error of this package; unspecified for all others.
func ReasonOf(err error) errorv1.Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return errorv1.Reason_REASON_UNSPECIFIED
}

// broken is an error that this package finds itself.
func (c *Client) broken(code codes.Code, message string) *Error {
	return &Error{Code: code, Message: c.target + ": " + message, Attempts: 1}
}

// errorOf makes an *Error of what gRPC returns for a call under ctx; all else is returned as it is.
func (c *Client) errorOf(ctx context.Context, err error) error {
	var done *Error
	s, ok := status.FromError(err)
	if ctxErr := context.Cause(ctx); !ok && ctxErr != nil && errors.Is(err, ctxErr) {
		s, ok = status.FromContextError(ctxErr), true
	}
	if err == nil || errors.As(err, &done) || !ok {
		return err
	}
	e := &Error{Code: s.Code(), Message: s.Message(), Attempts: 1, cause: err}
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			e.RawReason, e.Metadata, e.CallID = d.Reason, d.Metadata, d.Metadata["callId"]
			e.Reason = errorv1.Reason(errorv1.Reason_value[d.Reason])
		case *errdetails.RetryInfo:
			e.RetryAfter, e.hasRetryInfo = d.RetryDelay.AsDuration(), true
		case *errdetails.LocalizedMessage:
			e.UpstreamMessage = d.Message
		case *errdetails.BadRequest:
			for _, v := range d.FieldViolations {
				e.Violations = append(e.Violations, Violation{v.Field, v.Description})
			}
		}
	}
	if e.RawReason == "" {
		e.Message = c.target + ": " + e.Message
	}
	switch {
	case e.Code == codes.Canceled && ctx.Err() != nil:
		e.cause = ctx.Err()
	case e.Code == codes.DeadlineExceeded && (e.RawReason == "" || e.Reason == errorv1.Reason_CALLER_DEADLINE):
		e.cause = context.DeadlineExceeded
	}
	return e
}

// repeatable is the one rule: UNAVAILABLE, or RetryInfo, or an error of the transport's that nobody asked for.
func (e *Error) repeatable() bool {
	switch e.Code {
	case codes.Unavailable:
		return true
	case codes.Internal, codes.Unknown, codes.Canceled:
		return e.hasRetryInfo || e.RawReason == ""
	}
	return e.hasRetryInfo
}
