package relais_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// squeezed is a text without indentation and empty lines.
func squeezed(text string) string {
	return regexp.MustCompile(`\n\s*`).ReplaceAllString("\n"+strings.TrimSpace(text), "\n") + "\n"
}

func TestTheReadmeShowsWhatTheExamplesRun(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := os.ReadFile("examples_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) < 8 {
		t.Fatalf("only %d blocks of code", len(blocks))
	}
	for _, block := range blocks[1:] { // the first is a whole program, which tests/clients/go_module_test.py runs
		if !strings.Contains(squeezed(string(examples)), squeezed(block[1])) {
			t.Errorf("no example has this:\n%s", block[1])
		}
	}
}
