package config

import (
	"os"
	"path/filepath"
	"strings"
)

// Actor is who speaks and how that is known.
type Actor struct {
	Name string
	From string // "--as", "PACE_ACTOR", "git", "system"
}

// FindActor finds who speaks: --as, PACE_ACTOR, git's user.email as seen in root, else user@host.
func FindActor(as, root string, getenv func(string) string) Actor {
	if as != "" {
		return Actor{as, "--as"}
	}
	if name := getenv("PACE_ACTOR"); name != "" {
		return Actor{name, "PACE_ACTOR"}
	}
	if mail := gitEmail(root, getenv); mail != "" {
		return Actor{mail, "git"}
	}
	user := getenv("USER")
	if user == "" {
		user = getenv("USERNAME")
	}
	if user == "" {
		user = "user"
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return Actor{user + "@" + host, "system"}
}

// gitEmail reads git's configuration files in git's order, the last one wins (git-config(1), FILES).
func gitEmail(root string, getenv func(string) string) string {
	home := getenv("HOME")
	if home == "" {
		home = getenv("USERPROFILE")
	}
	g := gitConfig{home: home}
	if dirs, err := findGit(root); err == nil {
		g.gitDir = dirs.git
		g.common = dirs.common
	}
	g.read("/etc/gitconfig", 0)
	if global := getenv("GIT_CONFIG_GLOBAL"); global != "" {
		g.read(global, 0)
	} else if home != "" {
		xdg := getenv("XDG_CONFIG_HOME")
		if xdg == "" {
			xdg = filepath.Join(home, ".config")
		}
		g.read(filepath.Join(xdg, "git", "config"), 0)
		g.read(filepath.Join(home, ".gitconfig"), 0)
	}
	if g.common != "" {
		g.read(filepath.Join(g.common, "config"), 0)
	}
	return g.email
}

// gitConfig reads user.email out of configuration files and what they include.
type gitConfig struct {
	home, gitDir, common string
	email                string
	files                int
}

func (g *gitConfig) read(path string, depth int) {
	if g.files++; depth > 10 || g.files > 100 {
		return
	}
	text, err := readLimited(path, maxFile)
	if err != nil {
		return
	}
	section, sub := "", ""
	for _, line := range logicalLines(string(text)) {
		if strings.HasPrefix(line, "[") {
			end := strings.LastIndexByte(line, ']')
			if end < 0 {
				continue
			}
			section, sub = splitSection(line[1:end])
			if line = strings.TrimSpace(line[end+1:]); line == "" {
				continue
			}
		}
		key, value, _ := strings.Cut(line, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), gitValue(value)
		switch {
		case section == "user" && sub == "" && key == "email":
			g.email = value
		case key == "path" && (section == "include" && sub == "" || section == "includeif" && g.holds(sub, path)):
			g.read(g.expand(value, path), depth+1)
		}
	}
}

// expand makes a path of a configuration file absolute.
func (g *gitConfig) expand(p, from string) string {
	if rest, ok := strings.CutPrefix(p, "~/"); ok {
		return filepath.Join(g.home, rest)
	}
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(filepath.Dir(from), p)
}

// holds checks a condition of includeIf: gitdir and gitdir/i with a folder or a whole path; other conditions do not hold.
func (g *gitConfig) holds(condition, from string) bool {
	pattern, ok := strings.CutPrefix(condition, "gitdir:")
	fold := false
	if !ok {
		if pattern, fold = strings.CutPrefix(condition, "gitdir/i:"); !fold {
			return false
		}
	}
	if g.gitDir == "" {
		return false
	}
	folder := strings.HasSuffix(pattern, "/")
	switch {
	case strings.HasPrefix(pattern, "~/"):
		pattern = filepath.Join(g.home, pattern[2:])
	case strings.HasPrefix(pattern, "./"):
		pattern = filepath.Join(filepath.Dir(from), pattern[2:])
	}
	dir := filepath.ToSlash(g.gitDir)
	pattern = strings.TrimSuffix(filepath.ToSlash(pattern), "/")
	if fold {
		dir, pattern = strings.ToLower(dir), strings.ToLower(pattern)
	}
	if !strings.HasPrefix(pattern, "/") && filepath.VolumeName(pattern) == "" {
		return strings.Contains(dir+"/", "/"+pattern+"/")
	}
	return dir == pattern || folder && strings.HasPrefix(dir, pattern+"/")
}

// logicalLines joins lines that end in a backslash and leaves out blanks and comments.
func logicalLines(text string) []string {
	var out []string
	lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSuffix(lines[i], "\r")
		for strings.HasSuffix(line, `\`) && !strings.HasSuffix(line, `\\`) && i+1 < len(lines) {
			i++
			line = line[:len(line)-1] + strings.TrimSuffix(lines[i], "\r")
		}
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line[0] != ';' {
			out = append(out, line)
		}
	}
	return out
}

// splitSection reads what stands between brackets: name, or name "sub".
func splitSection(s string) (name, sub string) {
	name, sub, _ = strings.Cut(strings.TrimSpace(s), " ")
	sub = strings.Trim(strings.TrimSpace(sub), `"`)
	return strings.ToLower(name), strings.ReplaceAll(strings.ReplaceAll(sub, `\"`, `"`), `\\`, `\`)
}

// gitValue takes quotes, escapes and comments out of a value.
func gitValue(s string) string {
	s = strings.TrimSpace(s)
	var b strings.Builder
	quoted, keep := false, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"':
			quoted = !quoted
			keep = b.Len()
			continue
		case c == '\\' && i+1 < len(s):
			i++
			c = s[i]
			if j := strings.IndexByte("ntb", c); j >= 0 {
				c = "\n\t\b"[j]
			}
			b.WriteByte(c)
			keep = b.Len()
			continue
		case !quoted && (c == '#' || c == ';'):
			return b.String()[:keep]
		}
		b.WriteByte(c)
		if quoted || c != ' ' && c != '\t' {
			keep = b.Len()
		}
	}
	return b.String()[:keep]
}
