// Package gatewaytest starts a gateway with its sandbox for tests.
package gatewaytest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"syscall"
)

// Gateway is one that runs.
type Gateway struct {
	Address string // of gRPC
	Sandbox string // http://…

	process *exec.Cmd
}

var (
	listening = regexp.MustCompile(`^gRPC on ([^ ,]+),`)
	sandbox   = regexp.MustCompile(`^Sandbox on (http://[^ ,]+)`)
)

// Start starts a gateway of the program RELAISD, or else of build/release/bin/relaisd. It ends with its parent.
func Start() (*Gateway, error) {
	program := os.Getenv("RELAISD")
	if program == "" {
		_, file, _, _ := runtime.Caller(0)
		program = filepath.Join(filepath.Dir(file), "../../../build/release/bin/relaisd")
	}
	g := &Gateway{process: exec.Command(program, "dev", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
		"--sandbox-listen", "127.0.0.1:0", "--campaign-listen", "127.0.0.1:0")}
	runtime.LockOSThread() // the signal comes when the thread ends that has started it
	g.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	output, err := g.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := g.process.Start(); err != nil {
		return nil, fmt.Errorf("%w: build relaisd, or say by RELAISD where it is", err)
	}
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			g.Address = found[1]
		}
		if found := sandbox.FindStringSubmatch(lines.Text()); found != nil {
			g.Sandbox = found[1]
			go func() {
				for lines.Scan() { // so that it never waits for a reader
				}
			}()
			return g, nil
		}
	}
	g.Stop()
	return nil, fmt.Errorf("%s dev ended before it listened", program)
}

// Stop ends it.
func (g *Gateway) Stop() {
	_ = g.process.Process.Signal(syscall.SIGTERM)
	_ = g.process.Wait()
}
