package command

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/relais-gateway/relais/cli/internal/output"
	relais "github.com/relais-gateway/relais/clients/go"
	recordsqlv1 "github.com/relais-gateway/relais/clients/go/recordsql/v1"
)

// rowFlags are those of `rows`.
type rowFlags struct {
	fields                                    []string
	where, orderBy, companyFile, keyset, file string
	query, resume                             string
	parameters                                map[string]string
	csv, ndjson, table                        bool
	pageSize                                  int32
	limit                                     int64
	layout                                    layout
}

func (a *app) rowsCommand() *cobra.Command {
	var f rowFlags
	cmd := &cobra.Command{
		Use:   "rows NAME",
		Short: "Read rows of an ERP",
		Long: `Reads all rows of a RecordSql, in bounded memory, and goes on where a stream breaks. NAME is whole, or DICTIONARY/NAME.

With -o FILE the rows go to FILE.part, and what has been read is kept in FILE.part.checkpoint: "relais rows --resume FILE"
goes on behind the last batch. --keyset names a unique column whose order the rows come in; pages are then cut by value, so
that rows inserted meanwhile neither repeat nor hide others.`,
		Example: "  relais rows gtrstab.dhoq/CodePostal --field CPOSTAL,VIL --where Like_Cpostal --param 'cpostal=67%'\n" +
			"  relais rows gtrsmou.dhoq/Mouvement --keyset MOUV.MOUV_ID -o mou.csv\n" +
			"  relais rows --resume mou.csv",
		Args: cobra.MaximumNArgs(1),
		RunE: a.run(func(ctx context.Context, args []string) error {
			if f.resume != "" {
				if len(args) > 0 || f.file != "" {
					return usage("--resume FILE knows the rest: no name, no -o")
				}
				return a.resumeRows(ctx, f.resume)
			}
			request, err := a.rowsRequest(ctx, args, &f)
			if err != nil {
				return err
			}
			format, err := f.format(a.output)
			if err != nil {
				return err
			}
			f.layout.Format = format
			if f.file != "" {
				return a.rowsToFile(ctx, f.file, checkpoint{Layout: f.layout, Limit: f.limit}, request)
			}
			return a.readRows(ctx, request, newRowWriter(a.out, f.layout), f.limit, 0, "", nil)
		}),
		ValidArgsFunction: a.complete("recordsqls", recordSQLNames, 1),
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.fields, "field", nil, "columns to read, several or with commas; none = all")
	flags.StringVar(&f.where, "where", "", "where case: which rows")
	flags.StringToStringVar(&f.parameters, "param", nil, "parameter of the where case: NAME=VALUE")
	flags.StringVar(&f.orderBy, "order-by", "", "order-by case; none = by row id")
	flags.StringVar(&f.companyFile, "company-file", "", "company file to read instead of the user's own")
	flags.StringVar(&f.keyset, "keyset", "", "unique column in whose order rows come: TABLE.FIELD")
	flags.StringVar(&f.query, "query", "", "file with a relais.recordsql.v1.Query in JSON or YAML, for filters and joins")
	flags.Int64VarP(&f.limit, "limit", "n", 0, "at most so many rows; 0 = all")
	flags.Int32Var(&f.pageSize, "page-size", 0, "rows a request of the gateway's to the ERP; 0 = the most that it gives")
	flags.BoolVar(&f.csv, "csv", false, "write CSV")
	flags.BoolVar(&f.ndjson, "ndjson", false, "write an object a line")
	flags.BoolVar(&f.table, "table", false, "write a table, for people")
	flags.StringVarP(&f.file, "out", "o", "", "file to write; CSV, unless its name ends in .ndjson")
	flags.StringVar(&f.resume, "resume", "", "file to go on with")
	flags.BoolVar(&f.layout.BOM, "bom", false, "begin with a byte order mark, for spreadsheets")
	flags.BoolVar(&f.layout.CRLF, "crlf", false, `end CSV lines with \r\n`)
	flags.StringVar(&f.layout.Delimiter, "delimiter", ",", `between CSV cells: one character; \t = tab`)
	cmd.MarkFlagsMutuallyExclusive("csv", "ndjson", "table")
	return cmd
}

// format is what the flags, the file's name or --output ask for.
func (f *rowFlags) format(global string) (string, error) {
	if d := f.layout.Delimiter; d == `\t` {
		f.layout.Delimiter = "\t"
	} else if len([]rune(d)) != 1 || strings.ContainsAny(d, "\"\r\n\uFFFD") {
		return "", usage("--delimiter is one character, and no quotation mark")
	}
	lower := strings.ToLower(f.file)
	switch {
	case f.table && f.file != "":
		return "", usage("-o FILE takes --csv or --ndjson: a table is for people")
	case f.csv:
		return "csv", nil
	case f.ndjson:
		return "ndjson", nil
	case strings.HasSuffix(lower, ".ndjson") || strings.HasSuffix(lower, ".jsonl"):
		return "ndjson", nil
	case f.file != "" && !f.table:
		return "csv", nil
	case global == "json" && !f.table:
		return "ndjson", nil
	case global == "yaml":
		return "", usage("rows come as --table, --csv or --ndjson, not as yaml")
	}
	return "table", nil
}

func (a *app) rowsRequest(ctx context.Context, args []string, f *rowFlags) (*recordsqlv1.StreamRecordsRequest, error) {
	query := &recordsqlv1.Query{}
	if f.query != "" {
		text, err := os.ReadFile(f.query)
		if err != nil {
			return nil, usage("%w", err)
		}
		if err := fromYAML(text, query); err != nil {
			return nil, usage("%s: %w", f.query, err)
		}
	}
	if len(args) > 0 {
		name, err := a.recordSQL(ctx, args[0])
		if err != nil {
			return nil, err
		}
		query.RecordSql = name
	}
	if query.RecordSql == "" {
		return nil, usage("rows of what? See: relais recordsqls list")
	}
	if len(f.fields) > 0 {
		query.Fields = f.fields
	}
	if f.orderBy != "" {
		query.OrderBy = f.orderBy
	}
	if f.companyFile != "" {
		query.CompanyFile = f.companyFile
	}
	if f.where != "" {
		parameters := map[string]*recordsqlv1.Value{}
		types, err := a.parameterTypes(ctx, query.RecordSql, f.where)
		if err != nil {
			return nil, err
		}
		for name, text := range f.parameters {
			value, err := valueOf(text, types[strings.ToLower(name)])
			if err != nil {
				return nil, usage("--param %s: %w", name, err)
			}
			parameters[name] = value
		}
		query.Condition = &recordsqlv1.Query_Where{Where: &recordsqlv1.CaseCall{Name: f.where, Parameters: parameters}}
	} else if len(f.parameters) > 0 {
		return nil, usage("--param is for a --where")
	}
	return &recordsqlv1.StreamRecordsRequest{Query: query, KeysetField: f.keyset, PageSize: f.pageSize}, nil
}

// fromYAML reads a message from JSON or YAML.
func fromYAML(text []byte, message *recordsqlv1.Query) error {
	var any any
	if err := yaml.Unmarshal(text, &any); err != nil {
		return err
	}
	json, err := jsonOf(any)
	if err != nil {
		return err
	}
	return protojson.Unmarshal(json, message)
}

// readRows writes rows as they come. `before` were read earlier; `file` is where they go, "" for stdout; `kept` is called
// behind each batch with how the rows go on from there.
func (a *app) readRows(ctx context.Context, request *recordsqlv1.StreamRecordsRequest, writer *rowWriter, limit, before int64, file string,
	kept func(*recordsqlv1.StreamRecordsRequest, int64) error) error {
	begin, total := time.Now(), before
	var failed error
	var rows *relais.Rows
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rows = a.client.RecordSQL.Rows(ctx, request, relais.RowOptions{Progress: func(p relais.Progress) {
		a.progress.Set(total, plural(p.Resumes, "resume"))
		if kept != nil {
			if failed = kept(rows.Checkpoint(), total); failed != nil {
				cancel()
			}
		}
	}})
	if (file != "" || !a.out.Terminal) && !a.quiet {
		a.progress = output.NewProgress(a.err, "")
	}
	var err error
	for batch, batchErr := range rows.Batches() {
		if batchErr != nil {
			err = batchErr
			break
		}
		take := batch.Rows
		if limit > 0 && total+int64(len(take)) > limit {
			take = take[:limit-total]
		}
		if err = writer.batch(rows.Columns(), take); err != nil {
			break
		}
		total += int64(len(take))
		if limit > 0 && total >= limit {
			break
		}
	}
	a.progress.Done()
	a.progress = nil
	if failed != nil {
		err = failed
	}
	if endErr := writer.end(rows.Columns()); err == nil {
		err = endErr
	}
	if err != nil {
		return a.stoppedRows(ctx, err, total, file)
	}
	summary := output.Count(total) + " rows"
	if total == 1 {
		summary = "1 row"
	}
	if file != "" {
		summary += fmt.Sprintf(" in %s (%s)", file, size(writer.bytes()))
	}
	if before > 0 {
		summary += ", " + output.Count(total-before) + " new"
	}
	if file != "" || !a.out.Terminal || a.verbose {
		a.note("%s, %s, %.1f s", summary, plural(rows.Progress().Resumes, "resume"), time.Since(begin).Seconds())
	}
	return nil
}

// stoppedRows says how rows that have not all come can go on.
func (a *app) stoppedRows(_ context.Context, err error, total int64, file string) error {
	if file != "" {
		if _, statErr := os.Stat(file + partSuffix + checkpointSuffix); statErr == nil {
			a.note("stopped after %s rows. Go on with: relais rows --resume %s", output.Count(total), shellQuoted(file))
			return err
		}
	}
	if total > 0 {
		a.note("stopped after %s rows", output.Count(total))
	}
	return err
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	case bytes < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
}
