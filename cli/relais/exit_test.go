package main_test

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// faulty lets the sandbox misbehave for a test.
func faulty(t *testing.T, faults string) {
	t.Helper()
	put := func(method, body string) {
		request, err := http.NewRequest(method, gateway.Sandbox+"/sandbox/faults", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil || answer.StatusCode >= 300 {
			t.Fatal(answer, err)
		}
		_ = answer.Body.Close()
	}
	put(http.MethodPut, `{"faults":[`+faults+`]}`)
	t.Cleanup(func() { put(http.MethodDelete, "") })
}

func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestExitCodesSayWhatKindOfFailureThereWas(t *testing.T) {
	t.Parallel() // the others that run side by side have gateways of their own
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "t.xml"), []byte("no template"), 0o600); err != nil {
		t.Fatal(err)
	}
	down := closedPort(t)
	for _, c := range []struct {
		command string
		code    int
		says    string
		faults  string
	}{
		{"ping", 0, "", ""},
		{"call jobqueue.ListJobs {\"parent\":\"queues/sandbox\"}", 1, "UPSTREAM_FAILED", `{"operation":"jobs/list","status":500}`},
		{"nonsense", 2, "unknown command", ""},
		{"jobs lst", 2, "did you mean list?", ""},
		{"jobs list --limti 3", 2, "did you mean --limit?", ""},
		{"completion tcsh", 2, "there is no command \"tcsh\"", ""},
		{"help jobs lst", 2, "did you mean list?", ""},
		{"help nothing", 2, "there is no command \"nothing\"", ""},
		{"ping --target http://localhost:1", 2, "host:port", ""},
		{"ping --ca-file t.xml", 2, "no certificate", ""},
		{"ping --token-file none", 2, "no token from none", ""},
		{"rows gtrstab", 2, "DICTIONARY/NAME", ""},
		{"rows gtrstab.dhoq/CodePostal -o .", 2, "is a folder", ""},
		{"rows --resume none.csv", 2, "nothing was begun", ""},
		{"jobs list --nope", 2, "jobs list --help", ""},
		{"jobs show", 2, "arg", ""},
		{"call GetQuee", 2, "did you mean GetQueue?", ""},
		{"call GetQueue {\"nam\":\"x\"}", 2, "nam", ""},
		{"jobs list --context none", 2, "context list", ""},
		{"jobs submit text --template none.xml --file none.txt", 2, "none.xml", ""},
		{"jobs delete 1", 2, "--yes", ""},
		{"ping --target 203.0.113.1:1 --insecure --token-file t.xml", 2, "plain text", ""},
		{"jobs list --timeout never", 2, "timeout", ""},
		{"ping --target " + down, 3, "refused", ""},
		{"ping --target " + down, 3, "relais help environment", ""},
		{"jobs list --target " + down, 3, "error: " + down, ""},
		{"jobs list --queue none", 4, "CONNECTION_NOT_FOUND", ""},
		{"jobs show 00000000-0000-0000-0000-000000000000", 4, "See: relais jobs list", ""},
		{"jobs show queues/none/jobs/1", 4, "CONNECTION_NOT_FOUND", ""},
		{"rows none.dhoq/X --csv", 5, "DICTIONARY_NOT_AUTHORIZED", ""},
		{"jobs list --filter nonsense", 6, "filter", ""},
		{"campaigns list --timeout 1ns", 7, "deadline", ""},
		{"campaigns launch Lancer\u00a0en\u00a0échec --message Edit-Pays-Ville/launch --follow", 8, "", ""},
		{"campaigns launch Lancer --message Edit-Pays-Ville/launch --request-id lost", 9, "--request-id lost", `{"operation":"campaign/action","lose_answer":true}`},
		{"robots start FailingProcess --folder Shared --follow", 8, "", ""},
		{"robots show Nobody --folder Shared", 4, "Nobody", ""},
	} {
		t.Run(c.command, func(t *testing.T) {
			if c.faults != "" {
				faulty(t, c.faults)
			}
			args := strings.Fields(strings.ReplaceAll(c.command, "\u00a0", "_"))
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "Lancer_en_échec", "Lancer en échec")
			}
			got := run(t, home, args...)
			if got.code != c.code || !strings.Contains(got.err, c.says) {
				t.Errorf("%v, not exit %d with %q", got, c.code, c.says)
			}
			if c.code != 0 && c.code != 8 && got.out != "" {
				t.Error("an error wrote to stdout:", got.out)
			}
			// The same as an object: nothing but data and one object at the end.
			if c.code != 0 && c.code != 2 && c.code != 8 && c.faults == "" {
				in := run(t, home, append(args, "--output", "json", "--quiet")...)
				var object map[string]any
				if err := json.Unmarshal([]byte(in.err), &object); err != nil || object["exit_code"] != float64(c.code) || in.code != c.code {
					t.Error(err, in)
				}
			}
		})
	}
}

func TestCtrlCEndsAWatchAndStopsNothingElse(t *testing.T) {
	home := t.TempDir()
	cmd, out, stderr := prepared(home, gateway.Address, "jobs", "watch", "--output", "json")
	cmd.Env = environment(home, cutter(t, 1, signalled(cmd, syscall.SIGINT)))
	if got := ended(t, cmd.Run(), out, stderr); got.code != 130 {
		t.Error(got)
	}
}

func TestACommandLineThatCannotBeReadIsAnObjectTooInJSON(t *testing.T) {
	for _, line := range []string{"nonsense --output json", "jobs list --nope --output json", "jobs show --output=json", "jobs lst --output json"} {
		got := run(t, t.TempDir(), strings.Fields(line)...)
		var object map[string]any
		if err := json.Unmarshal([]byte(got.err), &object); err != nil || object["exit_code"] != 2.0 || object["message"] == "" || got.code != 2 || got.out != "" {
			t.Error(line, err, got)
		}
	}
}

func TestOutputThatIsNotWrittenIsNoSuccess(t *testing.T) {
	home := t.TempDir()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for _, line := range []string{"ping", "version", "jobs list", "robots watch --folder Shared", "rows gtrstab.dhoq/CodePostal --csv", "logs tail -f --folder Shared"} {
		cmd, out, stderr := prepared(home, gateway.Address, strings.Fields(line)...)
		cmd.Stdout = full
		if got := ended(t, cmd.Run(), out, stderr); got.code != 1 || !strings.Contains(got.err, "no space left") {
			t.Error(line, got)
		}
	}
}

func TestAWrongFileOfContextsStopsOnlyWhatNeedsOne(t *testing.T) {
	home := homeWith(t, map[string]string{"config.yaml": "contexts:\n  dev:\n    tarket: x\n"})
	for line, code := range map[string]int{"jobs list": 2, "ping": 2, "context list": 2, "version": 0, "help environment": 0, "completion bash": 0, "explain INVALID_REQUEST": 0} {
		cmd, out, stderr := prepared(home, gateway.Address, strings.Fields(line)...)
		cmd.Env = append(cmd.Env, "RELAIS_CONFIG=config.yaml")
		got := ended(t, cmd.Run(), out, stderr)
		if got.code != code || code == 2 && got.err != "error: config.yaml: line 3: unknown key tarket: did you mean target?\n" {
			t.Error(line, got)
		}
	}
}
