package command

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/relais-gateway/relais/cli/internal/config"
)

func (a *app) contextCommand() *cobra.Command {
	below := []*cobra.Command{
		{Use: "list", Short: "List the contexts", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.listContexts() }},
		{Use: "show [NAME]", Short: "Show a context, or the current one", Args: cobra.MaximumNArgs(1), RunE: func(_ *cobra.Command, args []string) error {
			file, err := config.Load()
			if err != nil {
				return usage("%w", err)
			}
			name := strings.Join(args, "")
			if name == "" {
				name = file.Current
			}
			if name == "" {
				return usage("no context is in use. See: relais context list")
			}
			if file.Contexts[name] == nil {
				return noContext(file, name)
			}
			text, err := json.Marshal(shownContext(name, file.Contexts[name]))
			if err != nil {
				return err
			}
			return a.object(text)
		}},
		{Use: "use NAME", Short: "Make a context the current one", Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error {
			file, err := config.Load()
			if err != nil {
				return usage("%w", err)
			}
			if file.Contexts[args[0]] == nil {
				return noContext(file, args[0])
			}
			return configured(config.Edit(config.Change{Path: []string{"current"}, Value: args[0]}))
		}},
		{Use: "delete NAME", Short: "Delete a context", Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error {
			file, err := config.Load()
			if err != nil {
				return usage("%w", err)
			}
			if file.Contexts[args[0]] == nil {
				return noContext(file, args[0])
			}
			changes := []config.Change{{Path: []string{"contexts", args[0]}}}
			if file.Current == args[0] {
				changes = append(changes, config.Change{Path: []string{"current"}})
			}
			return configured(config.Edit(changes...))
		}},
		a.setContextCommand(),
	}
	for _, cmd := range below {
		cmd.ValidArgsFunction = a.completeContexts
	}
	return group("context", "Keep gateways under names, with defaults for short names", below...)
}

func (a *app) setContextCommand() *cobra.Command {
	var env, command string
	var defaults map[string]string
	cmd := &cobra.Command{
		Use: "set NAME", Short: "Make a context or change some of it", Args: cobra.ExactArgs(1),
		Long:    "Makes a context or changes some of it, by the flags that are given. The first one becomes the current one.",
		Example: "  relais context set prod --target relais.example:443 --token-file ~/.relais-token --default queue=mi --default instance=gt",
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := config.Load()
			if err != nil {
				return usage("%w", err)
			}
			path := func(keys ...string) []string { return append([]string{"contexts", args[0]}, keys...) }
			var changes []config.Change
			for flag, key := range map[string]string{"target": "target", "ca-file": "ca_file", "cert-file": "cert_file", "key-file": "key_file", "output": "output", "timeout": "timeout", "insecure": "insecure"} {
				if f := cmd.Flags().Lookup(flag); f.Changed && flag != "insecure" {
					changes = append(changes, config.Change{Path: path(key), Value: f.Value.String()})
				} else if f.Changed {
					changes = append(changes, config.Change{Path: path(key), Value: a.insecure})
				}
			}
			switch {
			case cmd.Flags().Changed("token-file"):
				changes = append(changes, config.Change{Path: path("token"), Value: map[string]string{"file": a.tokenFile}})
			case env != "":
				changes = append(changes, config.Change{Path: path("token"), Value: map[string]string{"env": env}})
			case command != "":
				changes = append(changes, config.Change{Path: path("token"), Value: map[string][]string{"command": strings.Fields(command)}})
			}
			for key, value := range defaults {
				changes = append(changes, config.Change{Path: path("defaults", key), Value: value})
			}
			if len(changes) == 0 {
				return usage("say what to set: --target, --token-file, --default …")
			}
			slices.SortFunc(changes, func(x, y config.Change) int {
				return strings.Compare(strings.Join(x.Path, "/"), strings.Join(y.Path, "/"))
			})
			if file.Contexts[args[0]] == nil && len(file.Contexts) == 0 {
				changes = append([]config.Change{{Path: []string{"current"}, Value: args[0]}}, changes...)
			}
			return configured(config.Edit(changes...))
		},
	}
	cmd.Flags().StringVar(&env, "token-env", "", "variable with the bearer token")
	cmd.Flags().StringVar(&command, "token-command", "", "program, with its arguments, that prints the bearer token")
	cmd.Flags().StringToStringVar(&defaults, "default", nil, "erp, queue, folder or instance that short names mean: KEY=NAME")
	return cmd
}

// noContext says that there is none of a name, and which one may be meant.
func noContext(file *config.File, name string) error {
	if near := config.Nearest(name, slices.Sorted(maps.Keys(file.Contexts))); near != "" {
		return usage("there is no context %s: did you mean %s?", name, near)
	}
	return usage("there is no context %s. See: relais context list", name)
}

func configured(err error) error {
	if err != nil {
		return usage("%w", err)
	}
	return nil
}

func shownContext(name string, c *config.Context) map[string]any {
	shown := map[string]any{"name": name}
	for key, value := range map[string]string{"target": c.Target, "ca_file": c.CAFile, "cert_file": c.CertFile, "key_file": c.KeyFile, "output": c.Output,
		"erp": c.Defaults.ERP, "queue": c.Defaults.Queue, "folder": c.Defaults.Folder, "instance": c.Defaults.Instance} {
		if value != "" {
			shown[key] = value
		}
	}
	if t := c.Token; t != nil {
		shown["token_from"] = strings.TrimSpace(t.File + t.Env + strings.Join(t.Command, " "))
	}
	if c.Timeout > 0 {
		shown["timeout"] = c.Timeout.String()
	}
	if c.Insecure {
		shown["insecure"] = true
	}
	return shown
}

func (a *app) listContexts() error {
	file, err := config.Load()
	if err != nil {
		return usage("%w", err)
	}
	var names []string
	for name := range file.Contexts {
		names = append(names, name)
	}
	slices.Sort(names)
	if a.output != "table" {
		shown := []any{}
		for _, name := range names {
			one := shownContext(name, file.Contexts[name])
			one["current"] = name == file.Current
			shown = append(shown, one)
		}
		text, err := json.Marshal(shown)
		if err != nil {
			return err
		}
		return a.out.Document(text, a.output == "yaml")
	}
	var rows [][]string
	for _, name := range names {
		current := ""
		if name == file.Current {
			current = "*"
		}
		rows = append(rows, []string{current, name, file.Contexts[name].Target})
	}
	_, err = fmt.Fprint(a.out, a.out.Table([]string{"", "CONTEXT", "TARGET"}, rows, nil))
	return err
}
