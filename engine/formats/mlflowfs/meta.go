package mlflowfs

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"pace/engine/ingest"
)

const (
	maxMeta  = 1 << 20 // bytes of a meta.yaml; a dataset's schema and profile are the longest parts
	maxValue = 1 << 20 // bytes of a param or a tag; MLflow's own limit is 8,000
	maxDepth = 16
)

// meta is a meta.yaml: its scalars by key, those of a nested mapping by "key/inner" with "" for the mapping
// itself. Null and lists are left out.
type meta map[string]string

// parseMeta reads YAML as text: no tag is obeyed, nothing is constructed.
func parseMeta(text []byte) (meta, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, errTorn
	}
	var doc yaml.Node
	limits := loaderlimits.New(loaderlimits.DepthValue(maxDepth), loaderlimits.AliasNone())
	if err := yaml.Load(text, &doc, yaml.WithPlugin(limits)); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("not a mapping")
	}
	m := meta{}
	m.take("", doc.Content[0])
	return m, nil
}

func (m meta) take(prefix string, n *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1]
		if value.Kind == yaml.AliasNode && value.Alias != nil && value.Alias.Kind == yaml.ScalarNode {
			value = value.Alias
		}
		switch {
		case value.Kind == yaml.ScalarNode && value.Tag != "!!null":
			m[prefix+key] = value.Value
		case value.Kind == yaml.MappingNode && prefix == "":
			m[key] = ""
			m.take(key+"/", value)
		}
	}
}

// time reads milliseconds since 1970; the zero time where there are none.
func (m meta) time(key string) time.Time {
	ms, err := strconv.ParseInt(m[key], 10, 64)
	if err != nil || ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func (m meta) deleted() bool { return m["lifecycle_stage"] == "deleted" }

// has is true when every key is there: MLflow writes keys in order, so a half-written file lacks the last.
func (m meta) has(keys ...string) bool {
	for _, k := range keys {
		if _, ok := m[k]; !ok {
			return false
		}
	}
	return true
}

// readAll reads a small regular file and what a stat told when it was opened. Longer files are refused.
func readAll(path string, limit int64) ([]byte, ingest.FileStat, error) {
	f, info, err := ingest.OpenRegular(path)
	if err != nil {
		return nil, ingest.FileStat{}, err
	}
	defer f.Close()
	st := ingest.StatOf(info)
	if st.Size > limit {
		return nil, st, &fs.PathError{Op: "read", Path: path, Err: errTooLong}
	}
	text := make([]byte, st.Size)
	n, err := io.ReadFull(f, text)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil // truncated meanwhile; the next stat tells
	}
	return text[:n], st, err
}

var errTooLong = fmt.Errorf("longer than %d bytes", maxMeta)
