package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// maxEncoded bounds what Decode unpacks.
const maxEncoded = 64 << 20

// Encode packs a profile for the store: a version byte, then gzipped JSON.
func (p *Profile) Encode() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte(Version)
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("encode profile: %w", err)
	}
	if err := json.NewEncoder(z).Encode(p); err != nil {
		return nil, fmt.Errorf("encode profile: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode profile: %w", err)
	}
	return out.Bytes(), nil
}

// Decode unpacks what Encode packed; a profile of another version is an error, for it is to be computed again.
func Decode(b []byte) (*Profile, error) {
	if len(b) == 0 || b[0] != Version {
		return nil, fmt.Errorf("decode profile: not of version %d", Version)
	}
	z, err := gzip.NewReader(bytes.NewReader(b[1:]))
	if err != nil {
		return nil, fmt.Errorf("decode profile: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(z, maxEncoded+1))
	if err != nil {
		return nil, fmt.Errorf("decode profile: %w", err)
	}
	if len(raw) > maxEncoded {
		return nil, fmt.Errorf("decode profile: larger than %d bytes", maxEncoded)
	}
	var p Profile
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, fmt.Errorf("decode profile: %w", err)
	}
	if p.Schema != Schema {
		return nil, fmt.Errorf("decode profile: schema %q", p.Schema)
	}
	return &p, nil
}
