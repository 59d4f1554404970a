package relais

import (
	"context"
	"errors"
	"iter"
	"math"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/relais-gateway/relais/clients/go/error/v1"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

// RowOptions of RecordSQL.Rows.
type RowOptions struct {
	// Location of the ERP's local times. nil: a date-time cannot be had as a time.Time; it is never guessed.
	Location *time.Location
	// Progress is told after each batch, on the reader's goroutine.
	Progress func(Progress)
}

// Progress of Rows. Bytes are those of the messages, counted only for RowOptions.Progress; Resumes are the streams that
// have gone on for a broken one.
type Progress struct {
	Rows, Bytes int64
	Resumes     int
	Elapsed     time.Duration
}

// Rows are the rows of a query, read once, by All or by Batches. They belong to one goroutine.
type Rows struct {
	ctx      context.Context
	c        *Client
	request  *recordsqlv1.StreamRecordsRequest
	options  RowOptions
	columns  []*recordsqlv1.Column
	index    map[string]int
	progress Progress
	read     bool
}

// Rows reads all rows of a query, with a new stream behind the last batch when one breaks. The request may be a
// Checkpoint. Nothing is sent before All or Batches is ranged over.
func (s *RecordSQL) Rows(ctx context.Context, request *recordsqlv1.StreamRecordsRequest, options RowOptions) *Rows {
	return &Rows{ctx: ctx, c: s.c, request: proto.Clone(request).(*recordsqlv1.StreamRecordsRequest), options: options}
}

// Columns are known from the first batch on.
func (r *Rows) Columns() []*recordsqlv1.Column { return r.columns }

// Progress is what has been read so far.
func (r *Rows) Progress() Progress { return r.progress }

// Checkpoint is the request that goes on behind the last batch that was used up: of All, when the row after it was asked
// for; of Batches, when the next batch was. It may be stored, and passed to Rows by any process in any language.
func (r *Rows) Checkpoint() *recordsqlv1.StreamRecordsRequest {
	return proto.Clone(r.request).(*recordsqlv1.StreamRecordsRequest)
}

// All gives the rows in order. An error comes as the last pair; leaving the loop ends the call.
func (r *Rows) All() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for batch, err := range r.Batches() {
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, row := range batch.Rows {
				if !yield(Row{row.Values, r}, nil) {
					return
				}
			}
		}
	}
}

// Batches gives the rows as they come, for speed. An error comes as the last pair; leaving the loop ends the call.
func (r *Rows) Batches() iter.Seq2[*recordsqlv1.StreamRecordsResponse, error] {
	return func(yield func(*recordsqlv1.StreamRecordsResponse, error) bool) {
		if r.read {
			yield(nil, errors.New("relais: these rows have been read: call Rows again, perhaps with their Checkpoint"))
			return
		}
		r.read = true
		begin, first := time.Now(), true
		err := reading[recordsqlv1.StreamRecordsResponse]{
			method:  recordsqlv1.RecordSqlService_StreamRecords_FullMethodName,
			silence: math.MaxInt64, // a slow page is no silence
			ends:    true,
			open: func(ctx context.Context) (grpc.ServerStreamingClient[recordsqlv1.StreamRecordsResponse], error) {
				first = true
				return r.c.RecordSQL.StreamRecords(ctx, r.request)
			},
			take: func(batch *recordsqlv1.StreamRecordsResponse) error {
				if first {
					if err := r.begin(batch.Columns); err != nil {
						return err
					}
					first = false
				}
				if !yield(batch, nil) {
					return errDone
				}
				r.request.ResumeToken = batch.ResumeToken
				r.progress.Rows += int64(len(batch.Rows))
				r.progress.Elapsed = time.Since(begin)
				if r.options.Progress != nil {
					r.progress.Bytes += int64(proto.Size(batch))
					r.options.Progress(r.progress)
				}
				return nil
			},
		}.read(r.ctx, r.c)
		if err == nil && first {
			err = r.c.broken(codes.DataLoss, "the rows ended before they began")
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// begin takes the columns of a stream's first message: those of a later stream must be the same.
func (r *Rows) begin(columns []*recordsqlv1.Column) error {
	if r.index == nil {
		r.columns, r.index = columns, make(map[string]int, len(columns))
		for i, column := range columns {
			r.index[column.Name] = i
		}
		return nil
	}
	r.progress.Resumes++
	same := len(columns) == len(r.columns)
	for i := 0; same && i < len(columns); i++ {
		same = columns[i].Name == r.columns[i].Name && columns[i].Type == r.columns[i].Type
	}
	if !same {
		e := r.c.broken(codes.FailedPrecondition, "the columns are no longer those with which the rows began: begin anew")
		e.Reason, e.RawReason = errorv1.Reason_COLUMNS_CHANGED, "COLUMNS_CHANGED"
		return e
	}
	return nil
}
