package output

import (
	"fmt"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
)

// Progress is a line on a terminal that is redrawn while something is read.
type Progress struct {
	writer  progress.Writer
	tracker *progress.Tracker
}

// NewProgress begins one; nil where there is no terminal.
func NewProgress(w *Writer, message string) *Progress {
	if !w.Terminal {
		return nil
	}
	p := &Progress{progress.NewWriter(), &progress.Tracker{Message: message, Units: progress.Units{Formatter: Count}}}
	p.writer.SetOutputWriter(w.Writer)
	p.writer.SetUpdateFrequency(200 * time.Millisecond)
	p.writer.SetMessageLength(30)
	p.writer.SetTerminalWidth(w.Width)
	p.writer.Style().Visibility.Percentage = false
	p.writer.Style().Visibility.Speed = true
	p.writer.Style().Visibility.TrackerOverall = false
	p.writer.Style().Options.SpeedSuffix = "/s"
	p.writer.AppendTracker(p.tracker)
	go p.writer.Render()
	return p
}

// Set tells how far it has come.
func (p *Progress) Set(value int64, message string) {
	if p != nil {
		p.tracker.SetValue(value)
		p.tracker.UpdateMessage(message)
	}
}

// Log writes a line above it; false when there is none.
func (p *Progress) Log(text string) bool {
	if p == nil {
		return false
	}
	p.writer.Log("%s", text)
	return true
}

// Done ends it and waits until it is drawn for the last time.
func (p *Progress) Done() {
	if p == nil {
		return
	}
	p.tracker.MarkAsDone()
	p.writer.Stop()
	for deadline := time.Now().Add(time.Second); p.writer.IsRenderInProgress() && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
}

// Count is a number with commas: 181,000.
func Count(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
