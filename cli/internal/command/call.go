package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/relais-gateway/relais/cli/internal/config"
	"github.com/relais-gateway/relais/cli/internal/output"
)

func (a *app) callCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "call METHOD [JSON | - | @FILE]",
		Short: "Call any method with a message in JSON",
		Long: `Calls any method of the gateway. METHOD may be short: GetQueue, JobQueueService/GetQueue, jobqueue.GetJob.
The message is JSON, given here, on stdin (-) or in a file (@FILE); a method that takes a stream takes several, one behind
the other. The answer is one document; that of a stream an object a line.`,
		Example:           `  relais call GetQueue '{"name": "queues/sandbox"}'` + "\n" + `  relais call robot.WatchRobots '{"parent": "orchestrators/sandbox/folders/Shared"}'`,
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: completeMethods,
		RunE: a.run(func(ctx context.Context, args []string) error {
			method, err := findMethod(args[0])
			if err != nil {
				return err
			}
			var input io.Reader = strings.NewReader("{}")
			switch {
			case len(args) == 2 && args[1] == "-":
				input = a.in
			case len(args) == 2 && strings.HasPrefix(args[1], "@"):
				file, err := os.Open(args[1][1:])
				if err != nil {
					return usage("%w", err)
				}
				defer file.Close()
				input = file
			case len(args) == 2:
				input = strings.NewReader(args[1])
			}
			return a.call(ctx, method, json.NewDecoder(input))
		}),
	}
}

// methods are all methods of the gateway that this version knows.
func methods() []protoreflect.MethodDescriptor {
	var all []protoreflect.MethodDescriptor
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := 0; j < service.Methods().Len() && strings.HasPrefix(string(file.Package()), "relais."); j++ {
				all = append(all, service.Methods().Get(j))
			}
		}
		return true
	})
	return all
}

// shortMethod is service word and method: jobqueue.GetJob.
func shortMethod(method protoreflect.MethodDescriptor) string {
	return strings.Split(string(method.FullName()), ".")[1] + "." + string(method.Name())
}

func findMethod(name string) (protoreflect.MethodDescriptor, error) {
	var found []protoreflect.MethodDescriptor
	var known, close []string
	wanted := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "/"), "/", "."))
	for _, method := range methods() {
		full := "." + strings.ToLower(string(method.FullName()))
		if strings.HasSuffix(full, "."+wanted) || strings.ToLower(shortMethod(method)) == wanted {
			found, close = append(found, method), append(close, shortMethod(method))
		}
		known = append(known, string(method.Name()))
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) > 1 {
		return nil, usage("%s is more than one method: %s", name, strings.Join(close, ", "))
	}
	if near := config.Nearest(wanted[strings.LastIndex(wanted, ".")+1:], known); near != "" {
		return nil, usage("there is no method %s: did you mean %s?", name, near)
	}
	return nil, usage("there is no method %s", name)
}

func (a *app) call(ctx context.Context, method protoreflect.MethodDescriptor, input *json.Decoder) error {
	path := fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())
	next := func() (proto.Message, error) {
		var raw json.RawMessage
		if err := input.Decode(&raw); err != nil {
			return nil, err
		}
		message := dynamicpb.NewMessage(method.Input())
		if err := protojson.Unmarshal(raw, message); err != nil {
			return nil, usage("%s: %w", method.Input().Name(), err)
		}
		return message, nil
	}
	request, err := next()
	if err != nil {
		return notJSON(err)
	}
	if !method.IsStreamingClient() && !errors.Is(input.Decode(new(json.RawMessage)), io.EOF) {
		return usage("%s takes one message", method.Name())
	}
	if !method.IsStreamingClient() && !method.IsStreamingServer() {
		answer := dynamicpb.NewMessage(method.Output())
		if err := a.client.Conn().Invoke(ctx, path, request, answer); err != nil {
			return err
		}
		return a.document(answer)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := a.client.Conn().NewStream(ctx, &grpc.StreamDesc{ServerStreams: method.IsStreamingServer(), ClientStreams: method.IsStreamingClient()}, path)
	if err != nil {
		return err
	}
	for err == nil {
		if err = stream.SendMsg(request); err == nil && method.IsStreamingClient() {
			if request, err = next(); err != nil && !errors.Is(err, io.EOF) {
				return notJSON(err)
			}
		} else {
			break
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for {
		answer := dynamicpb.NewMessage(method.Output())
		err := stream.RecvMsg(answer)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case !method.IsStreamingServer():
			return a.document(answer)
		}
		if err := a.item(answer); err != nil {
			return err
		}
	}
}

func notJSON(err error) error {
	var own *failure
	if errors.As(err, &own) {
		return err
	}
	return usage("the message is no JSON: %w", err)
}

// document writes a message as JSON, or as YAML where that is asked for.
func (a *app) document(message proto.Message) error {
	text, err := output.JSON(message)
	if err != nil {
		return err
	}
	return a.out.Document(text, a.output == "yaml")
}

// item writes a message of a stream.
func (a *app) item(message proto.Message) error {
	text, err := output.JSON(message)
	if err == nil && a.output == "yaml" {
		fmt.Fprintln(a.out, "---")
		return a.out.Document(text, true)
	}
	if err == nil {
		_, err = fmt.Fprintln(a.out, string(text))
	}
	return err
}
