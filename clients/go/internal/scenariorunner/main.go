// Scenariorunner carries out the commands of clients/scenarios with this client: a JSON object a line in, one out. It
// decides nothing and compares nothing; clients/scenarios/README.md describes commands and answers.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	relais "github.com/relais-gateway/relais/clients/go"
)

// command is one line of the input; which members matter depends on Op.
type command struct {
	ID            any
	Op            string
	Target        string
	Connect       connect
	TimeoutMS     int64 `json:"timeout_ms"`
	CancelAfterMS int64 `json:"cancel_after_ms"`

	Method, Service, Name, Parent, Path string
	Request                             json.RawMessage
	Times, Limit                        int
	Checkpoint                          *string
	BatchMS                             int64 `json:"batch_ms"`
	CheckpointAfter                     int   `json:"checkpoint_after"`
	Getters                             [][3]any
	Until                               until
	UntilJob                            string `json:"until_job"`
	Definition                          json.RawMessage
	Sources                             map[string]source
	RequestID                           string `json:"request_id"`
	Calls                               []command

	slot int // of a parallel command; it has a client of its own, so that events do not mix
}

type connect struct {
	Token      string
	Tokens     []string
	Insecure   bool
	TimeoutMS  int64 `json:"timeout_ms"`
	Attempts   int
	SilenceMS  int64 `json:"silence_ms"`
	GiveUpMS   int64 `json:"give_up_ms"`
	ProgressMS int64 `json:"progress_ms"`
}

type until struct {
	Count    int
	MS       int64
	Complete bool
}

type source struct {
	Path          *string
	Bytes, Reader *string
}

// client is a connection with what its observer has seen since the last answer.
type client struct {
	*relais.Client
	mu     sync.Mutex
	events []map[string]any
}

var (
	clientsMu sync.Mutex
	clients   = map[string]*client{}
)

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// clientOf is the client of a command; the first command for a target makes it.
func clientOf(cmd *command) (*client, error) {
	clientsMu.Lock()
	defer clientsMu.Unlock()
	key, _ := json.Marshal([]any{cmd.Target, cmd.Connect, cmd.slot})
	if found := clients[string(key)]; found != nil {
		return found, nil
	}
	made := &client{events: []map[string]any{}}
	options := relais.Options{
		Insecure: cmd.Connect.Insecure,
		Timeout:  milliseconds(cmd.Connect.TimeoutMS),
		Retry: relais.Retry{
			Attempts: cmd.Connect.Attempts,
			Silence:  milliseconds(cmd.Connect.SilenceMS),
			GiveUp:   milliseconds(cmd.Connect.GiveUpMS),
			Progress: milliseconds(cmd.Connect.ProgressMS),
		},
		Observe: made.observe,
	}
	tokens := cmd.Connect.Tokens
	if cmd.Connect.Token != "" {
		tokens = []string{cmd.Connect.Token}
	}
	if len(tokens) > 0 {
		options.Token = func(context.Context) (string, error) {
			made.mu.Lock()
			defer made.mu.Unlock()
			token := tokens[0]
			if len(tokens) > 1 {
				tokens = tokens[1:]
			}
			return token, nil
		}
	}
	var err error
	if made.Client, err = relais.Connect(cmd.Target, options); err != nil {
		return nil, refused{err}
	}
	clients[string(key)] = made
	return made, nil
}

func (c *client) observe(event relais.Event) {
	seen := map[string]any{"kind": event.Kind, "attempt": event.Attempt, "wait_ms": event.Wait.Milliseconds()}
	if event.Err != nil {
		seen["code"] = codeName(event.Err.Code)
		setText(seen, "reason", reasonName(event.Err))
		setText(seen, "request_id", event.Err.RequestID)
		setText(seen, "call_id", event.Err.CallID)
	}
	c.mu.Lock()
	c.events = append(c.events, seen)
	c.mu.Unlock()
}

func (c *client) taken() []map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	events := c.events
	c.events = []map[string]any{}
	return events
}

// carryOut makes the answer to a command.
func carryOut(cmd *command) map[string]any {
	begin, memory := time.Now(), peakKiB()
	answer, events := map[string]any{}, []map[string]any{}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if cmd.TimeoutMS > 0 {
		ctx, cancel = context.WithTimeout(ctx, milliseconds(cmd.TimeoutMS))
		defer cancel()
	}
	if cmd.CancelAfterMS > 0 {
		inner, cancel := context.WithCancel(ctx)
		timer := time.AfterFunc(milliseconds(cmd.CancelAfterMS), cancel)
		defer timer.Stop()
		ctx = inner
	}
	var err error
	if cmd.Op == "parallel" {
		answer["results"] = parallel(cmd)
	} else {
		var c *client
		if c, err = clientOf(cmd); err == nil {
			err = operation(ctx, c, cmd, answer)
			events = c.taken()
		}
	}
	answer["events"] = events
	if err != nil {
		answer["error"] = errorAnswer(err)
	}
	switch cmd.Op {
	case "rows", "submit", "tail", "watch":
		answer["memory_kib"] = peakKiB() - memory
	}
	answer["id"], answer["ms"] = cmd.ID, time.Since(begin).Milliseconds()
	return answer
}

func parallel(cmd *command) []any {
	results := make([]any, len(cmd.Calls))
	var all sync.WaitGroup
	for i := range cmd.Calls {
		call := &cmd.Calls[i]
		call.slot = i + 1
		if call.Target == "" {
			call.Target, call.Connect = cmd.Target, cmd.Connect
		}
		all.Add(1)
		go func() {
			defer all.Done()
			results[i] = carryOut(call)
		}()
	}
	all.Wait()
	return results
}

// peakKiB is the most memory that this process has had.
func peakKiB() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kib, _ := strconv.ParseInt(number, 10, 64)
	return kib
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var cmd command
		if err := json.Unmarshal(lines.Bytes(), &cmd); err != nil {
			fmt.Fprintln(os.Stderr, "scenariorunner:", err)
			os.Exit(1)
		}
		if err := out.Encode(carryOut(&cmd)); err != nil {
			fmt.Fprintln(os.Stderr, "scenariorunner:", err)
			os.Exit(1)
		}
	}
}
