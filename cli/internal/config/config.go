// Package config reads and writes the file of contexts: gateways under a name, with what a user means by short names.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

// File is the whole file.
type File struct {
	Current  string              `yaml:"current"`
	Contexts map[string]*Context `yaml:"contexts"`

	path string
}

// Context says how to call one gateway. Files are relative to the folder of the file, or begin with ~.
type Context struct {
	Target   string        `yaml:"target"`
	CAFile   string        `yaml:"ca_file"`
	CertFile string        `yaml:"cert_file"`
	KeyFile  string        `yaml:"key_file"`
	Insecure bool          `yaml:"insecure"`
	Token    *Token        `yaml:"token"`
	Timeout  time.Duration `yaml:"timeout"`
	Output   string        `yaml:"output"`
	Defaults Defaults      `yaml:"defaults"`
}

// Token says where a bearer token comes from: one of these. The token itself is never in the file.
type Token struct {
	File    string   `yaml:"file"`
	Env     string   `yaml:"env"`
	Command []string `yaml:"command"`
}

// Defaults complete short names.
type Defaults struct {
	ERP      string `yaml:"erp"`
	Queue    string `yaml:"queue"`
	Folder   string `yaml:"folder"`
	Instance string `yaml:"instance"`
}

// Path is where the file lies: RELAIS_CONFIG, else config.yaml in the user's folder of configurations.
func Path() (string, error) {
	if path := os.Getenv("RELAIS_CONFIG"); path != "" {
		return path, nil
	}
	folder, err := os.UserConfigDir()
	return filepath.Join(folder, "relais", "config.yaml"), err
}

// Load reads the file. A missing one is an empty one.
func Load() (*File, error) {
	path, err := Path()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return parse(path, text)
}

func parse(path string, text []byte) (*File, error) {
	file := &File{path: path}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(file); err != nil && len(bytes.TrimSpace(text)) > 0 {
		return nil, fmt.Errorf("%s: %w", path, explain(err))
	}
	for name, context := range file.Contexts {
		if context == nil {
			return nil, fmt.Errorf("%s: context %s is empty", path, name)
		}
		if t := context.Token; t != nil && len(t.Command) > 0 == (t.File+t.Env != "") || t != nil && t.File != "" && t.Env != "" {
			return nil, fmt.Errorf("%s: context %s: token has one of file, env and command", path, name)
		}
		folder := filepath.Dir(path)
		context.CAFile, context.CertFile, context.KeyFile = at(folder, context.CAFile), at(folder, context.CertFile), at(folder, context.KeyFile)
		if context.Token != nil {
			context.Token.File = at(folder, context.Token.File)
		}
	}
	if file.Current != "" && file.Contexts[file.Current] == nil {
		return nil, fmt.Errorf("%s: current is %s, which is no context", path, file.Current)
	}
	return file, nil
}

// Expand gives a path that begins with ~ below the user's home.
func Expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}

func at(folder, path string) string {
	if path = Expand(path); path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

var (
	unknownKey = regexp.MustCompile(`line (\d+): field (\S+) not found in type config\.(\w+)`)
	keys       = map[string][]string{
		"File":     {"current", "contexts"},
		"Context":  {"target", "ca_file", "cert_file", "key_file", "insecure", "token", "timeout", "output", "defaults"},
		"Token":    {"file", "env", "command"},
		"Defaults": {"erp", "queue", "folder", "instance"},
	}
)

// explain names the nearest known key for one that is not known.
func explain(err error) error {
	found := unknownKey.FindStringSubmatch(err.Error())
	if found == nil {
		return err
	}
	text := fmt.Sprintf("line %s: unknown key %s", found[1], found[2])
	if near := Nearest(found[2], keys[found[3]]); near != "" {
		text += ": did you mean " + near + "?"
	}
	return errors.New(text)
}

// Nearest is the known word that resembles one that is not known; "" when none does.
func Nearest(word string, known []string) string {
	parent := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, k := range known {
		parent.AddCommand(&cobra.Command{Use: k, Run: func(*cobra.Command, []string) {}})
	}
	if near := parent.SuggestionsFor(word); len(near) > 0 {
		return near[0]
	}
	return ""
}
