// Package command is the command line: one file a topic.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/relais-gateway/relais/cli/internal/config"
	"github.com/relais-gateway/relais/cli/internal/output"
	relais "github.com/relais-gateway/relais/clients/go"
)

// app is one run of the command.
type app struct {
	in       io.Reader
	out, err *output.Writer

	target, tokenFile, caFile, certFile, keyFile, contextName, output string
	insecure, quiet, verbose, noColor, yes                            bool
	timeout                                                           time.Duration
	whole                                                             bool // --timeout is for the whole command

	context    *config.Context // nil when none is used
	client     *relais.Client
	begun      bool // the command line is right, the command runs
	reconnects atomic.Int32
	progress   *output.Progress
	live       atomic.Bool // the terminal belongs to a table that is redrawn
}

// ErrInterrupted is the cause of a context that Ctrl-C has ended.
var ErrInterrupted = errors.New("interrupted")

// globals are the flags of all commands, which may also come from RELAIS_… or the context.
func (a *app) globals(flags *pflag.FlagSet) {
	flags.StringVar(&a.contextName, "context", "", "context to use instead of the current one")
	flags.StringVar(&a.target, "target", "localhost:50051", "the gateway: host:port or unix:path")
	flags.StringVar(&a.tokenFile, "token-file", "", "file with the bearer token; read for each call")
	flags.StringVar(&a.caFile, "ca-file", "", "certificates (PEM) to trust instead of the system's")
	flags.StringVar(&a.certFile, "cert-file", "", "certificate (PEM) to show, with --key-file")
	flags.StringVar(&a.keyFile, "key-file", "", "key (PEM) of --cert-file")
	flags.BoolVar(&a.insecure, "insecure", false, "plain text to another machine; never with a token")
	flags.DurationVar(&a.timeout, "timeout", time.Minute, "longest time of a call; given as a flag, of the whole command. Waiting, watching and reading have none otherwise")
	flags.StringVar(&a.output, "output", "table", "format: table, json or yaml")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "only data and errors")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "more on stderr: the target, ids of calls")
	flags.BoolVar(&a.noColor, "no-color", false, "no colours; NO_COLOR does the same")
	flags.BoolVarP(&a.yes, "yes", "y", false, "do not ask before something is deleted")
}

// New is the command with all below it. Its streams are those of the process.
func New() *cobra.Command {
	root, _ := newRoot()
	return root
}

func newRoot() (*cobra.Command, *app) {
	a := &app{in: os.Stdin}
	root := &cobra.Command{
		Use:   "relais",
		Short: "Call a Relais gateway: ERPs, job queues, robots, campaigns and exports",
		Long: `Calls a Relais gateway: reads rows of ERPs, submits and watches jobs, follows robots and campaigns, runs exports.

Data goes to stdout, all else to stderr. "relais help output" says how, "relais help exit-codes" what the exit code means,
"relais help environment" where the gateway is found.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.begin(cmd)
		},
	}
	a.globals(root.PersistentFlags())
	a.out, a.err = output.Of(os.Stdout, false), output.Of(os.Stderr, false)
	_ = root.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"table", "json", "yaml"}, cobra.ShellCompDirectiveNoFileComp))
	_ = root.RegisterFlagCompletionFunc("context", a.completeContexts)
	root.SetFlagErrorFunc(wrongFlag)
	root.AddCommand(a.rowsCommand(), a.recordsqlsCommand(), a.jobsCommand(), a.robotsCommand(), a.logsCommand(), a.campaignsCommand(),
		a.exportsCommand(), a.callCommand(), a.explainCommand(), a.contextCommand(), a.pingCommand(), a.versionCommand())
	root.AddCommand(topics()...)
	tightenOwn(root)
	a.notice(root)
	return root, a
}

// Run carries out a command line and gives its exit code.
func Run(ctx context.Context, args []string) int {
	root, a := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	a.progress.Done()
	if a.client != nil {
		_ = a.client.Close()
	}
	if err == nil {
		err = a.out.Failed // what was told has not arrived
	}
	if err == nil {
		return 0
	}
	return a.fail(ctx, root, err)
}

// begin settles what flags, environment and context say, in this order.
func (a *app) begin(cmd *cobra.Command) error {
	a.whole = cmd.Flags().Changed("timeout")
	var err error
	settle := func(name, value string) {
		flag := cmd.Flags().Lookup(name)
		if value == "" || flag.Changed || err != nil {
			return
		}
		if e := flag.Value.Set(value); e != nil {
			err = usage("%s %q: %w", name, value, e)
		}
	}
	var fromEnvironment = map[string]bool{}
	cmd.Root().PersistentFlags().VisitAll(func(flag *pflag.Flag) {
		if flag.Name == "yes" || flag.Name == "help" || flag.Name == "quiet" || flag.Name == "verbose" || flag.Name == "no-color" {
			return
		}
		value := os.Getenv("RELAIS_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_")))
		settle(flag.Name, value)
		fromEnvironment[flag.Name] = value != ""
	})
	if err != nil {
		return err
	}
	file, loadErr := config.Load()
	if loadErr != nil && !standsAlone(cmd) {
		return usage("%w", loadErr)
	}
	if loadErr == nil {
		name := a.contextName
		if name == "" {
			name = file.Current
		}
		a.context = file.Contexts[name]
		if name != "" && a.context == nil && !standsAlone(cmd) {
			return noContext(file, name)
		}
		if c := a.context; c != nil {
			for flag, value := range map[string]string{"target": c.Target, "ca-file": c.CAFile, "cert-file": c.CertFile, "key-file": c.KeyFile, "output": c.Output} {
				if !fromEnvironment[flag] {
					settle(flag, value)
				}
			}
			if c.Timeout > 0 && !fromEnvironment["timeout"] && !a.whole {
				a.timeout = c.Timeout
			}
			a.insecure = a.insecure || c.Insecure
		}
	}
	if err == nil && a.output != "table" && a.output != "json" && a.output != "yaml" {
		err = usage("--output is table, json or yaml, not %s", a.output)
	}
	colour := !a.noColor && os.Getenv("NO_COLOR") == ""
	a.out, a.err = output.Of(os.Stdout, colour), output.Of(os.Stderr, colour)
	return err
}

// limited is the context of a command, with its deadline where --timeout was given.
func (a *app) limited(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	if a.whole && a.timeout > 0 {
		return context.WithTimeout(cmd.Context(), a.timeout)
	}
	return context.WithCancel(cmd.Context())
}

// run makes a command's function of one that gets context and client.
func (a *app) run(f func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		ctx, cancel := a.limited(cmd)
		defer cancel()
		if err := a.connect(); err != nil {
			return err
		}
		return f(ctx, args)
	}
}

// note writes a line to stderr, unless --quiet.
func (a *app) note(format string, values ...any) {
	line := output.Clean(fmt.Sprintf(format, values...))
	if !a.quiet && !a.live.Load() && !a.progress.Log(line) {
		fmt.Fprintln(a.err, line)
	}
}
