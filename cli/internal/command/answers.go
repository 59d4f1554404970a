package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	relais "github.com/relais-gateway/relais/clients/go"
	campaignv1 "github.com/relais-gateway/relais/clients/go/campaign/v1"
)

var answerForm = shown[*campaignv1.Answer]{[]string{"ANSWER", "ENTITY", "STATUS", "DATE", "CLOSED"}, func(x *campaignv1.Answer) []string {
	status := word(x.Status, "STATUS_")
	if status == "OTHER" {
		status = x.RawStatus
	}
	return []string{last(x.Name), x.Entity, status, dayOf(x.StatusDate), fmt.Sprint(x.Closed)}
}}

func (a *app) answersCommand() *cobra.Command {
	var filter, path string
	var limit int
	listing := &cobra.Command{Use: "list CAMPAIGN", Short: "List the answers of a campaign", Args: cobra.ExactArgs(1), ValidArgsFunction: a.complete("campaigns", campaignNames, 1),
		RunE: a.run(func(ctx context.Context, args []string) error {
			parent, err := a.ofInstance(ctx, "campaigns", args[0])
			if err != nil {
				return err
			}
			return list(ctx, a, a.client.Campaign.ListAnswers, &campaignv1.ListAnswersRequest{Parent: parent, Filter: filter}, (*campaignv1.ListAnswersResponse).GetAnswers, answerForm, limit)
		})}
	listing.Flags().StringVar(&filter, "filter", "", "which: such as 'status = WAITING'")
	limitFlag(listing, &limit)
	downloading := &cobra.Command{Use: "download ANSWER -o FILE", Short: "Fetch an answer", Args: cobra.ExactArgs(1), RunE: a.run(func(ctx context.Context, args []string) error {
		name, err := a.ofInstance(ctx, "answers", args[0])
		if err != nil {
			return err
		}
		saved, err := a.client.Campaign.Download(ctx, name, path)
		if err != nil {
			return err
		}
		return a.saved(saved)
	})}
	fileFlag(downloading, &path)
	return group("answers", "Read the answers of a campaign", listing, downloading)
}

// fileFlag adds -o FILE, which must be given.
func fileFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVarP(path, "out", "o", "", "file to write; it is replaced when all is there")
	_ = cmd.MarkFlagRequired("out")
}

var userForm = shown[*campaignv1.User]{[]string{"USER", "LOGIN", "EMAIL", "NAME", "PRIVILEGE"}, func(u *campaignv1.User) []string {
	return []string{last(u.Name), u.Login, u.Email, strings.TrimSpace(u.FirstName + " " + u.LastName), word(u.Privilege, "PRIVILEGE_")}
}}

func (a *app) usersCommand() *cobra.Command {
	var user campaignv1.User
	var passwordFile, id string
	var groups []string
	var limit int
	listing := &cobra.Command{Use: "list", Short: "List users", Args: cobra.NoArgs, RunE: a.run(func(ctx context.Context, _ []string) error {
		parent, err := a.instance(ctx)
		if err != nil {
			return err
		}
		return list(ctx, a, a.client.Campaign.ListUsers, &campaignv1.ListUsersRequest{Parent: parent}, (*campaignv1.ListUsersResponse).GetUsers, userForm, limit)
	})}
	limitFlag(listing, &limit)
	creating := &cobra.Command{Use: "create LOGIN", Short: "Create a user", Args: cobra.ExactArgs(1),
		Long: "Creates a user. The password comes from a file, so that it stands in no list of processes and no history.",
		RunE: a.run(func(ctx context.Context, args []string) error {
			parent, err := a.instance(ctx)
			if err != nil {
				return err
			}
			password, err := os.ReadFile(filepath.Clean(passwordFile))
			if err != nil {
				return usage("%w", err)
			}
			user.Login, user.Password = args[0], strings.TrimRight(string(password), "\r\n")
			for _, pair := range groups {
				model, group, ok := strings.Cut(pair, ":")
				if !ok {
					return usage("--group is MODEL:GROUP, not %s", pair)
				}
				if !strings.HasPrefix(model, "instances/") {
					model = parent + "/models/" + model
				}
				user.ModelGroups = append(user.ModelGroups, &campaignv1.ModelGroup{Model: model, Group: group})
			}
			made, err := a.client.Campaign.CreateUser(ctx, &campaignv1.CreateUserRequest{Parent: parent, User: &user, RequestId: id})
			if err != nil {
				return err
			}
			return a.show(made)
		})}
	creating.Flags().StringVar(&passwordFile, "password-file", "", "file with the password")
	creating.Flags().StringVar(&user.Email, "email", "", "e-mail address")
	creating.Flags().StringVar(&user.FirstName, "first-name", "", "first name")
	creating.Flags().StringVar(&user.LastName, "last-name", "", "last name")
	creating.Flags().BoolVar(&user.MustChangePassword, "must-change-password", false, "another password must be chosen at the first login")
	creating.Flags().StringArrayVar(&groups, "group", nil, "rights: MODEL:GROUP; several")
	_ = creating.MarkFlagRequired("password-file")
	userNames := func(ctx context.Context, a *app, add func(name, what string) bool) error {
		parent, err := a.instance(ctx)
		if err != nil {
			return err
		}
		return each(relais.List(ctx, a.client.Campaign.ListUsers, &campaignv1.ListUsersRequest{Parent: parent}, (*campaignv1.ListUsersResponse).GetUsers), add, (*campaignv1.User).GetLogin)
	}
	deleting := &cobra.Command{Use: "delete USER", Short: "Delete a user", Args: cobra.ExactArgs(1), ValidArgsFunction: a.complete("users", userNames, 1), RunE: a.run(func(ctx context.Context, args []string) error {
		name, err := a.ofInstance(ctx, "users", args[0])
		if err == nil {
			err = a.confirmed(ctx, "delete "+name)
		}
		if err != nil {
			return err
		}
		if _, err := a.client.Campaign.DeleteUser(ctx, &campaignv1.DeleteUserRequest{Name: name, RequestId: id}); err != nil {
			return err
		}
		a.note("deleted %s", name)
		return nil
	})}
	requestID(creating, &id)
	requestID(deleting, &id)
	cmd := group("users", "Keep the users of an instance", listing, creating, deleting)
	cmd.Annotations = map[string]string{"list": "relais campaigns users list"}
	return cmd
}
