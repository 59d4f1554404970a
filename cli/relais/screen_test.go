package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/relais-gateway/relais/cli/internal/screen"
)

// terminal is a real one, of tmux's, with a shell in a user's home.
type terminal struct {
	t      *testing.T
	socket string
	env    []string
	redraw *os.File // what is written to the screen
}

func newTerminal(t *testing.T, home string, columns, rows int) *terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatal("tmux is missing: run tools/setup.sh test")
	}
	s := &terminal{t: t, socket: filepath.Join(t.TempDir(), "tmux"), env: environment(home, gateway.Address)}
	s.tmux("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(columns), "-y", fmt.Sprint(rows), "-c", home, "PS1='$ ' sh -i")
	t.Cleanup(func() { s.tmux("kill-server") })
	fifo := filepath.Join(t.TempDir(), "screen")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	s.tmux("pipe-pane", "-o", "exec cat >"+fifo)
	file, err := os.Open(fifo)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	s.redraw = file
	return s
}

func (s *terminal) tmux(args ...string) string {
	s.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...)
	cmd.Env = s.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatal(args, err, string(out))
	}
	return string(out)
}

func (s *terminal) keys(keys ...string) { s.tmux(append([]string{"send-keys"}, keys...)...) }

// seen is the screen once it has a text.
func (s *terminal) seen(text string) string {
	s.t.Helper()
	return s.seenAs(regexp.MustCompile(regexp.QuoteMeta(text)))
}

// seenAs is the screen once it matches a pattern; each look follows something that was written to it.
func (s *terminal) seenAs(pattern *regexp.Regexp) string {
	s.t.Helper()
	if err := s.redraw.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		s.t.Fatal(err)
	}
	for buffer := make([]byte, 4096); ; {
		now := s.tmux("capture-pane", "-e", "-p")
		if pattern.MatchString(now) {
			return now
		}
		if _, err := s.redraw.Read(buffer); err != nil {
			s.t.Fatalf("%v; the screen has no %q:\n%s", err, pattern, now)
		}
	}
}

// picture writes a screen into the README's folder of pictures where RELAIS_SCREENS asks for that.
func picture(t *testing.T, name, shown string, columns int) {
	t.Helper()
	if os.Getenv("RELAIS_SCREENS") == "" {
		return
	}
	if err := os.WriteFile(filepath.Join("../screens", name), screen.SVG(lines(strings.TrimRight(shown, "\n ")), columns), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestATableOnATerminalIsRedrawnAndLeftByKeys(t *testing.T) {
	s := newTerminal(t, t.TempDir(), 84, 22)
	s.keys("clear; relais robots watch --folder Shared; echo left with $?", "Enter")
	s.seen("robots · live")
	shown := s.seenAs(regexp.MustCompile(`last change [1-9]\d* s ago`)) // it lives
	for _, want := range []string{"ROBOT", "DocBot", "AVAILABLE", "\x1b[32m", "q leaves"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the screen has no %q:\n%s", want, shown)
		}
	}
	picture(t, "robots.svg", shown, 84)
	s.keys("q")
	s.seen("left with 0")
	s = newTerminal(t, t.TempDir(), 84, 22) // nothing of the first table is on it
	s.keys("clear; relais robots watch --folder Shared; echo then with $?", "Enter")
	s.seen("robots · live")
	s.keys("C-c")
	s.seen("then with 130")
}

func TestATerminalShowsWhatAPipeGets(t *testing.T) {
	home := t.TempDir()
	s := newTerminal(t, home, 200, 40)
	for i, command := range []string{
		"recordsqls list", "recordsqls show gtrstab.dhoq/CodePostal", "rows gtrstab.dhoq/CodePostal --csv", "robots list --folder Shared",
		"campaigns list --output json", "call GetQueue '{\"name\":\"queues/sandbox\"}' --output yaml",
	} {
		piped := exec.Command("sh", "-c", "relais --quiet "+command)
		piped.Dir, piped.Env = home, environment(home, gateway.Address)
		want, err := piped.Output()
		if err != nil {
			t.Fatal(command, err)
		}
		end := fmt.Sprintf("END of %d", i)
		s.keys("clear; relais --quiet --no-color "+command+"; echo; echo "+end, "Enter")
		s.seen("\n" + end)
		var got []string
		for _, line := range lines(s.tmux("capture-pane", "-p", "-S", "-")) {
			if line == end {
				break
			}
			got = append(got, strings.TrimRight(line, " "))
		}
		if strings.TrimSpace(strings.Join(got, "\n")) != strings.TrimSpace(string(want)) {
			t.Errorf("%s shows\n%s\nand pipes\n%s", command, strings.Join(got, "\n"), want)
		}
	}
}

func TestALongCellIsCutOnATerminalOnly(t *testing.T) {
	home := t.TempDir()
	name := strings.Repeat("long ", 30) + "end"
	for _, file := range []string{"t.xml", "d.txt"} {
		if err := os.WriteFile(filepath.Join(home, file), []byte("<Template/>"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if made := run(t, home, "jobs", "submit", "text", "--template", "t.xml", "--file", "d.txt", "--name", name); made.code != 0 {
		t.Fatal(made)
	}
	if piped := run(t, home, "jobs", "list"); !strings.Contains(piped.out, name) {
		t.Error(piped)
	}
	s := newTerminal(t, home, 120, 12)
	s.keys("clear; relais jobs list; echo listed with $?", "Enter")
	shown := s.seen("listed with 0")
	if strings.Contains(shown, "end") || !strings.Contains(shown, "long long") || !strings.Contains(shown, "…") {
		t.Error(shown)
	}
	picture(t, "jobs.svg", strings.Split(shown, "listed with")[0], 120)
}

func TestAQuestionIsAskedOnATerminalAndMayBeLeft(t *testing.T) {
	home := homeWith(t, givenFiles)
	made := run(t, home, "jobs", "submit", "text", "--template", "t.xml", "--file", "d.txt")
	job, _, _ := strings.Cut(made.out, " ")
	s := newTerminal(t, home, 120, 12)
	for _, c := range []struct{ key, end string }{{"C-c", "130"}, {"n", "2"}, {"y", "0"}} {
		s.keys("clear; relais jobs delete "+job+"; echo asked, then $?", "Enter")
		s.seen("? [y/N]")
		if s.keys(c.key); c.key != "C-c" {
			s.keys("Enter")
		}
		s.seen("asked, then " + c.end)
	}
	if gone := run(t, home, "jobs", "show", job); gone.code != 4 {
		t.Error("yes did not delete it:", gone)
	}
}
