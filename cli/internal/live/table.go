// Package live is a table on a terminal that is redrawn in place.
package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/relais-gateway/relais/cli/internal/output"
)

// How a table ended.
const (
	Ended       = iota // its source did
	Left               // by the key q
	Interrupted        // by Ctrl-C
)

// Table shows rows, of which each is asked for its cells when it is drawn.
type Table struct {
	program *tea.Program
}

type shown map[string]func() []string
type tick struct{}
type stop struct{}

type model struct {
	out           *output.Writer
	kind          string
	heading       []string
	reconnects    func() int32
	rows          shown
	changed       time.Time
	width, height int
	left          int
}

// New makes a table of things of a kind, such as "robots".
func New(out *output.Writer, kind string, heading []string, reconnects func() int32) *Table {
	return &Table{tea.NewProgram(&model{out: out, kind: kind, heading: heading, reconnects: reconnects}, tea.WithOutput(out.Writer), tea.WithoutSignalHandler())}
}

// Show replaces the rows.
func (t *Table) Show(rows map[string]func() []string) { t.program.Send(shown(rows)) }

// Stop ends the table; what it shows stays on the terminal.
func (t *Table) Stop() { t.program.Send(stop{}) }

// Run shows the table until Stop, q, Ctrl-C or the end of ctx.
func (t *Table) Run(ctx context.Context) (int, error) {
	end := context.AfterFunc(ctx, t.Stop)
	defer end()
	last, err := t.program.Run()
	if errors.Is(err, tea.ErrInterrupted) {
		return Interrupted, nil
	}
	if m, ok := last.(*model); ok {
		return m.left, err
	}
	return Ended, err
}

func everySecond() tea.Cmd {
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return tick{} })
}

// Init begins the clock.
func (m *model) Init() tea.Cmd { return everySecond() }

// Update takes rows, keys, the clock and the size of the terminal.
func (m *model) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch message := message.(type) {
	case shown:
		m.rows, m.changed = message, time.Now()
	case tick:
		return m, everySecond()
	case tea.WindowSizeMsg:
		m.width, m.height = message.Width, message.Height
	case stop:
		return m, tea.Quit
	case tea.KeyMsg:
		switch message.String() {
		case "q":
			m.left = Left
			return m, tea.Quit
		case "ctrl+c":
			m.left = Interrupted
			return m, tea.Quit
		}
	}
	return m, nil
}

// View draws as many rows as there is room for.
func (m *model) View() string {
	if m.rows == nil {
		return "waiting for the gateway …\n"
	}
	var rows [][]string
	for _, cells := range m.rows {
		rows = append(rows, cells())
	}
	slices.SortFunc(rows, slices.Compare)
	all := len(rows)
	if room := m.height - 4; m.height > 0 && all > room {
		rows = rows[:max(room, 0)]
	}
	screen := *m.out
	screen.Width = m.width
	text := screen.Table(m.heading, rows, nil)
	if len(rows) < all {
		text += fmt.Sprintf("… %d more\n", all-len(rows))
	}
	status := []string{fmt.Sprintf("%d %s", all, m.kind), "live", fmt.Sprintf("last change %d s ago", int(time.Since(m.changed).Seconds()))}
	if n := m.reconnects(); n == 1 {
		status = append(status, "1 reconnect")
	} else if n > 1 {
		status = append(status, fmt.Sprintf("%d reconnects", n))
	}
	return text + strings.Join(append(status, "q leaves"), " · ") + "\n"
}
