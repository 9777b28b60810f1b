package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pace/engine/report"
	"pace/engine/report/printer"
)

type profileFlags struct {
	target, columns, format, failOn string
	sensitive                       bool
}

func newProfile(c *console) *cobra.Command {
	var f profileFlags
	cmd := &cobra.Command{
		Use:   "profile PATH",
		Short: "Profile a table: its variables, what is missing, what is wrong",
		Long: `Profile a table: its variables, what is missing, what is wrong.

JSON: {schema:"pace.profile/1", source:{path,format,bytes,dialect,version}, rows, columns, missing_cells,
missing_cells_share, duplicate_rows, duplicate_rows_share, memory_bytes, avg_record_bytes, types, variables:[{name,
type, storage, role, count, missing, missing_share, distinct, min, max, mean, std, quantiles, histogram, top, ...}],
correlations, alerts:[{id,severity,column,message,evidence}], reproduction, approx}

` + exitCodes,
		Example: "pace profile data/flights.parquet\npace profile data/weather.csv --target arr_late --format json\npace profile people.csv --sensitive --fail-on warn",
		Args:    wantArgs(1, 1, "one path"),
		RunE:    func(cmd *cobra.Command, args []string) error { return profileTable(cmd.Context(), c, args[0], f) },
	}
	cmd.Flags().StringVar(&f.target, "target", "", "the column that is to be predicted (default: what pace.yaml says)")
	cmd.Flags().StringVar(&f.columns, "columns", "", "only these columns, with commas")
	cmd.Flags().BoolVar(&f.sensitive, "sensitive", false, "no value of the data in the result")
	formatFlag(cmd, &f.format, "text", "json", "markdown", "html")
	failFlag(cmd, &f.failOn, "never", "warn", "error")
	return cmd
}

func profileTable(ctx context.Context, c *console, path string, f profileFlags) (err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return unreadable(err, "")
	}
	switch info, err := os.Stat(abs); {
	case errors.Is(err, fs.ErrNotExist):
		return usage(fmt.Errorf("profile %s: there is no such file", path), "name a table: CSV, TSV or Parquet, also compressed")
	case err == nil && !info.IsDir() && !info.Mode().IsRegular():
		return usage(fmt.Errorf("profile %s: that is a pipe, a socket or a device", path), "name a file; what a pipe holds can be written to one")
	case err == nil && info.IsDir():
		return usage(fmt.Errorf("profile %s: that is a folder", path), "name one file of it; `pace --report --only data` shows all tables")
	}
	s, err := open(ctx, c, filepath.Dir(path), "")
	if err != nil {
		return err
	}
	defer s.close(&err)
	q := report.ProfileRequest{Path: s.inProject(abs), Target: f.target, Sensitive: f.sensitive, Pace: version()}
	if q.Target == "" {
		q.Target = s.config.Datasets[q.Path].Target
	}
	if f.columns != "" {
		q.Columns = strings.Split(f.columns, ",")
	}
	stop := s.showProgress(ctx)
	answer, err := s.engine.Ask(ctx, q)
	stop()
	if err != nil {
		return unreadable(err, "")
	}
	p, ok := answer.(report.Profiled)
	if !ok {
		return fmt.Errorf("profile %s: the engine answered %T", path, answer)
	}
	named := q
	named.Path = path
	p.Profile.Reproduction.Pace, p.Profile.Reproduction.Command = version(), named.Command()
	if err := printer.Profile(c.out, printer.Format(f.format), style(), p.Profile); err != nil {
		return err
	}
	return failed(f.failOn, report.Health(p.Profile).Level())
}

// inProject is the path as the project knows it: relative to the root where it lies below it.
func (s *session) inProject(abs string) string {
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	rel, err := filepath.Rel(s.root, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return abs
	}
	return filepath.ToSlash(rel)
}
