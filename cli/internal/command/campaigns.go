package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/genproto/googleapis/type/date"

	relais "github.com/relais-gateway/relais/clients/go"
	campaignv1 "github.com/relais-gateway/relais/clients/go/campaign/v1"
)

var campaignForm = shown[*campaignv1.Campaign]{[]string{"CAMPAIGN", "KIND", "STATE", "DATE", "MODEL"}, func(c *campaignv1.Campaign) []string {
	state := word(c.State, "STATE_")
	if state == "OTHER" {
		state = c.RawState
	}
	return []string{last(c.Name), word(c.Kind, "KIND_"), state, dayOf(c.StatementDate), c.ModelDisplayName}
}}

func runState(r *campaignv1.ActionRun) string {
	if r.State == campaignv1.ActionRun_STATE_OTHER {
		return r.RawState
	}
	return word(r.State, "STATE_")
}

func campaignNames(ctx context.Context, a *app, add func(name, what string) bool) error {
	parent, err := a.instance(ctx)
	if err != nil {
		return err
	}
	return each(a.campaigns(ctx, parent, ""), add, func(c *campaignv1.Campaign) string { return c.ModelDisplayName + " " + word(c.State, "STATE_") })
}

func (a *app) campaigns(ctx context.Context, parent, filter string) func(func(*campaignv1.Campaign, error) bool) {
	return relais.List(ctx, a.client.Campaign.ListCampaigns, &campaignv1.ListCampaignsRequest{Parent: parent, Filter: filter}, (*campaignv1.ListCampaignsResponse).GetCampaigns)
}

// message is the whole name of one: whole, or MODEL/NAME.
func (a *app) message(ctx context.Context, name string) (string, error) {
	if strings.HasPrefix(name, "instances/") {
		return name, nil
	}
	model, message, ok := strings.Cut(name, "/")
	if !ok {
		return "", usage("--message is MODEL/NAME, such as Edit-Pays-Ville/launch, not %q", name)
	}
	instance, err := a.instance(ctx)
	return instance + "/models/" + model + "/messages/" + message, err
}

// follow shows the log and the end of an action. A run that went wrong is exit code 8.
func (a *app) follow(ctx context.Context, name string, follow bool, run *campaignv1.ActionRun) error {
	if !follow {
		if a.output != "table" {
			return a.show(run)
		}
		a.out.Line(run.Name, runState(run))
		return nil
	}
	run, err := a.client.Campaign.Follow(ctx, name, func(line *campaignv1.LogLine) {
		if a.output == "table" {
			a.out.Line(line.Text)
		} else {
			_ = a.item(line)
		}
	})
	if err != nil {
		return a.stillRunning(err, []string{runState(run)})
	}
	if a.output != "table" {
		if err := a.item(run); err != nil {
			return err
		}
	} else if text := run.Name + "  " + runState(run); run.Error != "" {
		a.out.Line(text + ": " + run.Error)
	} else {
		a.out.Line(text)
	}
	if !run.Succeeded {
		return unsuccessful
	}
	return nil
}

func (a *app) campaignsCommand() *cobra.Command {
	var filter, message, day, id, action string
	var follow, notAnswered, waiting, invalidated bool
	var limit int
	var entities []string
	statementDate := func() (*date.Date, error) {
		if day == "" {
			return nil, nil
		}
		d, err := dateOf(day)
		if err != nil {
			return nil, usage("--date: %w", err)
		}
		return d, nil
	}
	acting := func(use, short string, names names, f func(ctx context.Context, arg string) (*campaignv1.ActionRun, error)) *cobra.Command {
		cmd := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1), RunE: a.run(func(ctx context.Context, args []string) error {
			run, err := f(ctx, args[0])
			if err != nil {
				return err
			}
			return a.follow(ctx, run.Name, follow, run)
		})}
		cmd.Flags().StringVar(&message, "message", "", "message to send: MODEL/NAME")
		cmd.Flags().BoolVar(&follow, "follow", false, "show its log, and wait until it has ended; 8 when it went wrong")
		requestID(cmd, &id)
		_ = cmd.MarkFlagRequired("message")
		if names != nil {
			cmd.ValidArgsFunction = a.complete("campaigns", names, 1)
		}
		return cmd
	}
	listing := &cobra.Command{Use: "list", Short: "List campaigns", Args: cobra.NoArgs, RunE: a.run(func(ctx context.Context, _ []string) error {
		parent, err := a.instance(ctx)
		if err != nil {
			return err
		}
		return listOf(a, a.campaigns(ctx, parent, filter), campaignForm, limit)
	})}
	listing.Flags().StringVar(&filter, "filter", "", "which: such as 'kind = COLLECTION AND state = OPEN'")
	limitFlag(listing, &limit)
	launching := acting("launch ACTION", "Launch a campaign by the name of its action", nil, func(ctx context.Context, arg string) (*campaignv1.ActionRun, error) {
		parent, err := a.instance(ctx)
		if err != nil {
			return nil, err
		}
		name, err := a.message(ctx, message)
		if err != nil {
			return nil, err
		}
		statement, err := statementDate()
		if err != nil {
			return nil, err
		}
		return a.client.Campaign.LaunchCampaign(ctx, &campaignv1.LaunchCampaignRequest{Parent: parent, Action: arg, Message: name, StatementDate: statement, RequestId: id})
	})
	launching.Flags().StringVar(&day, "date", "", "statement date: 2024-12-31")
	named := func(ctx context.Context, arg string) (string, string, error) {
		name, err := a.ofInstance(ctx, "campaigns", arg)
		if err != nil {
			return "", "", err
		}
		text, err := a.message(ctx, message)
		return name, text, err
	}
	closing := acting("close CAMPAIGN", "Close a campaign", campaignNames, func(ctx context.Context, arg string) (*campaignv1.ActionRun, error) {
		name, text, err := named(ctx, arg)
		if err != nil {
			return nil, err
		}
		return a.client.Campaign.CloseCampaign(ctx, &campaignv1.CloseCampaignRequest{Name: name, Action: action, Message: text, RequestId: id})
	})
	closing.Flags().StringVar(&action, "action", "", "name of the action that closes it")
	_ = closing.MarkFlagRequired("action")
	reminding := acting("remind CAMPAIGN", "Remind those who have not answered", campaignNames, func(ctx context.Context, arg string) (*campaignv1.ActionRun, error) {
		name, text, err := named(ctx, arg)
		if err != nil {
			return nil, err
		}
		return a.client.Campaign.RemindCampaign(ctx, &campaignv1.RemindCampaignRequest{Name: name, Message: text, RemindNotAnswered: notAnswered || !waiting && !invalidated,
			RemindWaiting: waiting, RemindInvalidated: invalidated, Entities: entities, RequestId: id})
	})
	reminding.Flags().BoolVar(&notAnswered, "not-answered", false, "those who have not answered; also when none of these flags is given")
	reminding.Flags().BoolVar(&waiting, "waiting", false, "those whose answer waits for validation")
	reminding.Flags().BoolVar(&invalidated, "invalidated", false, "those whose answer was refused")
	reminding.Flags().StringSliceVar(&entities, "entity", nil, "only these entities; none = all")
	watching := &cobra.Command{Use: "watch RUN", Short: "Show the log of an action until it has ended; 8 when it went wrong", Args: cobra.ExactArgs(1),
		RunE: a.run(func(ctx context.Context, args []string) error {
			name, err := a.ofInstance(ctx, "actionRuns", args[0])
			if err != nil {
				return err
			}
			return a.follow(ctx, name, true, nil)
		})}
	polling := &cobra.Command{Use: "poll", Short: "Let the instance fetch answers, and wait for it", Args: cobra.NoArgs, RunE: a.run(func(ctx context.Context, _ []string) error {
		parent, err := a.instance(ctx)
		if err != nil {
			return err
		}
		started, err := a.client.Campaign.StartPolling(ctx, &campaignv1.StartPollingRequest{Parent: parent, RequestId: id})
		if err != nil {
			return err
		}
		return states(a, a.client.Campaign.WatchPolling(ctx, started.Name), func(p *campaignv1.Polling) string { return word(p.State, "STATE_") }, func(*campaignv1.Polling) string { return "" })
	})}
	requestID(polling, &id)
	cmd := group("campaigns", "Launch and follow campaigns, read their answers", listing, launching, watching, closing, reminding, a.answersCommand(), a.usersCommand(), polling)
	cmd.Annotations = map[string]string{"list": "relais campaigns list"}
	return cmd
}
