package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	relais "github.com/relais-gateway/relais/clients/go"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

// refused is an error of Connect.
type refused struct{ error }

func codeName(c codes.Code) string { return code.Code_name[int32(c)] }

// reasonName is empty when this version does not know the reason.
func reasonName(e *relais.Error) string {
	if e.Reason == 0 {
		return ""
	}
	return e.Reason.String()
}

func setText(object map[string]any, key, value string) {
	if value != "" {
		object[key] = value
	}
}

// errorAnswer tells an error of a call, or what else it is.
func errorAnswer(err error) map[string]any {
	local := func(kind string) map[string]any { return map[string]any{"local": kind, "message": err.Error()} }
	var e *relais.Error
	var file *fs.PathError
	switch {
	case errors.Is(err, context.Canceled):
		return withLast(local("cancelled"), err)
	case errors.As(err, &e):
	case errors.As(err, &file):
		return local("file")
	case errors.As(err, &refused{}):
		return local("refused")
	default:
		return local("other")
	}
	answer := map[string]any{"code": codeName(e.Code), "attempts": e.Attempts}
	setText(answer, "reason", reasonName(e))
	setText(answer, "raw_reason", e.RawReason)
	setText(answer, "message", e.Message)
	setText(answer, "upstream_message", e.UpstreamMessage)
	setText(answer, "call_id", e.CallID)
	setText(answer, "request_id", e.RequestID)
	var violations []any
	for _, v := range e.Violations {
		violations = append(violations, map[string]any{"field": v.Field, "description": v.Description})
	}
	if violations != nil {
		answer["violations"] = violations
	}
	if e.RetryAfter > 0 {
		answer["retry_after_ms"] = e.RetryAfter.Milliseconds()
	}
	if len(e.Metadata) > 0 {
		answer["metadata"] = e.Metadata
	}
	return withLast(answer, err)
}

func withLast(answer map[string]any, err error) map[string]any {
	var e *relais.Error
	if errors.As(err, &e) && e.Last != nil {
		answer["last"] = toJSON(e.Last)
	}
	return answer
}

// toJSON is a message as canonical JSON.
func toJSON(m proto.Message) json.RawMessage {
	text, err := protojson.Marshal(m)
	if err != nil {
		panic(err)
	}
	return text
}

// cell is a value of a row as text.
func cell(column *recordsqlv1.Column, value any) string {
	switch v := value.(type) {
	case nil:
		return "~"
	case string:
		if v == "~" {
			return `\~`
		}
		return v
	case time.Time:
		if column.Type == recordsqlv1.ValueType_VALUE_TYPE_DATE {
			return v.Format("2006-01-02")
		}
	}
	return plain(value)
}

// plain is a value as text.
func plain(value any) string {
	switch v := value.(type) {
	case time.Time:
		return v.Format("2006-01-02T15:04:05.999999999")
	case time.Duration:
		return time.Time{}.Add(v).Format("15:04:05.999999999")
	case relais.Decimal:
		return string(v)
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return strings.Trim(string(text), `"`)
}
