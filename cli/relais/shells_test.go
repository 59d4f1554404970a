package main_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tabbed are what a user has typed before the key Tab, and what that makes of it.
var tabbed = map[string]string{
	"relais jobs sh":              "relais jobs show",
	"relais rows gtrstab.dhoq/Co": "relais rows gtrstab.dhoq/CodePostal",
	"relais robots list --fol":    "relais robots list --folder",
}

func lastWord(line string) string { return line[strings.LastIndex(line, " ")+1:] }

// unpacked is the folder with the shells that tools/setup.sh fetches and does not install.
func unpacked(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../.deps/shells")
	if err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(root + "/.packages-*"); len(found) != 1 {
		t.Fatal(root, "is missing: run tools/setup.sh clients")
	}
	return root
}

// Bash calls the script's function as it does at the key Tab; two functions stand for the package bash-completion and the key.
func TestBashCompletesByTheScript(t *testing.T) {
	home := t.TempDir()
	for typed, made := range tabbed {
		cmd := exec.Command("bash", "-c", `
			source <(relais completion bash)
			complete -p relais >/dev/null || exit 1
			_init_completion() { words=($TYPED); cword=$((${#words[@]} - 1)); cur=${words[cword]}; prev=${words[cword - 1]}; }
			compopt() { :; }
			COMP_TYPE=9; __start_relais; printf '%s\n' "${COMPREPLY[@]}"`)
		cmd.Dir, cmd.Env = home, append(environment(home, gateway.Address), "TYPED="+typed)
		if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != lastWord(made) {
			t.Errorf("%s becomes %q (%v), not %s", typed, out, err, made)
		}
	}
}

// Zsh completes at a key only: it runs in a terminal.
func TestZshCompletesByTheScript(t *testing.T) {
	root := unpacked(t)
	s := newTerminal(t, homeWith(t, map[string]string{
		".zshenv": "module_path=(" + root + "/usr/lib/*/zsh/*(/)) fpath=(" + root + "/usr/share/zsh/functions/**/*(/))\n",
		".zshrc":  "autoload -U compinit; compinit -u -D; source <(relais completion zsh); PS1='ready> '\n",
	}), 100, 12)
	s.keys("exec "+root+"/bin/zsh", "Enter")
	s.seen("\nready>")
	for typed, made := range tabbed {
		s.keys(typed, "Tab")
		s.seen(made)
		s.keys("C-u")
	}
}

// Fish has a command for what the key does.
func TestFishCompletesByTheScript(t *testing.T) {
	root, home := unpacked(t), t.TempDir()
	libraries, err := filepath.Glob(root + "/usr/lib/*-linux-*")
	if err != nil {
		t.Fatal(err)
	}
	for typed, made := range tabbed {
		cmd := exec.Command(root+"/usr/bin/fish", "--no-config", "-c", "relais completion fish | source; complete --do-complete=$TYPED")
		cmd.Dir = home
		cmd.Env = append(environment(home, gateway.Address), "TYPED="+typed, "LD_LIBRARY_PATH="+strings.Join(libraries, ":"))
		if out, err := cmd.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), lastWord(made)+"\t") || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%s becomes %q (%v), not %s", typed, out, err, made)
		}
	}
}
