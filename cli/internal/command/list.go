package command

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/relais-gateway/relais/cli/internal/output"
	relais "github.com/relais-gateway/relais/clients/go"
)

// shown says how things of one kind stand in a table.
type shown[T proto.Message] struct {
	heading []string
	cells   func(T) []string
}

// list writes all things of a list method, or at most `limit` where that is more than 0.
func list[Req proto.Message, Res interface{ GetNextPageToken() string }, T proto.Message](ctx context.Context, a *app,
	method func(context.Context, Req, ...grpc.CallOption) (Res, error), req Req, items func(Res) []T, form shown[T], limit int) error {
	return listOf(a, relais.List(ctx, method, req, items), form, limit)
}

func listOf[T proto.Message](a *app, all iter.Seq2[T, error], form shown[T], limit int) error {
	var found []T
	for item, err := range all {
		if err != nil {
			return err
		}
		if found = append(found, item); len(found) == limit {
			break
		}
	}
	if a.output == "table" {
		rows := make([][]string, len(found))
		for i, item := range found {
			rows[i] = form.cells(item)
		}
		_, err := fmt.Fprint(a.out, a.out.Table(form.heading, rows, nil))
		return err
	}
	var document bytes.Buffer
	document.WriteByte('[')
	for i, item := range found {
		text, err := output.JSON(item)
		if err != nil {
			return err
		}
		if i > 0 {
			document.WriteByte(',')
		}
		document.Write(text)
	}
	document.WriteByte(']')
	return a.out.Document(document.Bytes(), a.output == "yaml")
}

// show writes one thing, a field a line.
func (a *app) show(message proto.Message) error {
	text, err := output.JSON(message)
	if err != nil {
		return err
	}
	return a.object(text)
}

// object writes a JSON object in the format that is asked for.
func (a *app) object(text []byte) error {
	if a.output != "table" {
		return a.out.Document(text, a.output == "yaml")
	}
	rows, err := output.Fields(text)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(a.out, a.out.Table(nil, rows, nil))
	return err
}

// clock is a time for people: local, to the second.
func clock(t *timestamppb.Timestamp) string {
	if !t.IsValid() || t.AsTime().Unix() == 0 {
		return ""
	}
	return t.AsTime().Local().Format("2006-01-02 15:04:05")
}

// confirmed tells whether something may be deleted: by --yes, or by a person who is asked.
func (a *app) confirmed(ctx context.Context, what string) error {
	if a.yes {
		return nil
	}
	if !a.inIsTerminal() {
		return usage("%s wants --yes where nobody can be asked", what)
	}
	fmt.Fprintf(a.err, "%s? [y/N] ", what)
	answer := make(chan string, 1)
	go func() {
		var word string
		_, _ = fmt.Fscanln(a.in, &word)
		answer <- word
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(a.err)
		return ctx.Err()
	case word := <-answer:
		if word != "y" && word != "Y" && word != "yes" {
			return usage("not done")
		}
		return nil
	}
}

// limitFlag adds --limit.
func limitFlag(cmd *cobra.Command, limit *int) {
	cmd.Flags().IntVarP(limit, "limit", "n", 0, "at most so many; 0 = all")
}
