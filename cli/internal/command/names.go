package command

import (
	"context"
	"os"
	"strings"

	"golang.org/x/term"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/relais-gateway/relais/cli/internal/config"
	relais "github.com/relais-gateway/relais/clients/go"
	campaignv1 "github.com/relais-gateway/relais/clients/go/campaign/v1"
	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
	robotv1 "github.com/relais-gateway/relais/clients/go/robot/v1"
)

func (a *app) inIsTerminal() bool {
	file, ok := a.in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func (a *app) defaults() config.Defaults {
	if a.context != nil {
		return a.context.Defaults
	}
	return config.Defaults{}
}

type named interface {
	proto.Message
	GetName() string
}

// only is the default, or else the only thing that a list method gives.
func only[Req proto.Message, Res interface{ GetNextPageToken() string }, T named](ctx context.Context, kind, collection, fallback string,
	method func(context.Context, Req, ...grpc.CallOption) (Res, error), req Req, items func(Res) []T) (string, error) {
	if fallback != "" {
		return under(collection, fallback), nil
	}
	var names []string
	for item, err := range relais.List(ctx, method, req, items) {
		if err != nil {
			return "", err
		}
		names = append(names, item.GetName())
	}
	if len(names) == 1 {
		return names[0], nil
	}
	if len(names) == 0 {
		return "", usage("the gateway has no %s", kind)
	}
	return "", usage("which %s? Give the whole name, or a default: relais context set NAME --default %s=…; there are %s", kind, kind, strings.Join(names, ", "))
}

// under puts a short name below a collection; a name that begins with it is whole.
func under(collection, name string) string {
	if strings.HasPrefix(name, strings.TrimSuffix(collection, "/")[:strings.Index(collection+"/", "/")]+"/") {
		return name
	}
	return collection + name
}

func (a *app) queue(ctx context.Context, name string) (string, error) {
	if name != "" {
		return under("queues/", name), nil
	}
	return only(ctx, "queue", "queues/", a.defaults().Queue, a.client.JobQueue.ListQueues, &jobqueuev1.ListQueuesRequest{}, (*jobqueuev1.ListQueuesResponse).GetQueues)
}

func (a *app) erp(ctx context.Context) (string, error) {
	return only(ctx, "erp", "erps/", a.defaults().ERP, a.client.RecordSQL.ListErps, &recordsqlv1.ListErpsRequest{}, (*recordsqlv1.ListErpsResponse).GetErps)
}

func (a *app) instance(ctx context.Context) (string, error) {
	return only(ctx, "instance", "instances/", a.defaults().Instance, a.client.Campaign.ListInstances, &campaignv1.ListInstancesRequest{}, (*campaignv1.ListInstancesResponse).GetInstances)
}

// folder is that of robots: given, of the context, or the only one. A short name is one of the only orchestrator's.
func (a *app) folder(ctx context.Context, name string) (string, error) {
	if name == "" {
		name = a.defaults().Folder
	}
	if strings.HasPrefix(name, "orchestrators/") {
		return name, nil
	}
	orchestrator, err := only(ctx, "orchestrator", "orchestrators/", "", a.client.Robot.ListOrchestrators, &robotv1.ListOrchestratorsRequest{}, (*robotv1.ListOrchestratorsResponse).GetOrchestrators)
	if err != nil {
		return "", err
	}
	if name != "" {
		return orchestrator + "/folders/" + name, nil
	}
	return only(ctx, "folder", "folders/", "", a.client.Robot.ListFolders, &robotv1.ListFoldersRequest{Parent: orchestrator}, (*robotv1.ListFoldersResponse).GetFolders)
}

func queueNames(ctx context.Context, a *app, add func(name, what string) bool) error {
	return each(relais.List(ctx, a.client.JobQueue.ListQueues, &jobqueuev1.ListQueuesRequest{}, (*jobqueuev1.ListQueuesResponse).GetQueues), add, (*jobqueuev1.Queue).GetDisplayName)
}

// folderNames are ids: display names need not be of one folder only.
func folderNames(ctx context.Context, a *app, add func(name, what string) bool) error {
	for o, err := range relais.List(ctx, a.client.Robot.ListOrchestrators, &robotv1.ListOrchestratorsRequest{}, (*robotv1.ListOrchestratorsResponse).GetOrchestrators) {
		if err != nil {
			return err
		}
		if err := each(relais.List(ctx, a.client.Robot.ListFolders, &robotv1.ListFoldersRequest{Parent: o.Name}, (*robotv1.ListFoldersResponse).GetFolders), add, (*robotv1.Folder).GetDisplayName); err != nil {
			return err
		}
	}
	return nil
}

// folderOf is the folder that a whole name of something of robots lies in; "" for a short name.
func folderOf(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) < 4 || parts[0] != "orchestrators" || parts[2] != "folders" {
		return ""
	}
	return strings.Join(parts[:4], "/")
}

// below completes a short name of something that lies below what `parent` gives.
func below(ctx context.Context, first, collection, name string, parent func(context.Context) (string, error)) (string, error) {
	if strings.HasPrefix(name, first+"/") {
		return name, nil
	}
	top, err := parent(ctx)
	return top + "/" + collection + "/" + name, err
}

func (a *app) job(ctx context.Context, name string) (string, error) {
	return below(ctx, "queues", "jobs", name, func(ctx context.Context) (string, error) { return a.queue(ctx, "") })
}

func (a *app) ofInstance(ctx context.Context, collection, name string) (string, error) {
	return below(ctx, "instances", collection, name, a.instance)
}

// jobsOf are the whole names of some jobs.
func (a *app) jobsOf(ctx context.Context, names []string) ([]string, error) {
	whole := make([]string, len(names))
	for i, name := range names {
		var err error
		if whole[i], err = a.job(ctx, name); err != nil {
			return nil, err
		}
	}
	return whole, nil
}

// recordSQL is the whole name of one: whole, or DICTIONARY/NAME.
func (a *app) recordSQL(ctx context.Context, name string) (string, error) {
	if strings.HasPrefix(name, "erps/") {
		return name, nil
	}
	dictionary, record, ok := strings.Cut(name, "/")
	if !ok {
		return "", usage("a RecordSql is DICTIONARY/NAME, such as gtrstab.dhoq/CodePostal. See: relais recordsqls list")
	}
	erp, err := a.erp(ctx)
	return erp + "/dictionaries/" + dictionary + "/recordSqls/" + record, err
}

// last is the last segment of a name.
func last(name string) string { return name[strings.LastIndex(name, "/")+1:] }

// word is an enum's value without what all of its values begin with.
func word(value interface{ String() string }, prefix string) string {
	if text := strings.TrimPrefix(value.String(), prefix); text != "UNSPECIFIED" {
		return text
	}
	return ""
}
