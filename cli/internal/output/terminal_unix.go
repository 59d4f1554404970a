//go:build !windows

package output

import "os"

// drawable tells whether a terminal understands what colours and redraws.
func drawable(*os.File) bool { return os.Getenv("TERM") != "dumb" }
