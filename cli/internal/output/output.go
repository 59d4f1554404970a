// Package output writes what commands say: data to stdout, all else to stderr. Whether that is a terminal or a pipe changes
// colours, the cutting of long cells and redrawing, never the content.
package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"go.yaml.in/yaml/v3"
	"golang.org/x/term"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Writer is stdout or stderr.
type Writer struct {
	io.Writer
	Terminal bool
	Width    int // of a terminal; 0 = unlimited
	Colour   bool
	Failed   error // of the first write that failed
}

// Write keeps what goes wrong, so that a caller may look at the end only.
func (w *Writer) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	if err != nil && w.Failed == nil {
		w.Failed = err
	}
	return n, err
}

// Of wraps a file.
func Of(file *os.File, colour bool) *Writer {
	w := &Writer{Writer: file, Terminal: term.IsTerminal(int(file.Fd())) && drawable(file)}
	if w.Terminal {
		w.Width, _, _ = term.GetSize(int(file.Fd()))
	}
	w.Colour = w.Terminal && colour
	return w
}

// Clean is text on one line, without what would steer a terminal.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

const longestCell = 60

// Table is a table with a heading and one row a line, ready to be printed.
func (w *Writer) Table(heading []string, rows [][]string, least []int) string {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Box = table.BoxStyle{PaddingRight: "  ", UnfinishedRow: "…"}
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatDefault
	style.Size.WidthMax = w.Width
	t.SetStyle(style)
	t.SuppressTrailingSpaces()
	columns := 0
	toRow := func(cells []string) table.Row {
		row := make(table.Row, len(cells))
		for i, cell := range cells {
			row[i] = w.paint(Clean(cell))
		}
		columns = max(columns, len(cells))
		return row
	}
	if heading != nil {
		t.AppendHeader(toRow(heading))
	}
	for _, cells := range rows {
		t.AppendRow(toRow(cells))
	}
	configs := make([]table.ColumnConfig, columns)
	for i := range configs {
		configs[i].Number = i + 1
		if w.Terminal {
			configs[i].WidthMax = longestCell
			configs[i].WidthMaxEnforcer = func(cell string, most int) string { return text.Snip(cell, most, "…") }
		}
		if i < len(least) {
			configs[i].WidthMin = least[i]
		}
	}
	t.SetColumnConfigs(configs)
	return t.Render() + "\n"
}

var colours = map[string]text.Color{
	"SUCCEEDED": text.FgGreen, "SUCCESSFUL": text.FgGreen, "AVAILABLE": text.FgGreen, "READY": text.FgGreen,
	"RUNNING": text.FgCyan, "BUSY": text.FgCyan, "FAILED": text.FgRed, "FAULTED": text.FgRed, "UNRESPONSIVE": text.FgRed,
	"ERROR": text.FgRed, "FATAL": text.FgRed, "WARN": text.FgYellow, "DISCONNECTED": text.FgYellow, "CANCELLED": text.FgYellow,
}

// paint colours the words that name a state.
func (w *Writer) paint(cell string) string {
	if colour, ok := colours[cell]; ok && w.Colour {
		return fmt.Sprintf("\x1b[%dm%s\x1b[0m", colour, cell)
	}
	return cell
}

// Line is a line of plain cells, for what comes one after another.
func (w *Writer) Line(cells ...string) {
	for i := range cells {
		cells[i] = w.paint(Clean(cells[i]))
	}
	fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "  "), " "))
}

// JSON is a message in one line. Protobuf's own form has blanks that differ from build to build.
func JSON(m proto.Message) ([]byte, error) {
	loose, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Compact(&out, loose)
	return out.Bytes(), err
}

// Document writes JSON, indented, or as YAML.
func (w *Writer) Document(compact []byte, asYAML bool) error {
	if !asYAML {
		var out bytes.Buffer
		if err := json.Indent(&out, compact, "", "  "); err != nil {
			return err
		}
		_, err := fmt.Fprintln(w, out.String())
		return err
	}
	var node yaml.Node
	if err := yaml.Unmarshal(compact, &node); err != nil {
		return err
	}
	block(&node)
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	return encoder.Encode(&node)
}

// block lets YAML that was JSON look like YAML. Its texts keep their quotes where they would not be texts without.
func block(node *yaml.Node) {
	if len(node.Content) > 0 {
		node.Style = 0
	}
	if node.Kind == yaml.ScalarNode && node.Tag == "!!str" {
		node.Style = 0
	}
	for _, child := range node.Content {
		block(child)
	}
}
