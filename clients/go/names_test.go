package relais

import (
	"testing"
)

func TestNamesOfFilesStayInTheirFolderAndApart(t *testing.T) {
	taken := map[string]bool{}
	for _, c := range []struct{ name, want string }{
		{`..\..\x`, "x"}, {"a/x", "x (2)"}, {"X", "X (3)"}, {"CON", "CON_"}, {"con.txt", "con_.txt"}, {"com1", "com1_"},
		{"", "file"}, {"..", "file (2)"}, {"/", "file (3)"}, {"r.tar.gz", "r.tar.gz"}, {"r.tar.gz", "r.tar (2).gz"},
		{"a:b|c?", "a_b_c_"}, {"end. ", "end"}, {"tab\tnul\x00", "tab_nul_"}, {"console.log", "console.log"}, {"été", "été"},
	} {
		if got := safeName(c.name, taken); got != c.want {
			t.Errorf("%q became %q, not %q", c.name, got, c.want)
		}
	}
}

func TestOnlyThisMachineIsLocal(t *testing.T) {
	for target, want := range map[string]bool{
		"localhost:1": true, "127.0.0.1:1": true, "127.8.0.1:1": true, "[::1]:1": true, "dns:///localhost:1": true,
		"passthrough:///127.0.0.1:1": true, "unix:/run/relais": true, "unix:///run/relais": true, "unix-abstract:relais": true,
		"localhost": true, "::1": true,
		"relais.example:1": false, "10.0.0.1:1": false, "localhost.example:1": false, "127.0.0.1.example:1": false,
		"dns://127.0.0.1/relais.example:1": false, "[2001:db8::1]:1": false, "": false, "xunix:/x": false,
	} {
		if isLocal(target) != want {
			t.Errorf("isLocal(%q) is %v", target, !want)
		}
	}
}

func TestRequestIdsAreUUIDsAndDiffer(t *testing.T) {
	a, b := newID(), newID()
	if len(a) != 36 || a[14] != '4' || a[8] != '-' || a == b {
		t.Errorf("%q, %q", a, b)
	}
}
