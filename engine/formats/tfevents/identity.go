package tfevents

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"pace/engine/ingest"
)

// identity is what a file's first record tells of its run.
type identity struct {
	key   string
	began int64 // microseconds, NoTime where the record can't be read
}

// maxFirst bounds the first record, which holds a version and takes some 30 bytes.
const maxFirst = 64 << 10

// identityOf makes a run's key: the name of its first event file, which holds the second, the host and
// mostly the process that began it, and a digest of that file's first record, which holds the microsecond.
// A folder that is moved or renamed keeps it. It answers false where the record is not there yet.
func identityOf(path, name string) (identity, bool, error) {
	head, err := headOf(path, headBytes)
	if err != nil || len(head) < headBytes || unwritten(head) || !headOK(head) {
		return identity{}, false, err
	}
	length := little(head[:8])
	size := int(min(headBytes+length+footBytes, maxFirst))
	frame, err := headOf(path, size)
	if err != nil || len(frame) < size {
		return identity{}, false, err
	}
	sum := sha256.Sum256(frame)
	id := identity{key: "tensorboard/" + name + "/" + hex.EncodeToString(sum[:8]), began: ingest.NoTime}
	if size < maxFirst {
		data := frame[headBytes : size-footBytes]
		if ev, ok := parseEvent(data); ok && uint32(little(frame[size-footBytes:])) == masked(data) {
			id.began = ev.micros()
		}
	}
	return id, true, nil
}

// parent is the key of the run in the folder above, for runs of the hparams plugin: PyTorch's add_hparams
// writes its record into a folder of its own below the run that it belongs to.
func (t *turn) parent() string {
	if !t.started || t.src.Path == "." {
		return ""
	}
	above := filepath.Dir(t.src.Abs())
	files, err := list(above)
	if err != nil {
		return ""
	}
	for _, f := range files {
		if id, ok, err := identityOf(filepath.Join(above, f.name), f.name); ok && err == nil {
			return id.key
		}
	}
	return ""
}

// logFolders hold runs by their usual names; a run is called by its path below the last of them.
var logFolders = [...]string{"runs", "logs", "log", "logdir", "tb_logs", "lightning_logs", "tensorboard", "tfevents", "summaries"}

// nameOf is how a run is called: its folder, as TensorBoard has it when it is pointed at the folder above.
func nameOf(src ingest.Source) string {
	if src.Path == "." {
		return filepath.Base(src.Root)
	}
	parts := strings.Split(src.Path, "/")
	for i := len(parts) - 2; i >= 0; i-- {
		if slices.Contains(logFolders[:], parts[i]) {
			return path.Join(parts[i+1:]...)
		}
	}
	return src.Path
}

// hostOf takes the host from a file's name: events.out.tfevents.<seconds>.<host>[.<process>.<number>][.v2].
func hostOf(name string) string {
	_, rest, _ := strings.Cut(name, nameMark+".")
	seconds, rest, _ := strings.Cut(rest, ".")
	if strings.Trim(seconds, "0123456789") != "" {
		return ""
	}
	rest = strings.TrimSuffix(rest, ".v2")
	for range 2 {
		if i := strings.LastIndexByte(rest, '.'); i > 0 && strings.Trim(rest[i+1:], "0123456789") == "" {
			rest = rest[:i]
		}
	}
	return rest
}
