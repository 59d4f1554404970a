package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	relais "github.com/relais-gateway/relais/clients/go"
)

func watchOne(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	switch cmd.Service {
	case "robot":
		return states(c.Robot.WatchJob, ctx, cmd, answer)
	case "campaign.run":
		return states(c.Campaign.WatchRun, ctx, cmd, answer)
	case "campaign.polling":
		return states(c.Campaign.WatchPolling, ctx, cmd, answer)
	case "exports":
		return states(c.Exports.WatchRun, ctx, cmd, answer)
	}
	return states(c.JobQueue.WatchJob, ctx, cmd, answer)
}

func states[T proto.Message](open func(context.Context, string) iter.Seq2[T, error], ctx context.Context, cmd *command, answer map[string]any) error {
	ctx, cancel, over := cmd.Until.limited(ctx)
	defer cancel()
	seen := []any{}
	defer func() { answer["states"] = seen }()
	for state, err := range open(ctx, cmd.Name) {
		if err != nil && !over() {
			return err
		}
		if err != nil {
			return nil
		}
		seen = append(seen, toJSON(state))
		if cmd.Until.enough(len(seen), false) {
			break
		}
	}
	return nil
}

func wait(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	switch cmd.Service {
	case "robot":
		return ended(c.Robot.Wait, ctx, cmd, answer)
	case "campaign.run":
		return ended(c.Campaign.WaitRun, ctx, cmd, answer)
	case "campaign.polling":
		return ended(c.Campaign.WaitPolling, ctx, cmd, answer)
	case "exports":
		return ended(c.Exports.Wait, ctx, cmd, answer)
	}
	return ended(c.JobQueue.Wait, ctx, cmd, answer)
}

func ended[T proto.Message](wait func(context.Context, string) (T, error), ctx context.Context, cmd *command, answer map[string]any) error {
	state, err := wait(ctx, cmd.Name)
	if err == nil {
		answer["value"] = toJSON(state)
	}
	return err
}

// downloader is what every service with files has.
type downloader interface {
	Download(ctx context.Context, name, path string) (relais.Saved, error)
	DownloadTo(ctx context.Context, name string, w io.Writer) (relais.Saved, error)
}

func download(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	var from downloader = c.JobQueue
	switch {
	case strings.HasPrefix(cmd.Service, "campaign"):
		from = c.Campaign
	case cmd.Service == "exports":
		from = c.Exports
	}
	switch cmd.Op {
	case "download":
		saved, err := from.Download(ctx, cmd.Name, cmd.Path)
		if err == nil {
			answer["saved"] = savedAnswer(saved)
		}
		return err
	case "download_to":
		written := &counted{Writer: sha256.New()}
		_, err := from.DownloadTo(ctx, cmd.Name, written)
		answer["bytes"] = written.bytes
		answer["sha256"] = hex.EncodeToString(written.Writer.(interface{ Sum([]byte) []byte }).Sum(nil))
		return err
	}
	all, err := c.JobQueue.DownloadAll(ctx, cmd.Name, cmd.Path)
	slices.SortFunc(all, func(a, b relais.Saved) int { return strings.Compare(a.Path, b.Path) })
	saved := []any{}
	for _, one := range all {
		saved = append(saved, savedAnswer(one))
	}
	answer["saved"] = saved
	return err
}

func savedAnswer(saved relais.Saved) map[string]any {
	return map[string]any{"path": saved.Path, "bytes": saved.Bytes, "sha256": saved.SHA256, "media_type": saved.MediaType}
}

type counted struct {
	io.Writer
	bytes int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.bytes += int64(n)
	return n, err
}
