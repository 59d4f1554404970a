package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shape matches an output that is as it is shown, where … stands for anything, a line of it for any lines or none, and
// <name> for a word without blanks, quotes and slashes.
func shape(shown string) *regexp.Regexp {
	pattern := regexp.QuoteMeta(shown)
	pattern = regexp.MustCompile(`(?m)^…\n`).ReplaceAllString(pattern, `(?s:(?:.*\n)?)`)
	pattern = regexp.MustCompile(`(?m)^…$`).ReplaceAllString(pattern, `(?s:.*)`)
	pattern = strings.ReplaceAll(pattern, "…", `[^\n]*`)
	pattern = regexp.MustCompile(`<(\w+)>`).ReplaceAllString(pattern, `(?P<$1>[^\s/"]+)`)
	return regexp.MustCompile(`^` + pattern + `$`)
}

func TestTheReadmeShowsWhatItsCommandsDo(t *testing.T) {
	t.Parallel()
	home, fresh := t.TempDir(), ownGateway(t)
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
			cmd.Dir, cmd.Env = home, environment(home, fresh)
			out, _ := cmd.CombinedOutput()
			status = strings.TrimSpace(read(t, filepath.Join(home, "status")))
			got := string(out)
			if strings.Contains(command, "--timeout") { // it watches until then, which is an error
				got = got[:strings.LastIndex(strings.TrimSpace(got), "\n")+1]
			}
			if count++; !shape(strings.TrimSpace(shown)).MatchString(strings.TrimSpace(got)) {
				t.Errorf("$ %s\n%s\nis not what the README shows:\n%s", command, out, shown)
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d commands were found", count)
	}
}
