package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	relais "github.com/relais-gateway/relais/clients/go"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

// shown is how many rows an answer shows.
const shown = 20

func rows(ctx context.Context, c *client, cmd *command, answer map[string]any) error {
	request := &recordsqlv1.StreamRecordsRequest{}
	if err := parse(cmd.Request, request); err != nil {
		return err
	}
	if cmd.Checkpoint != nil {
		if err := proto.Unmarshal(decode(*cmd.Checkpoint), request); err != nil {
			return err
		}
	}
	// A batch is used up, for its Checkpoint, when the row behind it is asked for: a command that leaves after so many
	// batches does so there.
	batches, leave := 0, false
	read := c.RecordSQL.Rows(ctx, request, relais.RowOptions{Location: time.UTC, Progress: func(relais.Progress) {
		batches++
		leave = cmd.CheckpointAfter > 0 && batches >= cmd.CheckpointAfter
		time.Sleep(milliseconds(cmd.BatchMS))
	}})
	count, digest, values, got := 0, sha256.New(), [][]string{}, make([]any, len(cmd.Getters))
	var failed error
	for row, err := range read.All() {
		if err != nil {
			failed = err
			break
		}
		if leave {
			break
		}
		cells := make([]string, 0, len(read.Columns()))
		for i, value := range row.Values() {
			cells = append(cells, cell(read.Columns()[i], value))
		}
		digest.Write([]byte(strings.Join(cells, "\x1f") + "\n"))
		if count < shown {
			values = append(values, cells)
		}
		for i, getter := range cmd.Getters {
			if int(getter[0].(float64)) == count {
				got[i] = get(row, getter[1], getter[2].(string))
			}
		}
		if count++; cmd.Limit > 0 && count >= cmd.Limit {
			break
		}
	}
	columns := []string{}
	for _, column := range read.Columns() {
		columns = append(columns, column.Name)
	}
	checkpoint, err := proto.Marshal(read.Checkpoint())
	if err != nil {
		return err
	}
	answer["columns"], answer["rows"], answer["resumes"], answer["values"] = columns, count, read.Progress().Resumes, values
	answer["digest"], answer["checkpoint"] = hex.EncodeToString(digest.Sum(nil)), base64.StdEncoding.EncodeToString(checkpoint)
	if len(got) > 0 {
		answer["got"] = got
	}
	return failed
}

// get asks a row for a column in the type that a getter names.
func get(row relais.Row, column any, kind string) any {
	name, nullable := strings.CutSuffix(kind, "?")
	switch name {
	case "integer":
		return getAs[int64](row, column, nullable, "")
	case "text":
		return getAs[string](row, column, nullable, "")
	case "bool":
		return getAs[bool](row, column, nullable, "")
	case "decimal":
		return getAs[relais.Decimal](row, column, nullable, "")
	case "date":
		return getAs[time.Time](row, column, nullable, "2006-01-02")
	case "datetime":
		return getAs[time.Time](row, column, nullable, "")
	}
	return getAs[time.Duration](row, column, nullable, "")
}

func getAs[T any](row relais.Row, column any, nullable bool, layout string) any {
	var value any
	var err error
	if nullable {
		var null sql.Null[T]
		null, err = at[sql.Null[T]](row, column)
		if err == nil && !null.Valid {
			return map[string]any{"null": true}
		}
		value = null.V
	} else {
		value, err = at[T](row, column)
	}
	if err != nil {
		return map[string]any{"error": true, "message": err.Error()}
	}
	if t, ok := value.(time.Time); ok && layout != "" {
		return map[string]any{"value": t.Format(layout)}
	}
	return map[string]any{"value": plain(value)}
}

func at[T any](row relais.Row, column any) (T, error) {
	if position, ok := column.(float64); ok {
		return relais.Get[T](row, int(position))
	}
	return relais.Get[T](row, column.(string))
}
