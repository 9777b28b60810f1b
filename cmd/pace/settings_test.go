package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/config"
)

func TestAThemeIsSavedAndTheRestStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pace")
	if err := saveTheme(dir, "light"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "settings.yaml")
	const mine = "# mine\nglyphs: ascii # no braille here\ntheme: dark\nkeys:\n  runs.pin: [\"i\"]\n"
	if err := os.WriteFile(path, []byte(mine), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := saveTheme(dir, "mono"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != strings.Replace(mine, "theme: dark", "theme: mono", 1) {
		t.Fatalf("%s, %v", text, err)
	}
	s, err := config.LoadSettings(dir)
	if err != nil || s.Theme != "mono" || s.Glyphs != "ascii" || s.Keys["runs.pin"][0] != "i" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestSettingsOfTheScreen(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PACE_CONFIG_DIR", dir)
	t.Setenv("LC_ALL", "C.UTF-8")
	t.Setenv("TERM", "xterm-256color")
	t.Setenv("NO_COLOR", "")
	if err := os.MkdirAll(filepath.Join(dir, "themes"), 0o755); err != nil {
		t.Fatal(err)
	}
	scheme := "system: base16\nname: Sand\npalette:\n"
	for i, c := range strings.Fields("1b1b1b 2b2b2b 3b3b3b 8b8b8b ababab dbdbdb ebebeb fbfbfb ff8080 ffb080 ffe080 80ff80 80ffff 8080ff ff80ff b08060") {
		scheme += "  base0" + strings.ToUpper(string("0123456789abcdef"[i])) + ": \"" + c + "\"\n"
	}
	for name, text := range map[string]string{
		"themes/sand.yaml": scheme,
		"settings.yaml":    "theme: sand\nglyphs: block\nclipboard: osc52\nmouse: false\nplain: true\nkeys:\n  quit: [\"Q\"]\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var f workbenchFlags
	set, err := f.settings()
	if err != nil {
		t.Fatal(err)
	}
	if set.Custom == nil || set.Glyphs != "block" || set.Clipboard != "osc52" || set.Mouse || set.Keys["quit"][0] != "Q" || !f.wantsPlain() {
		t.Errorf("%+v, plain %v", set, f.plain)
	}
	flags := workbenchFlags{theme: "nosuch"}
	if _, err := flags.settings(); err == nil || !strings.Contains(hintOf(err), "high-contrast") {
		t.Errorf("an unknown theme: %v, %q", err, hintOf(err))
	}
}
