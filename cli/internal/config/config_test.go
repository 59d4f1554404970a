package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestErrorsNameTheLineAndTheNearestKey(t *testing.T) {
	for text, want := range map[string]string{
		"current: dev\ncontexts:\n  dev:\n    tarket: x\n":      "line 4: unknown key tarket: did you mean target?",
		"contexts:\n  dev: {target: x, defaults: {quue: mi}}\n": "line 2: unknown key quue: did you mean queue?",
		"contexts:\n  dev: {target: x, token: hunter2}\n":       "line 2",
		"current: dev\n":      "current is dev",
		"contexts:\n  dev:\n": "context dev is empty",
		"contexts:\n  dev: {token: {file: a, env: b}}\n":   "one of file, env and command",
		"contexts:\n  dev: {token: {}}\n":                  "one of file, env and command",
		"contexts:\n  dev: {timeout: soon}\n":              "line 2",
		"contexts: {dev: {target: a}, dev: {target: b}}\n": "already",
	} {
		if _, err := parse("config.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "config.yaml: ") {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
	if file, err := parse("config.yaml", nil); err != nil || len(file.Contexts) != 0 {
		t.Error(file, err)
	}
}

func TestEditsKeepCommentsAndWriteOnlyWhatCanBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "relais", "config.yaml")
	t.Setenv("RELAIS_CONFIG", path)
	if err := Edit(Change{[]string{"contexts", "dev", "target"}, "localhost:1"}, Change{[]string{"current"}, "dev"}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte("# of the whole team\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Edit(Change{[]string{"contexts", "dev", "ca_file"}, "ca.pem"}, Change{[]string{"contexts", "dev", "defaults", "queue"}, "mi"}); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(before), "# of the whole team\n") {
		t.Error(string(before), err)
	}
	file, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	dev := file.Contexts["dev"]
	if dev.Target != "localhost:1" || dev.CAFile != filepath.Join(filepath.Dir(path), "ca.pem") || dev.Defaults.Queue != "mi" || file.Current != "dev" {
		t.Errorf("%+v", dev)
	}
	if err := Edit(Change{[]string{"current"}, "none"}); err == nil {
		t.Error("a current context that is not there was written")
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Error(string(after), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
}
