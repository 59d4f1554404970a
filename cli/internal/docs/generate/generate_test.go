package generate

import (
	"bytes"
	"os"
	"testing"
)

func TestGeneratedFilesAreNotStale(t *testing.T) {
	t.Chdir("../../..")
	for path, generate := range Files {
		want, err := generate()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run make cli and commit (%v)", path, err)
		}
		if len(want) < 1000 {
			t.Errorf("%s is nearly empty", path)
		}
	}
}
