package command

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/relais-gateway/relais/cli/internal/output"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

const (
	partSuffix       = ".part"
	checkpointSuffix = ".checkpoint"
)

// checkpoint is what FILE.part.checkpoint has: how FILE.part goes on behind its first Bytes.
type checkpoint struct {
	Request json.RawMessage `json:"request"` // StreamRecordsRequest with its token
	Bytes   int64           `json:"bytes"`
	Rows    int64           `json:"rows"`
	Limit   int64           `json:"limit,omitempty"`
	Layout  layout          `json:"layout"`
}

// write puts it into a file that is whole at any time.
func (c checkpoint) write(path string) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// rowsToFile reads rows into a file, from their beginning.
func (a *app) rowsToFile(ctx context.Context, file string, c checkpoint, request *recordsqlv1.StreamRecordsRequest) error {
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return usage("%s is a folder: -o takes a file", file)
	}
	if _, err := os.Stat(file + partSuffix + checkpointSuffix); err == nil {
		return usage("%s%s is there from an earlier run: go on with relais rows --resume %s, or remove it", file, partSuffix, shellQuoted(file))
	}
	part, err := os.OpenFile(file+partSuffix, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o666)
	if err != nil {
		return usage("%w", err)
	}
	return a.intoPart(ctx, file, part, c, request)
}

// resumeRows goes on with a file where its checkpoint says.
func (a *app) resumeRows(ctx context.Context, file string) error {
	text, err := os.ReadFile(file + partSuffix + checkpointSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		if _, statErr := os.Stat(file); statErr == nil {
			return usage("%s is whole: there is nothing to go on with", file)
		}
		return usage("there is no %s%s%s: nothing was begun that could go on", file, partSuffix, checkpointSuffix)
	}
	if err != nil {
		return usage("%w", err)
	}
	var c checkpoint
	if err := json.Unmarshal(text, &c); err != nil {
		return incomplete("%s%s%s cannot be read: begin anew", file, partSuffix, checkpointSuffix)
	}
	request := &recordsqlv1.StreamRecordsRequest{}
	if err := protojson.Unmarshal(c.Request, request); err != nil {
		return incomplete("%s%s%s cannot be read: begin anew", file, partSuffix, checkpointSuffix)
	}
	part, err := os.OpenFile(file+partSuffix, os.O_RDWR, 0)
	if err != nil {
		return usage("%w", err)
	}
	info, err := part.Stat()
	if err == nil && info.Size() < c.Bytes {
		_ = part.Close()
		return incomplete("%s%s is shorter than its checkpoint says: begin anew", file, partSuffix)
	}
	if err == nil {
		err = part.Truncate(c.Bytes)
	}
	if err == nil {
		_, err = part.Seek(c.Bytes, 0)
	}
	if err != nil {
		_ = part.Close()
		return err
	}
	return a.intoPart(ctx, file, part, c, request)
}

// intoPart reads rows behind what a part has, and gives it its name when all are there.
func (a *app) intoPart(ctx context.Context, file string, part *os.File, c checkpoint, request *recordsqlv1.StreamRecordsRequest) error {
	defer part.Close()
	writer := newRowWriter(part, c.Layout)
	writer.begun, writer.out.n = c.Rows > 0, c.Bytes
	err := a.readRows(ctx, request, writer, c.Limit, c.Rows, file, func(next *recordsqlv1.StreamRecordsRequest, rows int64) error {
		text, err := output.JSON(next)
		if err != nil {
			return err
		}
		c.Request, c.Bytes, c.Rows = text, writer.bytes(), rows
		return c.write(file + partSuffix + checkpointSuffix)
	})
	if err != nil {
		return err
	}
	if err := part.Sync(); err != nil {
		return err
	}
	if err := part.Close(); err != nil {
		return err
	}
	if err := os.Rename(file+partSuffix, file); err != nil {
		return err
	}
	if err := os.Remove(file + partSuffix + checkpointSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
