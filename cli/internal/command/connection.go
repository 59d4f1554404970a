package command

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/relais-gateway/relais/cli/internal/config"
	relais "github.com/relais-gateway/relais/clients/go"
)

// connect makes the client. It sends nothing.
func (a *app) connect() error {
	if a.client != nil {
		return nil
	}
	options := relais.Options{Insecure: a.insecure, Timeout: a.timeout, Token: a.token(), Observe: a.observe}
	if options.Timeout <= 0 {
		return usage("--timeout is more than 0")
	}
	var err error
	if options.TLS, err = a.tls(); err != nil {
		return usage("%w", err)
	}
	if scheme, _, found := strings.Cut(a.target, "://"); a.target == "" || found && scheme != "dns" && scheme != "unix" {
		return usage("--target is host:port or unix:path, not %q", a.target)
	}
	if a.verbose {
		a.note("target: %s", a.target)
	}
	if a.client, err = relais.Connect(a.target, options); err != nil {
		return usage("%w", err)
	}
	return nil
}

func (a *app) tls() (*tls.Config, error) {
	if a.caFile == "" && a.certFile == "" && a.keyFile == "" {
		return nil, nil
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if a.caFile != "" {
		pem, err := os.ReadFile(config.Expand(a.caFile))
		if err != nil {
			return nil, err
		}
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s has no certificate", a.caFile)
		}
	}
	if a.certFile != "" || a.keyFile != "" {
		pair, err := tls.LoadX509KeyPair(config.Expand(a.certFile), config.Expand(a.keyFile))
		if err != nil {
			return nil, err
		}
		conf.Certificates = []tls.Certificate{pair}
	}
	return conf, nil
}

// token is where tokens come from: --token-file, RELAIS_TOKEN, or what the context says. nil = none.
func (a *app) token() func(context.Context) (string, error) {
	source := config.Token{File: config.Expand(a.tokenFile)}
	switch {
	case a.tokenFile != "":
	case os.Getenv("RELAIS_TOKEN") != "":
		source.Env = "RELAIS_TOKEN"
	case a.context != nil && a.context.Token != nil:
		source = *a.context.Token
	default:
		return nil
	}
	return func(ctx context.Context) (string, error) {
		text, from, err := "", source.File, error(nil)
		switch {
		case len(source.Command) > 0:
			var out []byte
			from = source.Command[0]
			out, err = exec.CommandContext(ctx, source.Command[0], source.Command[1:]...).Output()
			text = string(out)
		case source.Env != "":
			text, from = os.Getenv(source.Env), source.Env
		default:
			var bytes []byte
			bytes, err = os.ReadFile(source.File)
			text = string(bytes)
		}
		if text = strings.TrimSpace(text); err == nil && text == "" {
			err = fmt.Errorf("it is empty")
		}
		if err != nil {
			return "", usage("no token from %s: %w", from, err)
		}
		return text, nil
	}
}

// observe tells of repeats and reconnects.
func (a *app) observe(event relais.Event) {
	method := event.Method[strings.LastIndex(event.Method, "/")+1:]
	switch event.Kind {
	case relais.Restart:
		a.note("%s: the gateway tells everything anew", method)
		return
	case relais.Reconnect:
		a.reconnects.Add(1)
	}
	what := event.Err.Code.String()
	if event.Err.RawReason != "" {
		what = event.Err.RawReason
	}
	a.note("%s: %s: %s; %s in %v", method, what, event.Err.Message, event.Kind, event.Wait.Round(100*time.Millisecond))
}
