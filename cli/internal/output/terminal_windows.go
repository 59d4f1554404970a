package output

import (
	"os"

	"golang.org/x/sys/windows"
)

// drawable switches a console's understanding of sequences on. A console without it gets plain lines.
func drawable(file *os.File) bool {
	var mode uint32
	handle := windows.Handle(file.Fd())
	if windows.GetConsoleMode(handle, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
