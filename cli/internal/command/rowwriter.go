package command

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"github.com/relais-gateway/relais/cli/internal/output"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

// layout is how rows are written.
type layout struct {
	Format    string `json:"format"` // table, csv or ndjson
	BOM       bool   `json:"bom,omitempty"`
	CRLF      bool   `json:"crlf,omitempty"`
	Delimiter string `json:"delimiter,omitempty"`
}

// rowWriter writes batches of rows. What it is given is out when `batch` returns.
type rowWriter struct {
	layout layout
	out    *counting
	csv    *csv.Writer
	screen *output.Writer
	widths []int
	begun  bool // the heading is out
}

// counting counts what is written through a buffer.
type counting struct {
	*bufio.Writer
	n int64
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.n += int64(n)
	return n, err
}

func newRowWriter(w io.Writer, l layout) *rowWriter {
	r := &rowWriter{layout: l, out: &counting{Writer: bufio.NewWriterSize(w, 64<<10)}}
	r.screen, _ = w.(*output.Writer)
	r.csv = csv.NewWriter(r.out)
	r.csv.UseCRLF = l.CRLF
	if l.Delimiter != "" {
		r.csv.Comma = []rune(l.Delimiter)[0]
	}
	return r
}

// bytes is how much there is, with what was there before.
func (w *rowWriter) bytes() int64 { return w.out.n }

func (w *rowWriter) batch(columns []*recordsqlv1.Column, rows []*recordsqlv1.Row) error {
	if !w.begun && w.layout.BOM {
		if _, err := io.WriteString(w.out, "\uFEFF"); err != nil {
			return err
		}
	}
	var err error
	switch w.layout.Format {
	case "csv":
		err = w.csvRows(columns, rows)
	case "ndjson":
		err = w.ndjsonRows(columns, rows)
	default:
		err = w.tableRows(columns, rows)
	}
	w.begun = true
	if err != nil {
		return err
	}
	return w.out.Flush()
}

// end writes the heading of a result without rows.
func (w *rowWriter) end(columns []*recordsqlv1.Column) error {
	if w.begun || columns == nil {
		return nil
	}
	return w.batch(columns, nil)
}

func (w *rowWriter) csvRows(columns []*recordsqlv1.Column, rows []*recordsqlv1.Row) error {
	cells := make([]string, len(columns))
	if !w.begun {
		for i, column := range columns {
			cells[i] = column.Name
		}
		if err := w.csv.Write(cells); err != nil {
			return err
		}
	}
	for _, row := range rows {
		for i, value := range row.Values {
			cells[i], _ = textOf(value)
		}
		if err := w.csv.Write(cells); err != nil {
			return err
		}
	}
	w.csv.Flush()
	return w.csv.Error()
}

func (w *rowWriter) ndjsonRows(columns []*recordsqlv1.Column, rows []*recordsqlv1.Row) error {
	keys := make([][]byte, len(columns))
	for i, column := range columns {
		keys[i] = append(jsonText(column.Name), ':')
	}
	var line bytes.Buffer
	for _, row := range rows {
		line.Reset()
		for i, value := range row.Values {
			line.WriteByte("{,"[min(i, 1)])
			line.Write(keys[i])
			text, ok := textOf(value)
			switch value.GetKind().(type) {
			case *recordsqlv1.Value_IntegerValue, *recordsqlv1.Value_BoolValue:
				line.WriteString(text)
			default:
				if ok {
					line.Write(jsonText(text))
				} else {
					line.WriteString("null")
				}
			}
		}
		line.WriteString("}\n")
		if _, err := w.out.Write(line.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// jsonText is a text in JSON, with < and > as they are.
func jsonText(text string) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// tableRows writes a batch as a table. The first batch settles how wide columns are, so that memory stays bounded.
func (w *rowWriter) tableRows(columns []*recordsqlv1.Column, rows []*recordsqlv1.Row) error {
	var heading []string
	if !w.begun {
		w.widths = make([]int, len(columns))
		for i, column := range columns {
			heading = append(heading, column.Name)
			w.widths[i] = len(column.Name)
		}
	}
	cells := make([][]string, len(rows))
	for i, row := range rows {
		for j, value := range row.Values {
			text, _ := textOf(value)
			cells[i] = append(cells[i], text)
			if !w.begun {
				w.widths[j] = max(w.widths[j], len([]rune(text)))
			}
		}
	}
	if heading == nil && len(cells) == 0 {
		return nil
	}
	_, err := fmt.Fprint(w.out, w.screen.Table(heading, cells, w.widths))
	return err
}
