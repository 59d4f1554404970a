// Docs writes what is made of other files: docs/cli.md, the meanings of reasons, and with a folder also man pages.
//
//	go run ./internal/docs [FOLDER_OF_MAN_PAGES]     # from cli/
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra/doc"

	"github.com/relais-gateway/relais/cli/internal/command"
	"github.com/relais-gateway/relais/cli/internal/docs/generate"
)

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func write(folders []string) error {
	if len(folders) > 0 {
		if err := os.MkdirAll(folders[0], 0o777); err != nil {
			return err
		}
		date := time.Unix(0, 0).UTC()
		return doc.GenManTree(command.New(), &doc.GenManHeader{Section: "1", Source: "relais", Manual: "Relais", Date: &date}, folders[0])
	}
	for path, make := range generate.Files {
		text, err := make()
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o666); err != nil {
			return err
		}
	}
	return nil
}
