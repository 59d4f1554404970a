package command

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/relais-gateway/relais/cli/internal/config"
)

const (
	completionTime = time.Second
	completionMost = 200
	completionLife = 30 * time.Second
)

// completeMethods are the methods that `call` takes.
func completeMethods(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var names []string
	for _, method := range methods() {
		names = append(names, shortMethod(method))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) completeContexts(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	file, err := config.Load()
	if err != nil {
		return cobra.AppendActiveHelp(nil, err.Error()), cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for name, c := range file.Contexts {
		names = append(names, cobra.CompletionWithDesc(name, c.Target))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// names asks the gateway for names to complete with: a name, a tab and what it is, for each.
type names func(ctx context.Context, a *app, add func(name, what string) bool) error

// complete makes a completion of names of the live gateway. It asks for a second at most, for 200 at most, and keeps what
// it was told for 30 seconds. A failure shows one line and no names.
func (a *app) complete(kind string, ask names, most int) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		const directive = cobra.ShellCompDirectiveNoFileComp
		if len(args) >= most {
			return nil, directive
		}
		if err := a.begin(cmd); err != nil {
			return cobra.AppendActiveHelp(nil, err.Error()), directive
		}
		a.quiet = true
		asked := kind
		if folder := cmd.Flag("folder"); folder != nil && kind != "folder" {
			asked += " of " + folder.Value.String()
		}
		cache := a.cacheOf(asked)
		if found, ok := cached(cache); ok {
			return found, directive
		}
		ctx, cancel := context.WithTimeout(context.Background(), completionTime)
		defer cancel()
		found := []string{}
		err := a.connect()
		if err == nil {
			defer a.client.Close()
			err = ask(ctx, a, func(name, what string) bool {
				found = append(found, cobra.CompletionWithDesc(name, what))
				return len(found) < completionMost
			})
		}
		if err != nil {
			return cobra.AppendActiveHelp(nil, fmt.Sprintf("no names: %s does not tell them now (relais ping says more)", a.target)), directive
		}
		if text, err := json.Marshal(found); err == nil && os.MkdirAll(filepath.Dir(cache), 0o700) == nil {
			_ = os.WriteFile(cache, text, 0o600)
		}
		return found, directive
	}
}

// cacheOf is the file with what was told of a kind by this gateway, under this context.
func (a *app) cacheOf(kind string) string {
	folder, err := os.UserCacheDir()
	if err != nil {
		folder = os.TempDir()
	}
	key := fnv.New64a()
	fmt.Fprintln(key, kind, a.target, a.contextName, a.defaults(), a.tokenFile)
	return filepath.Join(folder, "relais", "completion", fmt.Sprintf("%x.json", key.Sum64()))
}

func cached(path string) ([]string, bool) {
	info, err := os.Stat(path)
	if err != nil || time.Since(info.ModTime()) > completionLife {
		return nil, false
	}
	text, err := os.ReadFile(path)
	var found []string
	return found, err == nil && json.Unmarshal(text, &found) == nil
}

// each adds what a list gives, until enough is there.
func each[T named](all func(yield func(T, error) bool), add func(name, what string) bool, what func(T) string) error {
	for item, err := range all {
		if err != nil {
			return err
		}
		if !add(last(item.GetName()), strings.ReplaceAll(what(item), "\n", " ")) {
			return nil
		}
	}
	return nil
}

// eachCalled adds the display names that a list gives, and the last segments of names where a display name is that of several.
func eachCalled[T interface {
	named
	GetDisplayName() string
}](all func(yield func(T, error) bool), add func(name, what string) bool, what func(T) string) error {
	var items []T
	called := map[string]int{}
	for item, err := range all {
		if err != nil {
			return err
		}
		items = append(items, item)
		called[strings.ToLower(item.GetDisplayName())]++
	}
	for _, item := range items {
		name, text := item.GetDisplayName(), what(item)
		if called[strings.ToLower(name)] > 1 {
			name, text = last(item.GetName()), name+" "+text
		}
		if !add(name, strings.ReplaceAll(text, "\n", " ")) {
			break
		}
	}
	return nil
}
