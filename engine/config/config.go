// Package config reads what a project and a user say in files: pace.yaml, settings.yaml, git's configuration.
// It must not know what is done with it: no store, no engine, no screen; it runs no program.
package config

import (
	_ "embed" // the schemas
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// ProjectSchema is the JSON Schema of pace.yaml.
//
//go:embed pace.schema.json
var ProjectSchema []byte

// SettingsSchema is the JSON Schema of settings.yaml.
//
//go:embed settings.schema.json
var SettingsSchema []byte

// FileName is the project's file.
const FileName = "pace.yaml"

// Config is what pace.yaml says. Everything is optional.
type Config struct {
	Version       int                       `json:"version"`
	Project       string                    `json:"project"`
	PrimaryMetric Metric                    `json:"primary_metric"`
	Watch         []string                  `json:"watch"`
	Ignore        []string                  `json:"ignore"`
	Sources       []Source                  `json:"sources"`
	Datasets      map[string]Dataset        `json:"datasets"`
	Models        map[string]Model          `json:"models"`
	Logs          []Log                     `json:"logs"`
	TextLogs      []TextLog                 `json:"textlogs"`
	Alerts        map[string]map[string]any `json:"alerts"`
	Rules         []map[string]any          `json:"rules"`
	Channels      []map[string]any          `json:"channels"`
	Cost          Cost                      `json:"cost"`
}

// Metric is a metric and which way it gets better: "min", "max" or "".
type Metric struct {
	Name      string `json:"name"`
	Direction string `json:"direction"`
}

// Source is a store to read besides those found.
type Source struct {
	MLflow string `json:"mlflow"` // tracking URI
}

// Dataset is what is said about one dataset; values are names of its variables, Contract a path.
type Dataset struct {
	Target    string   `json:"target"`
	Time      string   `json:"time"`
	ID        string   `json:"id"`
	Contract  string   `json:"contract"`
	Protected []string `json:"protected"`
}

// Model is what is said about one model; Path, Data, Log and Reference are paths.
type Model struct {
	Path      string   `json:"path"`
	Data      string   `json:"data"`
	Log       string   `json:"log"`
	Reference string   `json:"reference"`
	Immutable []string `json:"immutable"`
	Positive  any      `json:"positive"` // string, float64 or bool; nil for none
}

// Log is a prediction log. Mapping is pace's column to the log's.
type Log struct {
	Path    string            `json:"path"`
	Mapping map[string]string `json:"mapping"`
}

// TextLog is a text log that a regular expression finds metrics in.
type TextLog struct {
	Path    string `json:"path"`
	Pattern string `json:"pattern"`
}

// Cost is what an hour of training costs.
type Cost struct {
	RatePerHour float64 `json:"rate_per_hour"`
	Currency    string  `json:"currency"`
}

// Load reads root's pace.yaml; a project without one has an empty Config. Errors of content are Errors.
func Load(root string) (Config, error) {
	var c Config
	err := load(filepath.Join(root, FileName), ProjectSchema, &c)
	return c, err
}

// Settings is what a user says in settings.yaml. Empty values mean the default.
type Settings struct {
	Theme     string              `json:"theme"`
	Keys      map[string][]string `json:"keys"`
	Clipboard string              `json:"clipboard"` // auto, osc52, native, off
	Glyphs    string              `json:"glyphs"`    // auto, braille, block, ascii
	Color     string              `json:"color"`     // auto, always, never
	Mouse     *bool               `json:"mouse"`
	Plain     bool                `json:"plain"`
}

// SettingsDir is the user's folder: PACE_CONFIG_DIR, else pace in the system's folder for configuration.
// Base16 themes lie in its themes folder.
func SettingsDir(getenv func(string) string) (string, error) {
	if dir := getenv("PACE_CONFIG_DIR"); dir != "" {
		return dir, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "pace"), nil
}

// LoadSettings reads settings.yaml in the user's folder; without one everything is the default. Errors of content
// are Errors.
func LoadSettings(dir string) (Settings, error) {
	var s Settings
	err := load(filepath.Join(dir, "settings.yaml"), SettingsSchema, &s)
	return s, err
}

func load(path string, schema []byte, into any) error {
	text, err := readLimited(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return Errors{{File: path, Msg: cause(err)}}
	}
	return parse(path, text, schema, into)
}

func cause(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
