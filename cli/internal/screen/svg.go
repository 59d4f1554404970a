// Package screen draws what stands on a terminal.
package screen

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

const (
	cellWidth  = 8.4
	lineHeight = 19
	margin     = 16
)

var (
	sgr     = regexp.MustCompile(`\x1b\[([\d;]*)m`)
	colours = map[int]string{31: "#f14c4c", 32: "#23d18b", 33: "#f5f543", 36: "#29b8db"}
)

// SVG is a picture of lines with colours, as `tmux capture-pane -e -p` prints them.
func SVG(lines []string, columns int) []byte {
	var out strings.Builder
	width, height := cellWidth*float64(columns)+2*margin, lineHeight*len(lines)+2*margin
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">`+"\n", width, height)
	fmt.Fprintf(&out, `<rect width="100%%" height="100%%" rx="8" fill="#1e1e1e"/>`+"\n")
	for i, line := range lines {
		column, colour := 0, ""
		put := func(text string) {
			if strings.TrimSpace(text) != "" {
				fill := colour
				if fill == "" {
					fill = "#d4d4d4"
				}
				fmt.Fprintf(&out, `<text x="%.1f" y="%d" fill="%s" xml:space="preserve">%s</text>`+"\n",
					margin+cellWidth*float64(column), margin+lineHeight*i+14, fill, html.EscapeString(text))
			}
			column += len([]rune(text))
		}
		at := 0
		for _, found := range sgr.FindAllStringSubmatchIndex(line, -1) {
			put(line[at:found[0]])
			at = found[1]
			for _, code := range strings.Split(line[found[2]:found[3]], ";") {
				n, _ := strconv.Atoi(code)
				if named, ok := colours[n]; ok {
					colour = named
				} else if n == 0 || n == 39 {
					colour = ""
				}
			}
		}
		put(line[at:])
	}
	out.WriteString("</svg>\n")
	return []byte(out.String())
}
