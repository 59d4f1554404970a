package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	relais "github.com/relais-gateway/relais/clients/go"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

var recordSQLForm = shown[*recordsqlv1.RecordSql]{[]string{"RECORDSQL", "TABLE", "COMMENT"}, func(r *recordsqlv1.RecordSql) []string {
	return []string{shortRecordSQL(r.Name), r.Table, r.Comment}
}}

// shortRecordSQL is DICTIONARY/NAME.
func shortRecordSQL(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) != 6 {
		return name
	}
	return parts[3] + "/" + parts[5]
}

// recordSQLs are those of all dictionaries of an ERP, or of one dictionary.
func (a *app) recordSQLs(ctx context.Context, erp, dictionary string) func(func(*recordsqlv1.RecordSql, error) bool) {
	return func(yield func(*recordsqlv1.RecordSql, error) bool) {
		for d, err := range relais.List(ctx, a.client.RecordSQL.ListDictionaries, &recordsqlv1.ListDictionariesRequest{Parent: erp}, (*recordsqlv1.ListDictionariesResponse).GetDictionaries) {
			if err != nil {
				yield(nil, err)
				return
			}
			if dictionary != "" && !strings.EqualFold(last(d.Name), dictionary) {
				continue
			}
			for r, err := range relais.List(ctx, a.client.RecordSQL.ListRecordSqls, &recordsqlv1.ListRecordSqlsRequest{Parent: d.Name}, (*recordsqlv1.ListRecordSqlsResponse).GetRecordSqls) {
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
	}
}

func recordSQLNames(ctx context.Context, a *app, add func(name, what string) bool) error {
	erp, err := a.erp(ctx)
	if err != nil {
		return err
	}
	for r, err := range a.recordSQLs(ctx, erp, "") {
		if err != nil {
			return err
		}
		if !add(shortRecordSQL(r.Name), r.Comment) {
			break
		}
	}
	return nil
}

func (a *app) recordsqlsCommand() *cobra.Command {
	list := &cobra.Command{Use: "list [DICTIONARY]", Short: "List what can be read with `rows`", Args: cobra.MaximumNArgs(1), RunE: a.run(func(ctx context.Context, args []string) error {
		erp, err := a.erp(ctx)
		if err != nil {
			return err
		}
		return listOf(a, a.recordSQLs(ctx, erp, strings.Join(args, "")), recordSQLForm, 0)
	})}
	show := &cobra.Command{Use: "show NAME", Short: "Show columns, cases and orders", Args: cobra.ExactArgs(1), ValidArgsFunction: a.complete("recordsqls", recordSQLNames, 1),
		Annotations: map[string]string{"list": "relais recordsqls list"},
		RunE: a.run(func(ctx context.Context, args []string) error {
			name, err := a.recordSQL(ctx, args[0])
			if err != nil {
				return err
			}
			record, err := a.client.RecordSQL.GetRecordSql(ctx, &recordsqlv1.GetRecordSqlRequest{Name: name})
			if err != nil {
				return err
			}
			if a.output != "table" {
				return a.show(record)
			}
			return a.describe(record)
		})}
	return group("recordsqls", "See what can be read of an ERP", list, show)
}

// describe writes a RecordSql as tables.
func (a *app) describe(record *recordsqlv1.RecordSql) error {
	a.out.Line(record.Name, record.Comment)
	rows := [][]string{}
	for _, c := range record.Columns {
		rows = append(rows, []string{c.Name, word(c.Type, "VALUE_TYPE_"), c.Label, c.Join})
	}
	fmt.Fprint(a.out, "\n", a.out.Table([]string{"COLUMN", "TYPE", "LABEL", "JOIN"}, rows, nil))
	rows = nil
	add := func(kind string, cases []*recordsqlv1.ConditionCase) {
		for _, c := range cases {
			var parameters []string
			for _, p := range c.Parameters {
				parameters = append(parameters, p.Name+"="+word(p.Type, "VALUE_TYPE_"))
			}
			rows = append(rows, []string{kind, c.Name, strings.Join(parameters, ", ")})
		}
	}
	add("where", record.WhereCases)
	add("having", record.HavingCases)
	for _, c := range record.OrderByCases {
		rows = append(rows, []string{"order-by", c.Name, strings.Join(c.Columns, ", ")})
	}
	_, err := fmt.Fprint(a.out, "\n", a.out.Table([]string{"CASE", "NAME", "PARAMETERS"}, rows, nil))
	return err
}
