package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/relais-gateway/relais/cli/internal/command"
)

// step is a command line with what it must do. In outputs … stands for anything, and <job> for a word that later steps know
// by that name.
type step struct {
	command  string
	code     int
	out, err string
}

const (
	anything = "…\n"
	// The job lasts five seconds. A machine that is too slow for that starts another one.
	stopping = "robots stop orchestrators/sandbox/folders/36886/jobs/<started>"
)

// verbs runs every command at least once, in this order, against one gateway.
var verbs = []step{
	{"version", 0, "relais …, go…, …/…\n", ""},
	{"version --output json", 0, "{\n  \"version\": \"…\",\n  \"go\": \"go…\",\n  \"platform\": \"…\"\n}\n", ""},
	{"ping", 0, "127.0.0.1:… serves, … ms\n", ""},
	{"explain rest", 2, "", "error: there is no reason REST. They are: INVALID_REQUEST, …\n"},
	{"explain resource_not_found", 0, "RESOURCE_NOT_FOUND\n…\n", ""},
	{"completion bash", 0, anything, ""},
	{"completion zsh", 0, anything, ""},
	{"completion fish", 0, anything, ""},
	{"completion powershell", 0, anything, ""},
	{"help jobs list", 0, "List the jobs of a queue\n…\n", ""},

	{"call GetQueue '{\"name\": \"queues/sandbox\"}'", 0, "{\n  \"name\": \"queues/sandbox\",\n…\n}\n", ""},
	{"call GetQueue @queue.json --output yaml", 0, "name: queues/sandbox\n…\n", ""},
	{"call RobotService/ListRobots {", 2, "", "error: the message is no JSON: …\n"},
	{"call robot.ListRobots '{\"parent\": \"orchestrators/sandbox/folders/Shared\"} {}'", 2, "", "error: ListRobots takes one message\n"},
	{"call robot.ListRobot {}", 2, "", "error: there is no method robot.ListRobot: did you mean ListRobots?\n"},
	{"call GetQueue @none.json", 2, "", "error: open none.json: no such file or directory\n"},
	{"call robot.TailRobotLogs '{\"parent\": \"orchestrators/sandbox/folders/Shared\", \"historyOnly\": true, \"lastRows\": 1}'", 0, "{\"logs\":[…]…}\n{\"resumeToken\":\"…\",\"endOfStream\":true}\n", ""},

	{"recordsqls list gtrstab.dhoq", 0, "RECORDSQL …\ngtrstab.dhoq/CatFou …\n…\n", ""},
	{"recordsqls show gtrstab.dhoq/CodePostal --output json", 0, "{\n  \"name\": \"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal\",\n…\n}\n", ""},
	{"rows gtrstab.dhoq/CodePostal --field CPOSTAL --csv -n 2", 0, "CPOSTAL\n01000\n…\n", "2 rows, 0 resumes, … s\n"},
	{"rows --query query.yaml --ndjson", 0, "{\"VIL\":\"STRASBOURG\"}\n", "1 row, 0 resumes, … s\n"},

	{"jobs submit text --template t.xml --file d.txt --wait", 0, "queues/sandbox/jobs/<job>  …SUCCEEDED, … created, … updated, 0 not imported\n", ""},
	{"jobs submit excel --template t.xml --file d.txt --wait", 8, "queues/sandbox/jobs/<wrong>  …SUCCEEDED, not successful: …'t.xml': the file is not an Excel workbook.…\n", ""},
	{"jobs submit export --template t.xml --database MI_Training --record 4711:1", 0, "queues/sandbox/jobs/<export>  …\n", ""},
	{"jobs submit text --template t.xml --file d.txt --name later --schedule 2099-01-01T00:00:00Z --output json", 0, "{\n  \"name\": \"queues/sandbox/jobs/<later>\",\n…\n}\n", ""},
	{"jobs list --filter 'state = PENDING'", 0, "JOB …\n…\n<later>  PENDING …  later\n", ""},
	{"jobs show <job>", 0, "name …queues/sandbox/jobs/<job>\n…\n", ""},
	{"jobs show nothing/here", 6, "", "error: name: must be queues/{queue}/jobs/{job}, … (INVALID_REQUEST, call …)\n"},
	{"jobs wait <job>", 0, "queues/sandbox/jobs/<job>  SUCCEEDED, … created, …\n", ""},
	{"jobs wait <later> --timeout 1s", 7, "", "it goes on, last seen PENDING; waiting has not stopped it\nerror: …\n"},
	{"jobs watch <job> --output json", 0, "{\"name\":\"queues/sandbox/jobs/<job>\",…}\n", ""},
	{"jobs watch --timeout 3s", 7, "JOB  STATE  OUTCOME  SUBMITTED  NAME\n…\n<later>  PENDING  …later\n…\n", "error: …DeadlineExceeded…\n"},
	{"jobs cancel <later>", 0, "name …queues/sandbox/jobs/<later>\n…\nstate …STATE_CANCELLED\n…\n", ""},
	{"jobs wait <later>", 8, "queues/sandbox/jobs/<later>  CANCELLED\n", ""},
	{"jobs resubmit <job>", 0, "name …queues/sandbox/jobs/<again>\n…\n", ""},
	{"jobs wait <again>", 0, "queues/sandbox/jobs/<again>  …SUCCEEDED, 0 created, 2 updated, …\n", ""},
	{"jobs download <job> -o made", 0, "made/d.txt.log  … B  …\n", ""},
	{"jobs delete <later>", 2, "", "error: delete queues/sandbox/jobs/<later> wants --yes where nobody can be asked\n"},
	{"jobs delete <later> --yes", 0, "", "deleted queues/sandbox/jobs/<later>\n"},
	{"jobs delete <again> <later> --yes", 8, "NAME …\nqueues/sandbox/jobs/<again>  true\nqueues/sandbox/jobs/<later>  false  RESOURCE_NOT_FOUND …\n", ""},

	{"robots list --folder Shared", 0, "ROBOT …\n…\n749 …DocBot …\n…\n", ""},
	{"robots show DocBot --folder Shared", 2, "", "error: there are several robots DocBot: say which by its id: 749, 1684\n"},
	{"robots show 749 --folder Shared", 0, "name …/robots/749\ndisplayName …DocBot\n…\n", ""},
	{"robots watch --folder Shared --timeout 2s --output json", 7, "{\"name\":\"orchestrators/…\n…\n", "{\"code\":\"DeadlineExceeded\",\"exit_code\":7,\"message\":\"…\"}\n"},
	{"robots disable 749 Gustavee --folder Shared", 0, "NAME …\n…/robots/749  true\n…/robots/216  true\n", ""},
	{"robots enable 749 Gustavee --folder Shared", 0, "NAME …\n…/robots/749  true\n…/robots/216  true\n", ""},
	{"robots enable 749 Nobody --folder Shared", 4, "", "error: there is no robot Nobody here\n"},
	{"robots start TestingSequence_DOC --folder Shared --follow", 0, "… INFO   DocBot  TestingSequence_DOC  TestingSequence_DOC execution started\n…\norchestrators/sandbox/folders/36886/jobs/<followed>  …SUCCESSFUL, Job completed\n", ""},
	{"robots start TestingSequence_DOC --folder Shared --output json", 0, "{\"name\":\"orchestrators/sandbox/folders/36886/jobs/<started>\",…}\n", ""},
	{stopping, 0, "name …/jobs/<started>\n…\n", ""},
	{"robots watch --timeout 1s", 2, "", "error: which folder? Give the whole name, or a default: …; there are …\n"},
	{"robots stop none --folder Shared", 6, "", "error: name: must be …(INVALID_REQUEST, call …)\n"},

	{"logs list --folder Shared --robot DocBot -n 2", 0, "TIME …\n… DocBot …\n… DocBot …\n", ""},
	{"logs tail --folder Shared -n 1", 0, "… DocBot …\n…\n", ""},
	{"logs tail --job orchestrators/sandbox/folders/36886/jobs/<followed> -n 1", 0, "… TestingSequence_DOC execution ended\n", ""},
	{"logs tail -f --folder Shared -n 1 --timeout 2s", 7, "… DocBot …\n…\n", "error: …DeadlineExceeded…\n"},
	{"logs tail --folder Shared --level loud", 2, "", "error: --level is trace, debug, info, warn, error or fatal, not loud\n"},

	{"campaigns list --filter 'kind = RESTITUTION'", 0, "CAMPAIGN …\nEdit-Pays-Ville~20231231~restit  RESTITUTION  OPEN …\n", ""},
	{"campaigns launch Lancer --message Edit-Pays-Ville/launch --date 2025-12-31", 0, "instances/sandbox/actionRuns/<run>  …\n", ""},
	{"campaigns launch Lancer --message launch", 2, "", "error: --message is MODEL/NAME, such as Edit-Pays-Ville/launch, not \"launch\"\n"},
	{"campaigns watch <run>", 0, "INFO step 1 of 5 of Lancer\n…\ninstances/sandbox/actionRuns/<run>  SUCCEEDED\n", ""},
	{"campaigns remind Budget~20240630~collect --message Budget/relaunch --follow", 0, "INFO step 1 of 5 of Budget\n…\ninstances/sandbox/actionRuns/…  SUCCEEDED\n", ""},
	{"campaigns close Budget~20240630~collect --action Clore --message Budget/campaign_closed --follow --output json", 0,
		"{\"text\":\"INFO step 1 of 5 of Clore\"}\n…\n{\"name\":\"instances/sandbox/actionRuns/…\",…,\"ended\":true,\"succeeded\":true}\n", ""},
	{"campaigns close Budget~20240630~collect --action Nothing --message Budget/campaign_closed", 4, "", "error: …\n…\n"},
	{"campaigns close Edit-Pays-Ville~20251231~collect --action Clore --message Edit-Pays-Ville/campaign_closed --follow", 0, "INFO …\n…\ninstances/sandbox/actionRuns/…  SUCCEEDED\n", ""},
	{"campaigns answers list Edit-Pays-Ville~20241231~collect", 0, "ANSWER …\n…\n<answer>  …FR-Lyon  …\n…\n", ""},
	{"campaigns answers download <answer> -o answer", 0, "answer  … B  …\n", ""},
	{"campaigns answers download <answer>", 2, "", "error: required flag(s) \"out\" not set\n"},
	{"campaigns users list", 0, "USER …\n… admin …\n…\n", ""},
	{"campaigns users create eve --password-file password --email eve@example.test --output json", 0, "{\n  \"name\": \"instances/sandbox/users/<user>\",\n  \"login\": \"eve\",\n…\n}\n", ""},
	{"campaigns users create eve --password-file password", 6, "", "error: …(RESOURCE_EXISTS, call …)\n"},
	{"campaigns users delete <user> --yes", 0, "", "deleted instances/sandbox/users/<user>\n"},
	{"campaigns poll", 0, "instances/sandbox/pollings/…  …SUCCEEDED\n", ""},

	{"call exports.CreateExport @export.json", 0, "{\n  \"name\": \"exports/postcodes\",\n…\n}\n", ""},
	{"exports list", 0, "EXPORT …\npostcodes  false …\n", ""},
	{"exports run postcodes --date 2024-03-05", 0, "exports/postcodes/runs/2024-03-05  …\n", ""},
	{"exports watch postcodes/2024-03-05", 0, "exports/postcodes/runs/2024-03-05  …SUCCEEDED, … rows, … B\n", ""},
	{"exports run postcodes --date 2024-03-06 --wait --output json", 0, "{\"name\":\"exports/postcodes/runs/2024-03-06\",…}\n…\n", ""},
	{"exports list postcodes", 0, "RUN …\n…\n2024-03-05  SUCCEEDED …\n", ""},
	{"exports download postcodes/2024-03-05 -o postcodes.csv", 0, "postcodes.csv  … B  …\n", ""},
	{"exports download postcodes/2024-03-07 -o none.csv", 4, "", "error: …\n"},
	{"exports run postcodes --date tomorrow", 2, "", "error: --date: \"tomorrow\" is no day such as 2024-12-31\n"},
	{"call exports.DeleteExport '{\"name\": \"exports/postcodes\"}'", 0, "{…}\n", ""},

	{"context show", 2, "", "error: no context is in use. See: relais context list\n"},
	{"context set dev --target localhost:1 --default queue=sandbox --token-env NO_TOKEN", 0, "", ""},
	{"context set far --target relais.example:443 --timeout 5s", 0, "", ""},
	{"context show", 0, "name …dev\nqueue …sandbox\ntarget …localhost:1\ntoken_from  NO_TOKEN\n", ""},
	{"context use far", 0, "", ""},
	{"context use fra", 2, "", "error: there is no context fra: did you mean far?\n"},
	{"context list", 0, "   CONTEXT  TARGET\n   dev      localhost:1\n*  far      relais.example:443\n", ""},
	{"context delete far", 0, "", ""},
	{"context delete far", 2, "", "error: there is no context far. See: relais context list\n"},
	{"context list --output json", 0, "[\n  {\n    \"current\": false,\n    \"name\": \"dev\",\n…\n]\n", ""},
}

// givenFiles are those that the steps name.
var givenFiles = map[string]string{
	"t.xml":      "<Template><General><FullName><Item>Build</Item></FullName></General></Template>\n",
	"d.txt":      "Number,Build,Speed\n1,V-1,36.7\n2,V-2,67.4\n",
	"password":   "Not-1234\n",
	"queue.json": `{"name": "queues/sandbox"}`,
	"query.yaml": "recordSql: erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal\nfields: [VIL]\nwhere: {name: Like_Cpostal, parameters: {cpostal: {stringValue: 67%}}}\n",
	"export.json": `{"exportId": "postcodes", "export": {"source": {"records": {"query": {"recordSql": "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}},
		"schedule": {"daily": {}, "timeZone": "Europe/Paris"}, "deliveries": [{"destination": "outbox"}]}}`,
}

func homeWith(t *testing.T, files map[string]string) string {
	t.Helper()
	home := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// words are those of a command line in which '…' may hold blanks.
func words(line string) []string {
	var found []string
	for _, word := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line, -1) {
		found = append(found, strings.Trim(word, "'"))
	}
	return found
}

func TestEveryVerbDoesWhatItSays(t *testing.T) {
	t.Parallel()
	home, own := homeWith(t, givenFiles), ownGateway(t)
	kept := map[string]string{}
	fill := func(text string) string {
		for name, value := range kept {
			text = strings.ReplaceAll(text, "<"+name+">", value)
		}
		return text
	}
	for i, patience := 0, 5; i < len(verbs); i++ {
		s := verbs[i]
		cmd, out, stderr := prepared(home, own, words(fill(s.command))...)
		got := ended(t, cmd.Run(), out, stderr)
		if s.command == stopping && got.code == 6 && patience > 0 {
			delete(kept, "started")
			patience, i = patience-1, i-2
			continue
		}
		pattern := shape(fill(s.out))
		found := pattern.FindStringSubmatch(got.out)
		if got.code != s.code || found == nil || !shape(fill(s.err)).MatchString(got.err) {
			t.Errorf("relais %s gives\n%vnot exit %d with stdout\n%s\nand stderr\n%s", fill(s.command), got, s.code, fill(s.out), fill(s.err))
			continue
		}
		for i, name := range pattern.SubexpNames()[1:] {
			kept[name] = found[i+1]
		}
	}
	if made := read(t, filepath.Join(home, "postcodes.csv")); !strings.Contains(made, "STRASBOURG") {
		t.Error("the export has no postcodes:", made)
	}
}

func TestNoCommandIsWithoutAStep(t *testing.T) {
	tested := map[string]bool{}
	root := command.New()
	root.InitDefaultCompletionCmd("x")
	root.InitDefaultHelpCmd()
	for _, s := range verbs {
		cmd, _, err := root.Find(words(s.command))
		if err != nil {
			t.Errorf("%s: %v", s.command, err)
			continue
		}
		if s.code == 0 || s.code == 7 || s.code == 8 { // it went so far that it did its work
			tested[cmd.CommandPath()] = true
		}
	}
	count := 0
	var look func(*cobra.Command)
	look = func(cmd *cobra.Command) {
		for _, below := range cmd.Commands() {
			look(below)
		}
		if cmd.Runnable() && !cmd.HasSubCommands() {
			if count++; !tested[cmd.CommandPath()] {
				t.Errorf("no step runs %q with success", cmd.CommandPath())
			}
		}
	}
	look(root)
	if count < 45 {
		t.Errorf("only %d commands were found", count)
	}
}
