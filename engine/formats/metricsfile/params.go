package metricsfile

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"pace/engine/ingest"
)

// paramFiles hold a run's params beside its metrics: Lightning's hparams.yaml, Ultralytics' args.yaml, Ray's
// params.json (JSON is YAML).
var paramFiles = [...]string{"hparams.yaml", "args.yaml", "params.json"}

const (
	maxYAML   = 1 << 20 // bytes of a file with params
	maxParams = 2000
	maxValue  = 4000 // bytes of a list that is one param
)

// sayParams says the params when a stat of their files tells that they changed.
func (t *turn) sayParams() error {
	h := fnv.New64a()
	var there []string
	for _, name := range paramFiles {
		info, err := os.Stat(beside(t.src, name))
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxYAML {
			continue
		}
		st := ingest.StatOf(info)
		h.Write([]byte(name))
		_ = binary.Write(h, binary.LittleEndian, []int64{st.Size, st.ModTime, int64(st.Inode)})
		there = append(there, name)
	}
	if len(there) == 0 || h.Sum64() == t.params {
		return nil
	}
	t.params = h.Sum64()
	for _, name := range there {
		f, _, err := ingest.OpenRegular(beside(t.src, name))
		if err != nil {
			continue // gone meanwhile, or not for us
		}
		text, err := io.ReadAll(io.LimitReader(f, maxYAML))
		f.Close()
		if err == nil {
			err = t.sayYAML(text)
		}
		if err != nil {
			return fmt.Errorf("read params: %w", err)
		}
	}
	return nil
}

// sayYAML says a mapping's scalars. Tags such as !!python/object are text here: nothing is constructed. What
// can't be read is no loss of metrics, and half written files are read again.
func (t *turn) sayYAML(text []byte) error {
	var doc yaml.Node
	limits := loaderlimits.New(loaderlimits.DepthValue(maxDepth), loaderlimits.AliasNone())
	if err := yaml.Load(text, &doc, yaml.WithPlugin(limits)); err != nil || len(doc.Content) != 1 {
		return nil
	}
	var params []ingest.Param
	t.flatten("", doc.Content[0], &params)
	for _, p := range params {
		if err := t.sink.Put(p); err != nil {
			return err
		}
	}
	return nil
}

// flatten joins the keys of nested mappings with ".".
func (t *turn) flatten(key string, n *yaml.Node, params *[]ingest.Param) {
	if len(*params) >= maxParams || len(key) > maxKey {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			if key != "" {
				name = key + "." + name
			}
			t.flatten(name, n.Content[i+1], params)
		}
	case yaml.ScalarNode:
		if key != "" {
			*params = append(*params, ingest.Param{Run: t.key, Key: key, Value: n.Value})
		}
	case yaml.SequenceNode:
		if text, ok := spellList(n); ok && key != "" {
			*params = append(*params, ingest.Param{Run: t.key, Key: key, Value: text})
		}
	}
}

// spellList writes a list of scalars on one line.
func spellList(n *yaml.Node) (string, bool) {
	items := make([]string, 0, len(n.Content))
	size := 0
	for _, item := range n.Content {
		if size += len(item.Value) + 2; item.Kind != yaml.ScalarNode || size > maxValue {
			return "", false
		}
		items = append(items, item.Value)
	}
	return "[" + strings.Join(items, ", ") + "]", true
}
