package command

import "github.com/spf13/cobra"

func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "What the exit code means", Long: `
  0  done; watched work ended well
  1  any other error: INTERNAL, UNKNOWN, UNIMPLEMENTED, a file that cannot be written
  2  wrong command line or configuration
  3  not now: UNAVAILABLE, RESOURCE_EXHAUSTED
  4  not found
  5  not allowed: UNAUTHENTICATED, PERMISSION_DENIED
  6  refused: INVALID_ARGUMENT, FAILED_PRECONDITION, ABORTED, ALREADY_EXISTS, OUT_OF_RANGE
  7  the time has passed: --timeout, DEADLINE_EXCEEDED
  8  the call went well, the work did not: a job failed or has errors, a run failed, part of a batch
  9  outcome unknown: it may have happened; the request id is on stderr
 10  data incomplete or damaged
130  interrupted`[1:]},
		{Use: "environment", Short: "Where the gateway is found: flags, environment, contexts", Long: `
A flag wins over the environment, the environment over the context.

RELAIS_CONTEXT, RELAIS_TARGET, RELAIS_TOKEN_FILE, RELAIS_CA_FILE, RELAIS_CERT_FILE, RELAIS_KEY_FILE, RELAIS_INSECURE,
RELAIS_TIMEOUT and RELAIS_OUTPUT are as the flags. RELAIS_TOKEN is a bearer token, RELAIS_CONFIG the file of contexts.
NO_COLOR switches colours off.

Contexts lie in config.yaml in $XDG_CONFIG_HOME/relais or ~/.config/relais, in ~/Library/Application Support/relais
(macOS), or in %AppData%\relais (Windows):

  current: prod
  contexts:
    prod:
      target: relais.example:443
      ca_file: ca.pem                  # files are relative to this one's folder
      token: {file: ~/.relais-token}   # or {env: NAME}, {command: [PROGRAM, ARGUMENT]}
      timeout: 60s
      defaults: {erp: main, queue: mi, folder: orchestrators/uipath/folders/Finance, instance: gt}

Defaults complete short names: with queue mi, "relais jobs show 42" is about queues/mi/jobs/42. Where there is no default,
and the gateway has one connection of that kind only, that one is meant.

A gateway on this machine is spoken to in plain text, all others in TLS. A token never leaves in plain text.`[1:]},
		{Use: "output", Short: "What is written where, and how", Long: `
stdout has data only. stderr has progress, repeats, errors and a last line that sums up; --quiet leaves errors only.

A terminal gets colours, cut cells and tables that are redrawn; a pipe gets the same content in plain lines.

--output table   for people
--output json    finite answers: one document. Streams: an object a line. Errors: an object on stderr with code, reason,
                 violations, retry_after, call_id, request_id
--output yaml    the same as YAML

-o is always a file, --output always a format. All text is UTF-8 with \n at the ends of lines.

Rows come as --table, --csv or --ndjson. Dates are 2024-12-31, date-times 2024-12-31T23:59:59 in the ERP's local time.
In CSV null and empty text look alike, in NDJSON they do not. In NDJSON whole numbers are numbers, decimals texts, so that
they stay exact. --bom, --crlf and --delimiter ";" suit spreadsheets.

-o FILE writes FILE.part, and after each batch FILE.part.checkpoint; when all is there, FILE replaces what had its name.
After an interruption "relais rows --resume FILE" goes on behind the last batch.

Ctrl-C ends the call cleanly and says how to go on; a second one ends the command at once. Waiting and watching never stop
the work. Without a terminal nothing asks a question: deletions want --yes there.`[1:]},
	}
}
