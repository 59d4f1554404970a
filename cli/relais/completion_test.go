package main_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// completed are the words that a shell is offered for the last one of a command line.
func completed(t *testing.T, home, target string, args ...string) []string {
	t.Helper()
	cmd, out, stderr := prepared(home, target, append([]string{"__complete"}, args...)...)
	got := ended(t, cmd.Run(), out, stderr)
	shown := lines(got.out)
	if got.code != 0 || !strings.HasPrefix(shown[len(shown)-1], ":") {
		t.Fatal(args, got)
	}
	return shown[:len(shown)-1]
}

func TestNamesAreCompletedByTheGateway(t *testing.T) {
	home := homeWith(t, givenFiles)
	made := run(t, home, "jobs", "submit", "text", "--template", "t.xml", "--file", "d.txt", "--name", "completed")
	job, _, ok := strings.Cut(strings.TrimPrefix(made.out, "queues/sandbox/jobs/"), " ")
	if !ok {
		t.Fatal(made)
	}
	for command, want := range map[string]string{
		"jobs show":                      job + "\t… completed",
		"jobs delete " + job:             job + "\t… completed",
		"rows":                           "gtrstab.dhoq/CodePostal\tCodes postaux",
		"recordsqls show":                "gtrstab.dhoq/CodePostal\tCodes postaux",
		"robots show --folder Shared":    "Gustavee\t…",
		"robots disable --folder Shared": "749\tDocBot …", // two robots have that name
		"robots start --folder Shared":   "TestingSequence_DOC…",
		"campaigns close":                "Edit-Pays-Ville~20241231~collect\tEdit-Pays-Ville …",
		"campaigns answers list":         "Budget~20240630~collect\tBudget …",
		"campaigns users delete":         "1\tadmin",
		"robots list --folder":           "36886\tShared",
		"jobs list --queue":              "sandbox\tEmbedded sandbox",
		"call":                           "jobqueue.GetQueue",
		"explain":                        "RESOURCE_NOT_FOUND",
		"jobs list --output":             "json",
	} {
		shown := completed(t, home, gateway.Address, append(strings.Fields(command), "")...)
		found := false
		for _, line := range shown {
			found = found || shape(want).MatchString(line)
		}
		if !found {
			t.Errorf("relais %s is completed by %q, without %q", command, shown, want)
		}
	}
	for _, command := range []string{"campaigns watch", "jobs list", "robots stop", "version"} {
		cmd, out, stderr := prepared(home, gateway.Address, append(append([]string{"__complete"}, strings.Fields(command)...), "")...)
		if got := ended(t, cmd.Run(), out, stderr); got.out != ":4\n" { // neither names nor files
			t.Error(command, got)
		}
	}
	if other := completed(t, home, gateway.Address, "robots", "show", "--folder", "67542", ""); strings.Contains(strings.Join(other, "\n"), "Gustavee") {
		t.Error("a folder is completed by what was kept of another one:", other)
	}
	if more := completed(t, home, gateway.Address, "jobs", "show", job, ""); len(more) != 0 {
		t.Error("a second job is offered where there is one:", more)
	}
}

func TestNamesAreKeptForAWhileThatIsNotLong(t *testing.T) {
	home := t.TempDir()
	var target string
	var told []string
	t.Run("asked", func(t *testing.T) {
		target = cutter(t, 0, nil) // until this part ends
		told = completed(t, home, target, "rows", "")
	})
	kept, err := filepath.Glob(filepath.Join(home, ".cache/relais/completion/*.json"))
	if err != nil || len(kept) != 1 || len(told) == 0 {
		t.Fatal(kept, told, err)
	}
	age := func(by time.Duration) {
		if err := os.Chtimes(kept[0], time.Time{}, time.Now().Add(-by)); err != nil {
			t.Fatal(err)
		}
	}
	age(0)
	if again := completed(t, home, target, "rows", ""); strings.Join(again, "\n") != strings.Join(told, "\n") {
		t.Errorf("%q, not what was kept: %q", again, told)
	}
	age(31 * time.Second)
	hint := completed(t, home, target, "rows", "")
	if len(hint) != 1 || !strings.Contains(hint[0], "no names: "+target) || !strings.Contains(hint[0], "relais ping") {
		t.Error(hint)
	}
}

// A gateway that takes connections and says nothing must not hold a shell up. Calls have a minute otherwise.
func TestAGatewayThatIsSilentIsAskedForASecond(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	begin := time.Now()
	hint := completed(t, t.TempDir(), silent.Addr().String(), "jobs", "show", "")
	if took := time.Since(begin); len(hint) != 1 || !strings.Contains(hint[0], "no names: ") || took < time.Second || took > 30*time.Second {
		t.Error(hint, took)
	}
}

func TestAWrongContextIsAHintToo(t *testing.T) {
	home := homeWith(t, map[string]string{"config.yaml": "contexts:\n  dev: {tarket: x}\n"})
	cmd, out, stderr := prepared(home, gateway.Address, "__complete", "jobs", "show", "")
	cmd.Env = append(cmd.Env, "RELAIS_CONFIG=config.yaml")
	if got := ended(t, cmd.Run(), out, stderr); !strings.Contains(got.out, "line 2: unknown key tarket: did you mean target?") {
		t.Error(got)
	}
}
