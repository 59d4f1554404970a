package command

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/relais-gateway/relais/cli/internal/config"
)

// group is a command that only has others below it.
func group(use, short string, below ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short}
	cmd.AddCommand(below...)
	return needsMore(cmd)
}

// needsMore lets a group refuse to run by itself, and say which command below it is meant.
func needsMore(cmd *cobra.Command) *cobra.Command {
	cmd.SuggestionsMinimumDistance, cmd.Args = 2, cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return noCommand(cmd, args[0])
		}
		return usage("%s needs a command. See: %s --help", cmd.CommandPath(), cmd.CommandPath())
	}
	return cmd
}

func noCommand(parent *cobra.Command, name string) error {
	text := fmt.Sprintf("there is no command %q below %q", name, parent.CommandPath())
	if near := parent.SuggestionsFor(name); len(near) > 0 {
		return usage("%s: did you mean %s?", text, near[0])
	}
	return usage("%s. See: %s --help", text, parent.CommandPath())
}

// tightenOwn lets the commands that cobra brings refuse what they do not know. They would succeed otherwise.
func tightenOwn(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			needsMore(cmd).SuggestionsMinimumDistance = 1
		case "help":
			cmd.Args = func(_ *cobra.Command, args []string) error {
				found, rest, err := root.Find(args)
				if err != nil {
					return noCommand(root, args[0])
				}
				if len(rest) > 0 {
					return noCommand(found, rest[0])
				}
				return nil
			}
		}
	}
}

// notice lets each command below one tell that it runs: what went wrong before that is the command line's fault. It also
// sees to it that folders and queues are completed wherever a flag names one.
func (a *app) notice(cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		a.notice(c)
	}
	for flag, names := range map[string]names{"folder": folderNames, "queue": queueNames} {
		if cmd.LocalFlags().Lookup(flag) != nil {
			_ = cmd.RegisterFlagCompletionFunc(flag, a.complete(flag, names, math.MaxInt))
		}
	}
	if cmd.ValidArgsFunction == nil { // files would be offered
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			a.begun = true
			return run(cmd, args)
		}
	}
}

// standsAlone tells whether a command needs neither gateway nor context, so that a wrong file of contexts is no hindrance.
func standsAlone(cmd *cobra.Command) bool {
	for cmd.HasParent() && cmd.Parent().HasParent() {
		cmd = cmd.Parent()
	}
	switch cmd.Name() {
	case "context", "help", "completion", "version", "explain", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd:
		return true
	}
	return false
}

var unknownFlag = regexp.MustCompile(`^unknown flag: --([^=\s]+)`)

// wrongFlag names the nearest flag for one that is not known.
func wrongFlag(cmd *cobra.Command, err error) error {
	if found := unknownFlag.FindStringSubmatch(err.Error()); found != nil {
		var known []string
		cmd.Flags().VisitAll(func(flag *pflag.Flag) { known = append(known, flag.Name) })
		if near := config.Nearest(found[1], known); near != "" {
			return usage("%w: did you mean --%s?", err, near)
		}
	}
	return usage("%w. See: %s --help", err, cmd.CommandPath())
}

// wantsJSON tells whether a command line that could not be read as a whole asks for JSON.
func wantsJSON(args []string) bool {
	return strings.Contains(" "+strings.Join(args, " ")+" ", " --output json ") || strings.Contains(" "+strings.Join(args, " ")+" ", " --output=json ")
}
