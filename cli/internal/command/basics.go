package command

import (
	"context"
	_ "embed"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/relais-gateway/relais/cli/internal/config"
)

// Version is set by the build.
var Version = ""

func version() string {
	if Version != "" {
		return Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "(devel)"
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Tell the version of this command", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			switch a.output {
			case "table":
				fmt.Fprintf(a.out, "relais %s, %s, %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
				return nil
			}
			return a.out.Document([]byte(fmt.Sprintf(`{"version":%q,"go":%q,"platform":"%s/%s"}`, version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)), a.output == "yaml")
		},
	}
}

func (a *app) pingCommand() *cobra.Command {
	return &cobra.Command{
		Use: "ping", Short: "Ask the gateway whether it serves", Args: cobra.NoArgs,
		Long: "Asks the gateway for its health, once, and says at once what is wrong with a connection.",
		RunE: a.run(func(ctx context.Context, _ []string) error {
			begin := time.Now()
			if err := a.client.Ping(ctx); err != nil {
				return err
			}
			took := time.Since(begin).Seconds() * 1000
			if a.output == "table" {
				fmt.Fprintf(a.out, "%s serves, %.1f ms\n", a.target, took)
				return nil
			}
			return a.out.Document([]byte(fmt.Sprintf(`{"target":%q,"serving":true,"milliseconds":%.1f}`, a.target, took)), a.output == "yaml")
		}),
	}
}

// reasonsText has a paragraph a reason: its name, then what reason.proto says.
//
//go:embed reasons.txt
var reasonsText string

// reasons are what the gateway's errors can say, by name.
func reasons() (names []string, texts map[string]string) {
	texts = map[string]string{}
	for _, paragraph := range strings.Split(strings.TrimSpace(reasonsText), "\n\n") {
		name, text, _ := strings.Cut(paragraph, "\n")
		names, texts[name] = append(names, name), text
	}
	return names, texts
}

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use: "explain REASON", Short: "Say what a reason in an error means", Args: cobra.ExactArgs(1),
		Example: "  relais explain REQUEST_IN_PROGRESS",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			names, _ := reasons()
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			names, texts := reasons()
			name := strings.ToUpper(args[0])
			text, ok := texts[name]
			if !ok {
				if near := config.Nearest(name, names); near != "" {
					return usage("there is no reason %s: did you mean %s?", name, near)
				}
				return usage("there is no reason %s. They are: %s", name, strings.Join(names, ", "))
			}
			if a.output == "table" {
				fmt.Fprintf(a.out, "%s\n%s\n", name, text)
				return nil
			}
			return a.out.Document([]byte(fmt.Sprintf(`{"reason":%q,"meaning":%q}`, name, text)), a.output == "yaml")
		},
	}
}
