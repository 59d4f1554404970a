package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	relais "github.com/relais-gateway/relais/clients/go"
	campaignv1 "github.com/relais-gateway/relais/clients/go/campaign/v1"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	robotv1 "github.com/relais-gateway/relais/clients/go/robot/v1"
)

// operation carries out any command but parallel, and puts what it gives into the answer.
func operation(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	switch cmd.Op {
	case "ping":
		return c.Ping(ctx)
	case "call":
		return call(ctx, c, cmd, answer)
	case "list":
		return list(ctx, c, cmd, answer)
	case "rows":
		return rows(ctx, c, cmd, answer)
	case "watch":
		if cmd.Service == "robot" {
			return watch(c.Robot.Watch, ctx, cmd, answer)
		}
		return watch(c.JobQueue.Watch, ctx, cmd, answer)
	case "watch_one":
		return watchOne(ctx, c, cmd, answer)
	case "wait":
		return wait(ctx, c, cmd, answer)
	case "submit":
		return submit(ctx, c, cmd, answer)
	case "download", "download_to", "download_all":
		return download(ctx, c, cmd, answer)
	case "run", "follow":
		return follow(ctx, c, cmd, answer)
	case "tail":
		return tail(ctx, c, cmd, answer)
	}
	return fmt.Errorf("no such operation: %q", cmd.Op)
}

// method finds a method by its name, relais.robot.v1.RobotService/GetJob.
func method(name string) (protoreflect.MethodDescriptor, error) {
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(strings.ReplaceAll(name, "/", ".")))
	if m, ok := found.(protoreflect.MethodDescriptor); ok {
		return m, nil
	}
	return nil, fmt.Errorf("no such method: %q (%v)", name, err)
}

func newMessage(descriptor protoreflect.MessageDescriptor) proto.Message {
	found, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.FullName())
	if err != nil {
		panic(err)
	}
	return found.New().Interface()
}

// prepare finds the method of a command and reads its request.
func prepare(cmd *command) (protoreflect.MethodDescriptor, proto.Message, error) {
	m, err := method(cmd.Method)
	if err != nil {
		return nil, nil, err
	}
	request := newMessage(m.Input())
	return m, request, parse(cmd.Request, request)
}

func parse(text json.RawMessage, m proto.Message) error {
	if len(text) == 0 {
		return nil
	}
	return protojson.Unmarshal(text, m)
}

func call(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	m, request, err := prepare(cmd)
	if err != nil {
		return err
	}
	before := proto.Clone(request)
	var values []json.RawMessage
	for range max(cmd.Times, 1) {
		reply := newMessage(m.Output())
		if err = c.Conn().Invoke(ctx, "/"+cmd.Method, request, reply); err != nil {
			break
		}
		answer["value"] = toJSON(reply)
		values = append(values, toJSON(reply))
	}
	if cmd.Times > 0 {
		answer["values"] = values
	}
	answer["request_unchanged"] = proto.Equal(before, request)
	return err
}

// page is a response of any list method.
type page struct{ proto.Message }

func (p page) GetNextPageToken() string {
	return p.ProtoReflect().Get(p.ProtoReflect().Descriptor().Fields().ByName("next_page_token")).String()
}

func (p page) items() (items []proto.Message) {
	fields := p.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if fields.Get(i).IsList() {
			found := p.ProtoReflect().Get(fields.Get(i)).List()
			for j := range found.Len() {
				items = append(items, found.Get(j).Message().Interface())
			}
		}
	}
	return items
}

func list(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	m, request, err := prepare(cmd)
	if err != nil {
		return err
	}
	invoke := func(ctx context.Context, request proto.Message, options ...grpc.CallOption) (page, error) {
		reply := newMessage(m.Output())
		return page{reply}, c.Conn().Invoke(ctx, "/"+cmd.Method, request, reply, options...)
	}
	items := []json.RawMessage{}
	defer func() { answer["items"] = items }()
	for item, err := range relais.List(ctx, invoke, request, page.items) {
		if err != nil {
			return err
		}
		items = append(items, toJSON(item))
		if cmd.Limit > 0 && len(items) >= cmd.Limit {
			break
		}
	}
	return nil
}

// enough tells when a command has what `until` says.
func (u until) enough(count int, complete bool) bool {
	return u.Count > 0 && count >= u.Count || u.Complete && complete
}

// limited is a context that ends after `until.ms`, and a function that tells whether it was that which ended a call.
func (u until) limited(ctx context.Context) (context.Context, context.CancelFunc, func() bool) {
	if u.MS == 0 {
		return ctx, func() {}, func() bool { return false }
	}
	inner, cancel := context.WithTimeout(ctx, milliseconds(u.MS))
	return inner, cancel, func() bool { return inner.Err() != nil && ctx.Err() == nil }
}

func watch[T interface{ GetName() string }](open func(context.Context, string) iter.Seq2[relais.Change[T], error],
	ctx context.Context, cmd *command, answer map[string]any) error {
	ctx, cancel, over := cmd.Until.limited(ctx)
	defer cancel()
	changes := []any{}
	defer func() { answer["changes"] = changes }()
	for change, err := range open(ctx, cmd.Parent) {
		if err != nil && !over() {
			return err
		}
		if err != nil {
			return nil
		}
		changed := []string{}
		for _, item := range change.Changed {
			changed = append(changed, item.GetName())
		}
		changes = append(changes, map[string]any{"changed": changed, "removed": append([]string{}, change.Removed...),
			"complete": change.Complete, "restarted": change.Restarted})
		if cmd.Until.enough(len(changes), change.Complete) {
			break
		}
	}
	return nil
}

func follow(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	lines := []string{}
	defer func() { answer["lines"] = lines }()
	onLine := func(line *campaignv1.LogLine) { lines = append(lines, line.Text) }
	var run *campaignv1.ActionRun
	var err error
	if cmd.Op == "follow" {
		run, err = c.Campaign.Follow(ctx, cmd.Name, onLine)
	} else {
		var request proto.Message
		if _, request, err = prepare(cmd); err != nil {
			return err
		}
		run, err = relais.Run(ctx, c.Campaign, func(ctx context.Context, request proto.Message, options ...grpc.CallOption) (*campaignv1.ActionRun, error) {
			started := &campaignv1.ActionRun{}
			return started, c.Conn().Invoke(ctx, "/"+cmd.Method, request, started, options...)
		}, request, onLine)
	}
	if err == nil {
		answer["value"] = toJSON(run)
	}
	return err
}

func tail(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	request := &robotv1.TailRobotLogsRequest{}
	if err := parse(cmd.Request, request); err != nil {
		return err
	}
	ctx, cancel, over := cmd.Until.limited(ctx)
	defer cancel()
	count, texts := 0, []string{}
	defer func() { answer["logs"], answer["texts"] = count, texts }()
	for log, err := range c.Robot.Tail(ctx, request, relais.TailOptions{UntilJob: cmd.UntilJob}) {
		if err != nil && !over() {
			return err
		}
		if err != nil {
			return nil
		}
		if count++; count <= 300 {
			texts = append(texts, log.Message)
		}
		if cmd.Until.enough(count, false) {
			break
		}
	}
	return nil
}

func submit(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	definition := &jobqueuev1.JobDefinition{}
	if err := parse(cmd.Definition, definition); err != nil {
		return err
	}
	sources := map[string]relais.Source{}
	for name, s := range cmd.Sources {
		switch {
		case s.Path != nil:
			sources[name] = relais.Path(*s.Path)
		case s.Bytes != nil:
			sources[name] = relais.Bytes(decode(*s.Bytes))
		case s.Reader != nil:
			sources[name] = relais.Reader(bytes.NewReader(decode(*s.Reader)))
		}
	}
	job, err := c.JobQueue.Submit(ctx, cmd.Parent, definition, sources, relais.SubmitOptions{RequestID: cmd.RequestID})
	if err == nil {
		answer["value"] = toJSON(job)
	}
	return err
}

func decode(text string) []byte {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return b
}
