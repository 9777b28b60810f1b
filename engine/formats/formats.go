// Package formats is the ordered list of the run formats. It must not know how any of them works.
package formats

import (
	"pace/engine/formats/metricsfile"
	"pace/engine/formats/mlflowdb"
	"pace/engine/formats/mlflowfs"
	"pace/engine/formats/tfevents"
	"pace/engine/ingest"
)

// All lists the formats in the order in which they are offered a folder. The first that claims a path
// reads it.
func All() []ingest.Format {
	return []ingest.Format{
		mlflowfs.Format(),
		mlflowdb.Format(),
		tfevents.Format(),
		metricsfile.Format(),
	}
}
