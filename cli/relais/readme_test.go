package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// matches tells whether an output is as the README shows it, where … stands for anything, and a line of it for any lines.
func matches(shown, got string) bool {
	pattern := regexp.QuoteMeta(strings.TrimSpace(shown))
	pattern = regexp.MustCompile(`(?m)^…$`).ReplaceAllString(pattern, `(?s:.*)`)
	pattern = strings.ReplaceAll(pattern, "…", `[^\n]*`)
	return regexp.MustCompile(`^` + pattern + `$`).MatchString(strings.TrimSpace(got))
}

func TestTheReadmeShowsWhatItsCommandsDo(t *testing.T) {
	home := t.TempDir()
	for name, text := range map[string]string{
		"template.xml": "<Template><General><FullName><Item>Build</Item></FullName></General></Template>\n",
		"steels.txt":   "Number,Build,Speed\n1,B-1,36.7\n2,B-2,67.4\n",
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, count := "0", 0
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(read(t, "../README.md"), -1) {
		for _, part := range strings.Split("\n"+block[1], "\n$ ")[1:] {
			command, shown, _ := strings.Cut(part, "\n")
			cmd := exec.Command("sh", "-c", "(exit "+status+"); "+command+"; code=$?; echo $code >status; exit $code")
			cmd.Dir, cmd.Env = home, environment(home, gateway.Address)
			out, _ := cmd.CombinedOutput()
			status = strings.TrimSpace(read(t, filepath.Join(home, "status")))
			got := string(out)
			if strings.Contains(command, "--timeout") { // it watches until then, which is an error
				got = got[:strings.LastIndex(strings.TrimSpace(got), "\n")+1]
			}
			if count++; !matches(shown, got) {
				t.Errorf("$ %s\n%s\nis not what the README shows:\n%s", command, out, shown)
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d commands were found", count)
	}
}
