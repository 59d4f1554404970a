package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/relais-gateway/relais/cli/internal/gatewaytest"
)

// What all tests share: a folder with the program, a gateway, its sandbox.
var (
	programs string
	gateway  *gatewaytest.Gateway
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if programs, err = os.MkdirTemp("", "relais-cli"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(programs)
		if out, err := exec.Command("go", "build", "-o", programs, ".").CombinedOutput(); err != nil {
			panic(string(out))
		}
		if gateway, err = gatewaytest.Start(); err != nil {
			panic(err)
		}
		defer gateway.Stop()
		return m.Run()
	}())
}

// ownGateway is one that no other test calls: nobody else's jobs stand in its lists. Tests with one may run side by side.
func ownGateway(t *testing.T) string {
	t.Helper()
	own, err := gatewaytest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.Stop)
	return own.Address
}

// environment is that of a user who has configured nothing but the target.
func environment(home, target string) []string {
	env := []string{"HOME=" + home, "PATH=" + programs + ":" + os.Getenv("PATH"), "RELAIS_TARGET=" + target, "TZ=UTC", "TERM=xterm-256color", "LANG=C.UTF-8"}
	return env
}

type result struct {
	out, err string
	code     int
}

// prepared is a command in a folder, which is also the user's home.
func prepared(home, target string, args ...string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
	cmd := exec.Command(filepath.Join(programs, "relais"), args...)
	cmd.Dir, cmd.Env = home, environment(home, target)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	return cmd, &out, &err
}

func run(t *testing.T, home string, args ...string) result {
	t.Helper()
	cmd, out, stderr := prepared(home, gateway.Address, args...)
	return ended(t, cmd.Run(), out, stderr)
}

func ended(t *testing.T, err error, out, stderr *bytes.Buffer) result {
	t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	code := 0
	if exit != nil {
		code = exit.ExitCode()
	}
	return result{out.String(), stderr.String(), code}
}

// cutter is a way to the gateway on which something happens once, when so many bytes have come back.
func cutter(t *testing.T, after int64, happen func()) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	var left atomic.Int64
	left.Store(after)
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", gateway.Address)
			if err != nil {
				_ = client.Close()
				continue
			}
			go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
			go func() {
				defer client.Close()
				buffer := make([]byte, 16<<10)
				for {
					n, err := server.Read(buffer)
					if n > 0 {
						if before := left.Add(-int64(n)) + int64(n); before > 0 && before <= int64(n) {
							happen()
							_ = server.Close()
							return
						}
						if _, err := client.Write(buffer[:n]); err != nil {
							return
						}
					}
					if err != nil {
						return
					}
				}
			}()
		}
	}()
	return listener.Addr().String()
}

func signalled(cmd *exec.Cmd, signal syscall.Signal) func() {
	return func() { _ = cmd.Process.Signal(signal) }
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

func (r result) String() string { return fmt.Sprintf("exit %d\n%s%s", r.code, r.out, r.err) }
