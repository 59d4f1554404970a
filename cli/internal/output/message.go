package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Fields are the fields of a JSON object in their order, as names and texts: what a table of one thing shows.
func Fields(object []byte) ([][]string, error) {
	var rows [][]string
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		rows = append(rows, fields(fmt.Sprint(name), value)...)
	}
	return rows, nil
}

// fields is a row for a value, or one for each part of a value that has parts.
func fields(name string, value json.RawMessage) [][]string {
	var rows [][]string
	switch value[0] {
	case '{':
		inner, err := Fields(value)
		if err == nil && len(inner) > 0 {
			for _, row := range inner {
				rows = append(rows, []string{name + "." + row[0], row[1]})
			}
			return rows
		}
	case '[':
		var items []json.RawMessage
		if json.Unmarshal(value, &items) == nil && len(items) > 0 {
			for i, item := range items {
				rows = append(rows, fields(fmt.Sprintf("%s[%d]", name, i), item)...)
			}
			return rows
		}
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		text = strings.TrimSpace(string(value))
	}
	return [][]string{{name, text}}
}
