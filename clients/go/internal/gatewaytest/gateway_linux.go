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

var listening = regexp.MustCompile(`^gRPC on ([^ ,]+),`)

// Start gives the address of a gateway: RELAIS_TARGET where that is set, else one of its own, of the program RELAISD or
// else build/release/bin/relaisd. The function that it returns ends that one.
func Start() (target string, stop func(), err error) {
	if target := os.Getenv("RELAIS_TARGET"); target != "" {
		return target, func() {}, nil
	}
	program := os.Getenv("RELAISD")
	if program == "" {
		_, file, _, _ := runtime.Caller(0)
		program = filepath.Join(filepath.Dir(file), "../../../../build/release/bin/relaisd")
	}
	gateway := exec.Command(program, "dev", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
		"--sandbox-listen", "127.0.0.1:0", "--campaign-listen", "127.0.0.1:0")
	runtime.LockOSThread() // the signal comes when the thread ends that has started it
	gateway.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	output, err := gateway.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := gateway.Start(); err != nil {
		return "", nil, fmt.Errorf("%w: build relaisd, or say by RELAISD where it is", err)
	}
	stop = func() {
		_ = gateway.Process.Signal(syscall.SIGTERM)
		_ = gateway.Wait()
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			go func() {
				for lines.Scan() { // so that it never waits for a reader
				}
			}()
			return found[1], stop, nil
		}
	}
	stop()
	return "", nil, fmt.Errorf("%s dev ended before it listened", program)
}
