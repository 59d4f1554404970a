package relais

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	unsafeCharacters = regexp.MustCompile(`[\x00-\x1f<>:"|?*]`)
	deviceName       = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)
)

// safeName makes a name for a new file from one that the upstream gave, different from those taken.
func safeName(name string, taken map[string]bool) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimRight(unsafeCharacters.ReplaceAllString(name, "_"), ". ")
	name = deviceName.ReplaceAllString(name, "${1}_$2")
	if name == "" {
		name = "file"
	}
	extension := filepath.Ext(name)
	base := strings.TrimSuffix(name, extension)
	for n := 2; taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s (%d)%s", base, n, extension)
	}
	taken[strings.ToLower(name)] = true
	return name
}
