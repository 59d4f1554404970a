// Package generate makes the files that are made of others. A test compares them with those that are committed.
package generate

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/relais-gateway/relais/cli/internal/command"
)

// Files are the generated files by their path from cli/.
var Files = map[string]func() ([]byte, error){
	"../docs/cli.md":               reference,
	"internal/command/reasons.txt": reasons,
}

var value = regexp.MustCompile(`^([A-Z_]+) = [1-9]\d*;$`)

// reasons takes the comments of reason.proto.
func reasons() ([]byte, error) {
	text, err := os.ReadFile("../protos/relais/error/v1/reason.proto")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	var comment []string
	for _, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		found := value.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "//"):
			comment = append(comment, strings.TrimSpace(line[2:]))
			continue
		case found != nil:
			fmt.Fprintf(&out, "%s\n%s\n\n", found[1], strings.Join(comment, "\n"))
		}
		comment = nil
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// reference is the help of all commands on one page.
func reference() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(`# The command line, command by command

Generated from the commands' own help, which "relais COMMAND --help" shows too; [cli/README.md](../cli/README.md) begins at the
beginning.
`)
	root := command.New()
	root.InitDefaultHelpCmd()
	fmt.Fprintf(&out, "\n## Flags of all commands\n\n%s", flags(root.PersistentFlags()))
	describe(&out, root)
	return out.Bytes(), nil
}

func describe(out *bytes.Buffer, cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		if c.HasSubCommands() {
			if c.Parent() == cmd.Root() {
				fmt.Fprintf(out, "\n## %s\n\n%s.\n", c.CommandPath(), c.Short)
			}
			describe(out, c)
			continue
		}
		level := "###"
		if c.Parent() == cmd.Root() {
			level = "##"
		}
		if !c.Runnable() {
			fmt.Fprintf(out, "\n%s %s\n\n```\n%s\n```\n", level, "relais help "+c.Name(), strings.Trim(c.Long, "\n"))
			continue
		}
		c.InitDefaultHelpFlag()
		text := c.Long
		if text == "" {
			text = c.Short + "."
		}
		fmt.Fprintf(out, "\n%s %s\n\n%s\n\n```sh\n%s\n```\n", level, c.CommandPath(), strings.TrimSpace(text), strings.TrimSuffix(c.UseLine(), " [flags]"))
		if c.Example != "" {
			fmt.Fprintf(out, "\nFor example:\n\n```sh\n%s\n```\n", strings.ReplaceAll(strings.TrimPrefix(c.Example, "  "), "\n  ", "\n"))
		}
		if own := flags(c.NonInheritedFlags()); own != "" {
			fmt.Fprintf(out, "\n%s", own)
		}
	}
}

// flags is a table of flags; "" when there are none.
func flags(set *pflag.FlagSet) string {
	var rows []string
	set.VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" {
			return
		}
		name := "`--" + f.Name + "`"
		if f.Shorthand != "" {
			name = "`-" + f.Shorthand + "`, " + name
		}
		_, usage := pflag.UnquoteUsage(f)
		rows = append(rows, fmt.Sprintf("| %s | %s |", name, strings.ReplaceAll(usage, "|", `\|`)))
	})
	if rows == nil {
		return ""
	}
	return "| flag | |\n|---|---|\n" + strings.Join(rows, "\n") + "\n"
}
