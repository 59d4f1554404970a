package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// movements are rows enough to be interrupted.
var movements = []string{"rows", "gtrsmou.dhoq/Mouvement", "--keyset", "MOUV.MOUV_ID", "--field", "MOUV_ID,MOUVNO,REF,LIB,MONT", "-n", "30500"}

func TestRowsGoOnWhereTheyStoppedHoweverTheyStopped(t *testing.T) {
	home := t.TempDir()
	whole := run(t, home, append(movements, "--csv")...)
	if whole.code != 0 || len(lines(whole.out)) != 30501 || !strings.HasPrefix(whole.out, "MOUV_ID,MOUVNO,") {
		t.Fatal(whole.code, len(lines(whole.out)), whole.err)
	}
	for name, c := range map[string]struct {
		signal syscall.Signal
		code   int
	}{"Ctrl-C": {syscall.SIGINT, 130}, "kill": {syscall.SIGKILL, -1}} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			file := filepath.Join(home, "mou.csv")
			cmd, out, stderr := prepared(home, "", append(movements, "-o", "mou.csv")...)
			cmd.Env = environment(home, cutter(t, 700_000, signalled(cmd, c.signal)))
			stopped := ended(t, cmd.Run(), out, stderr)
			if stopped.code != c.code || stopped.out != "" {
				t.Fatal(stopped)
			}
			if c.signal == syscall.SIGINT && !strings.Contains(stopped.err, "Go on with: relais rows --resume mou.csv") {
				t.Error(stopped.err)
			}
			if _, err := os.Stat(file); err == nil {
				t.Error("a file that is not whole has its name")
			}
			if again := run(t, home, append(movements, "-o", "mou.csv")...); again.code != 2 || !strings.Contains(again.err, "--resume") {
				t.Error("what was there would have been lost:", again)
			}
			// What came behind the checkpoint is cut off.
			part, err := os.OpenFile(file+".part", os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := part.WriteString("half a li"); err != nil {
				t.Fatal(err)
			}
			_ = part.Close()
			resumed := run(t, home, "rows", "--resume", "mou.csv")
			if resumed.code != 0 || !strings.Contains(resumed.err, "30,500 rows in mou.csv") || !strings.Contains(resumed.err, " new, ") || strings.Contains(resumed.err, "30,500 new") {
				t.Error(resumed)
			}
			if read(t, file) != whole.out {
				t.Error("the file is not what one run gives")
			}
			left, err := os.ReadDir(home)
			if err != nil || len(left) != 1 {
				t.Error(left, err)
			}
			if nothing := run(t, home, "rows", "--resume", "mou.csv"); nothing.code != 2 || !strings.Contains(nothing.err, "whole") {
				t.Error(nothing)
			}
		})
	}
	t.Run("cut", func(t *testing.T) {
		cmd, out, stderr := prepared(home, "", append(movements, "--csv", "-o", "cut.csv")...)
		cmd.Env = environment(home, cutter(t, 700_000, func() {}))
		if cut := ended(t, cmd.Run(), out, stderr); cut.code != 0 || !strings.Contains(cut.err, "1 resume,") || read(t, filepath.Join(home, "cut.csv")) != whole.out {
			t.Error(cut)
		}
	})
}

func TestAPartThatWasShortenedIsNotTakenForWhole(t *testing.T) {
	home := t.TempDir()
	cmd, out, stderr := prepared(home, "", append(movements, "-o", "mou.csv")...)
	cmd.Env = environment(home, cutter(t, 700_000, signalled(cmd, syscall.SIGINT)))
	if stopped := ended(t, cmd.Run(), out, stderr); stopped.code != 130 {
		t.Fatal(stopped)
	}
	if err := os.Truncate(filepath.Join(home, "mou.csv.part"), 100); err != nil {
		t.Fatal(err)
	}
	if damaged := run(t, home, "rows", "--resume", "mou.csv"); damaged.code != 10 || !strings.Contains(damaged.err, "begin anew") {
		t.Error(damaged)
	}
}

func TestRowsHaveTheFormThatIsAskedFor(t *testing.T) {
	home := t.TempDir()
	rows := []string{"rows", "gtrsmou.dhoq/Mouvement", "--keyset", "MOUV.MOUV_ID", "--field", "MOUV_ID,LIB,MOUVDT,USERCRDH,MOUVHE,MONT,SOLDE", "-n", "3"}
	for form, want := range map[string]string{
		"--csv": "MOUV_ID,LIB,MOUVDT,USERCRDH,MOUVHE,MONT,SOLDE\n1,Réception fournisseur,2000-01-01,2000-01-01T00:00:17,00:00:17,-49998.63,false\n" +
			"2,Avoir n° été,2000-01-01,2000-01-01T00:00:34,00:00:34,-49997.26,false\n3,\"Retour \"\"client\"\"\",2000-01-01,2000-01-01T00:00:51,00:00:51,-49995.89,true\n",
		"--csv --bom --crlf --delimiter ; -n 1": "\uFEFFMOUV_ID;LIB;MOUVDT;USERCRDH;MOUVHE;MONT;SOLDE\r\n1;Réception fournisseur;2000-01-01;2000-01-01T00:00:17;00:00:17;-49998.63;false\r\n",
		"--ndjson -n 1":                         `{"MOUV_ID":1,"LIB":"Réception fournisseur","MOUVDT":"2000-01-01","USERCRDH":"2000-01-01T00:00:17","MOUVHE":"00:00:17","MONT":"-49998.63","SOLDE":false}` + "\n",
		"--output json -n 1":                    `{"MOUV_ID":1,"LIB":"Réception fournisseur","MOUVDT":"2000-01-01","USERCRDH":"2000-01-01T00:00:17","MOUVHE":"00:00:17","MONT":"-49998.63","SOLDE":false}` + "\n",
		"--table -n 2": "MOUV_ID  LIB                    MOUVDT      USERCRDH             MOUVHE    MONT       SOLDE\n" +
			"1        Réception fournisseur  2000-01-01  2000-01-01T00:00:17  00:00:17  -49998.63  false\n2        Avoir n° été           2000-01-01  2000-01-01T00:00:34  00:00:34  -49997.26  false\n",
	} {
		if got := run(t, home, append(rows, strings.Fields(form)...)...); got.out != want || got.code != 0 {
			t.Errorf("%s:\n%q, not\n%q", form, got.out, want)
		}
	}
	if none := run(t, home, "rows", "gtrsmou.dhoq/Mouvement", "--where", "Between_Mouvno", "--param", "noD=-2", "--param", "noF=-1", "--field", "REF", "--csv"); none.out != "REF\n" || !strings.Contains(none.err, "0 rows") {
		t.Error(none)
	}
	if quiet := run(t, home, append(rows, "--quiet")...); quiet.err != "" {
		t.Error(quiet.err)
	}
}
