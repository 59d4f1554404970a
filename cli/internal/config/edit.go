package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// Change is one value to be set, or removed where Value is nil, at a path of keys.
type Change struct {
	Path  []string
	Value any
}

// Edit changes the file and keeps its comments. What would not be a file that Load reads is not written.
func Edit(changes ...Change) error {
	path, err := Path()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return err
	}
	if len(document.Content) == 0 {
		document = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	for _, change := range changes {
		if err := set(document.Content[0], change.Path, change.Value); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&document); err != nil {
		return err
	}
	if _, err := parse(path, out.Bytes()); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", out.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// set changes a value below a mapping, whose missing parents it makes.
func set(mapping *yaml.Node, path []string, value any) error {
	at := -1
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == path[0] {
			at = i
		}
	}
	last := len(path) == 1
	switch {
	case last && value == nil && at >= 0:
		mapping.Content = append(mapping.Content[:at], mapping.Content[at+2:]...)
		return nil
	case value == nil && at < 0:
		return nil
	case at < 0:
		at = len(mapping.Content)
		mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: path[0]}, &yaml.Node{Kind: yaml.MappingNode})
	}
	node := mapping.Content[at+1]
	if last {
		return node.Encode(value)
	}
	if node.Kind != yaml.MappingNode {
		*node = yaml.Node{Kind: yaml.MappingNode}
	}
	return set(node, path[1:], value)
}
