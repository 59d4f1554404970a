package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"

	"github.com/relais-gateway/relais/cli/internal/output"
	relais "github.com/relais-gateway/relais/clients/go"
	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
)

// Exit codes.
const (
	exitOther       = 1
	exitUsage       = 2
	exitNotNow      = 3
	exitNotFound    = 4
	exitNotAllowed  = 5
	exitRefused     = 6
	exitTimeout     = 7
	exitWork        = 8
	exitUnknown     = 9
	exitIncomplete  = 10
	exitInterrupted = 130
)

// failure is an error with its exit code. A nil err has been told already.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string {
	if f.err == nil {
		return ""
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// usage is a wrong command line or configuration.
func usage(format string, values ...any) error {
	return &failure{exitUsage, fmt.Errorf(format, values...)}
}

// incomplete is data that is not whole.
func incomplete(format string, values ...any) error {
	return &failure{exitIncomplete, fmt.Errorf(format, values...)}
}

// unsuccessful is work that went wrong, of which the output has told.
var unsuccessful = &failure{code: exitWork}

// exitCode is that of an error of a command that runs.
func exitCode(err error) int {
	var own *failure
	var e *relais.Error
	switch {
	case errors.As(err, &own):
		return own.code
	case errors.As(err, &e):
		return exitCodeOf(e)
	case errors.Is(err, context.DeadlineExceeded):
		return exitTimeout
	case errors.Is(err, fs.ErrNotExist):
		return exitUsage
	}
	return exitOther
}

func exitCodeOf(e *relais.Error) int {
	switch {
	case e.Reason == errorv1.Reason_SUBMISSION_OUTCOME_UNKNOWN || e.Metadata["outcome"] == "unknown":
		return exitUnknown
	case e.Reason == errorv1.Reason_CHECKSUM_MISMATCH:
		return exitIncomplete
	}
	switch e.Code {
	case codes.Unavailable, codes.ResourceExhausted:
		return exitNotNow
	case codes.NotFound:
		return exitNotFound
	case codes.Unauthenticated, codes.PermissionDenied:
		return exitNotAllowed
	case codes.InvalidArgument, codes.FailedPrecondition, codes.Aborted, codes.AlreadyExists, codes.OutOfRange:
		return exitRefused
	case codes.DeadlineExceeded:
		return exitTimeout
	case codes.DataLoss:
		return exitIncomplete
	}
	return exitOther
}

// fail tells what went wrong and gives the exit code.
func (a *app) fail(ctx context.Context, root *cobra.Command, err error) int {
	code := exitCode(err)
	if !a.begun {
		code = exitUsage
		if wantsJSON(os.Args[1:]) {
			a.output = "json"
		}
	}
	if errors.Is(context.Cause(ctx), ErrInterrupted) {
		code = exitInterrupted
	}
	var own *failure
	told := errors.As(err, &own) && own.err == nil
	var e *relais.Error
	isCall := errors.As(err, &e)
	switch {
	case told:
	case a.output == "json":
		a.failInJSON(code, err, e)
	case code == exitInterrupted && (!isCall || e.Code == codes.Canceled):
		fmt.Fprintln(a.err, "interrupted")
	case isCall:
		a.failInWords(root, e)
	default:
		fmt.Fprintln(a.err, "error:", output.Clean(err.Error()))
	}
	return code
}

func (a *app) failInJSON(code int, err error, e *relais.Error) {
	object := map[string]any{"exit_code": code, "message": err.Error()}
	if e != nil {
		object["message"], object["code"] = e.Message, e.Code.String()
		for name, value := range map[string]string{"reason": e.RawReason, "call_id": e.CallID, "request_id": e.RequestID, "upstream_message": e.UpstreamMessage} {
			if value != "" {
				object[name] = value
			}
		}
		if e.RetryAfter > 0 {
			object["retry_after"] = e.RetryAfter.Seconds()
		}
		var violations []map[string]string
		for _, v := range e.Violations {
			violations = append(violations, map[string]string{"field": v.Field, "description": v.Description})
		}
		if violations != nil {
			object["violations"] = violations
		}
		if len(e.Metadata) > 0 {
			object["metadata"] = e.Metadata
		}
	}
	text, _ := json.Marshal(object)
	fmt.Fprintln(a.err, string(text))
}

func (a *app) failInWords(root *cobra.Command, e *relais.Error) {
	what := e.RawReason
	if what == "" {
		what = e.Code.String()
	}
	if e.CallID != "" {
		what += ", call " + e.CallID
	}
	line := fmt.Sprintf("error: %s (%s)", strings.TrimSuffix(output.Clean(e.Message), "."), what)
	if hint := hintOf(root); e.Code == codes.NotFound && hint != "" {
		line += ". See: " + hint
	}
	fmt.Fprintln(a.err, line)
	for _, v := range e.Violations {
		if text := v.Field + ": " + v.Description; text != e.Message {
			fmt.Fprintln(a.err, " ", output.Clean(text))
		}
	}
	if e.Code == codes.Unavailable && e.RawReason == "" {
		fmt.Fprintln(a.err, "  no gateway answers there; --target, RELAIS_TARGET or a context say where it is: relais help environment")
	}
	if e.UpstreamMessage != "" {
		fmt.Fprintln(a.err, "  upstream:", output.Clean(e.UpstreamMessage))
	}
	switch code := exitCodeOf(e); {
	case e.RequestID != "" && (code == exitUnknown || code == exitNotNow || code == exitTimeout || code == exitOther):
		fmt.Fprintln(a.err, "  it may have happened; the same call with this id does not do it twice: --request-id", e.RequestID)
	case e.RetryAfter > 0:
		fmt.Fprintln(a.err, "  again in", e.RetryAfter.Round(time.Second))
	}
	if a.verbose && e.Attempts > 1 {
		fmt.Fprintln(a.err, "  attempts:", e.Attempts)
	}
}

// hintOf is the command that lists what was not found.
func hintOf(root *cobra.Command) string {
	cmd, _, err := root.Find(os.Args[1:])
	if err != nil {
		return ""
	}
	for _, c := range []*cobra.Command{cmd, cmd.Parent()} {
		if c == nil || c.Annotations["list"] == "" {
			continue
		}
		if hint := c.Annotations["list"]; hint != cmd.CommandPath() {
			return hint
		}
		return ""
	}
	return ""
}
