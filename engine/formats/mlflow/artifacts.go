package mlflow

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxSuffix bounds how many parts of an artifact path are tried below another root.
const maxSuffix = 8

// ArtifactDir finds the folder that an artifact URI means on this machine. Stores hold absolute paths of
// the machine that made them; when such a path leads nowhere, the folder beside the facts is tried (beside,
// "" for none), then the end of the path below each root. Where nothing is found the URI is answered as it
// is.
func ArtifactDir(uri, beside string, roots ...string) string {
	local, served := localPath(uri)
	switch {
	case uri == "" && beside != "" && isDir(beside):
		return beside
	case local == "":
		return uri
	}
	if !served && filepath.IsAbs(filepath.FromSlash(local)) && isDir(filepath.FromSlash(local)) {
		return filepath.FromSlash(local)
	}
	if beside != "" && !served && isDir(beside) {
		return beside
	}
	parts := strings.Split(strings.Trim(path.Clean("/"+local), "/"), "/")
	for _, root := range roots {
		for i := max(0, len(parts)-maxSuffix); i <= len(parts)-2; i++ {
			suffix := filepath.Join(parts[i:]...)
			for _, top := range artifactTops(served) {
				if dir := filepath.Join(root, top, suffix); isDir(dir) {
					return dir
				}
			}
		}
	}
	return uri
}

// artifactTops are the folders in which a tracking server keeps what it serves as mlflow-artifacts:.
func artifactTops(served bool) []string {
	if served {
		return []string{"mlartifacts", "mlruns"}
	}
	return []string{""}
}

// localPath is the path in a file URI, in a plain path or in a URI of a server's own store (served); ""
// for object stores and the like.
func localPath(uri string) (p string, served bool) {
	windows := strings.ReplaceAll(uri, `\`, "/")
	if len(windows) > 2 && windows[1] == ':' && windows[2] == '/' {
		return windows, false
	}
	u, err := url.Parse(uri)
	if err != nil || u.Scheme == "" {
		return uri, false
	}
	switch u.Scheme {
	case "file":
		p = first(u.Path, u.Opaque)
		if len(p) > 2 && p[0] == '/' && p[2] == ':' {
			p = p[1:]
		}
		return p, false
	case "mlflow-artifacts":
		return u.Path, true
	}
	return "", false
}

func isDir(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}
