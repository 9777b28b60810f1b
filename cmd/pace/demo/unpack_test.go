package demo

import (
	"archive/tar"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// pack makes an archive of headers, each file with its name as content where it has a size.
func pack(tb testing.TB, headers ...tar.Header) []byte {
	tb.Helper()
	var out bytes.Buffer
	packer, err := zstd.NewWriter(&out)
	if err != nil {
		tb.Fatal(err)
	}
	files := tar.NewWriter(packer)
	for _, header := range headers {
		if header.Typeflag == tar.TypeReg {
			header.Size = int64(len(header.Name))
		}
		header.ModTime = time.Unix(1_700_000_000, 0)
		if err := files.WriteHeader(&header); err != nil {
			tb.Fatal(err)
		}
		if _, err := files.Write([]byte(header.Name)[:header.Size]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := errors.Join(files.Close(), packer.Close()); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// unpackInto unpacks below a folder "in" of dir.
func unpackInto(tb testing.TB, dir string, packed []byte) error {
	tb.Helper()
	in := filepath.Join(dir, "in")
	if err := os.MkdirAll(in, 0o755); err != nil {
		tb.Fatal(err)
	}
	root, err := os.OpenRoot(in)
	if err != nil {
		tb.Fatal(err)
	}
	defer root.Close()
	return unpack(tb.Context(), root, bytes.NewReader(packed))
}

func TestHostileEntriesAreRefused(t *testing.T) {
	file := func(name string) tar.Header { return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644} }
	for name, header := range map[string]tar.Header{
		"parent":        file("../out"),
		"deep parent":   file("a/b/../../../out"),
		"absolute":      file("/out"),
		"symlink":       {Typeflag: tar.TypeSymlink, Name: "link", Linkname: "../out"},
		"hard link":     {Typeflag: tar.TypeLink, Name: "link", Linkname: "../out"},
		"device":        {Typeflag: tar.TypeChar, Name: "null"},
		"named pipe":    {Typeflag: tar.TypeFifo, Name: "pipe"},
		"parent folder": {Typeflag: tar.TypeDir, Name: "../out/", Mode: 0o755},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := unpackInto(t, dir, pack(t, header)); !errors.Is(err, errEntry) {
				t.Errorf("error %v, want errEntry", err)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("%v beside the root (%v)", entries, err)
			}
		})
	}
}

func TestALinkThatIsThereAlreadyLeadsNowhere(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	if err := os.MkdirAll(in, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, filepath.Join(in, "link")); err != nil {
		t.Skip("no symbolic links here")
	}
	packed := pack(t, tar.Header{Typeflag: tar.TypeReg, Name: "link/out", Mode: 0o644})
	if err := unpackInto(t, dir, packed); err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file was written outside the root (%v)", err)
	}
}

func TestTheSameNameTwiceIsRefused(t *testing.T) {
	twice := tar.Header{Typeflag: tar.TypeReg, Name: "a", Mode: 0o644}
	if err := unpackInto(t, t.TempDir(), pack(t, twice, twice)); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want ErrExist", err)
	}
}

func TestTooManyFilesAreRefused(t *testing.T) {
	headers := make([]tar.Header, maxFiles+1)
	for i := range headers {
		headers[i] = tar.Header{Typeflag: tar.TypeDir, Name: "d/", Mode: 0o755}
	}
	if err := unpackInto(t, t.TempDir(), pack(t, headers...)); !errors.Is(err, errBounds) {
		t.Errorf("error %v, want errBounds", err)
	}
}

// A header may claim any size: the claim alone must be refused, before a byte is written.
func TestAHugeFileIsRefused(t *testing.T) {
	var raw, packed bytes.Buffer
	header := tar.Header{Typeflag: tar.TypeReg, Name: "big", Size: maxBytes + 1, Mode: 0o644}
	if err := tar.NewWriter(&raw).WriteHeader(&header); err != nil {
		t.Fatal(err)
	}
	packer, err := zstd.NewWriter(&packed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := packer.Write(raw.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := unpackInto(t, t.TempDir(), packed.Bytes()); !errors.Is(err, errBounds) {
		t.Errorf("error %v, want errBounds", err)
	}
}

func TestEveryTruncationIsAnError(t *testing.T) {
	whole := pack(t, tar.Header{Typeflag: tar.TypeReg, Name: "a/b", Mode: 0o644},
		tar.Header{Typeflag: tar.TypeReg, Name: "c", Mode: 0o644})
	dir := t.TempDir()
	if err := unpackInto(t, filepath.Join(dir, "whole"), whole); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(whole); n++ {
		if err := unpackInto(t, filepath.Join(t.TempDir(), "cut"), whole[:n]); err == nil {
			t.Errorf("cut at byte %d of %d: no error", n, len(whole))
		}
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(pack(f, tar.Header{Typeflag: tar.TypeReg, Name: "a/b", Mode: 0o644}))
	f.Add(pack(f, tar.Header{Typeflag: tar.TypeReg, Name: "../out", Mode: 0o644}))
	f.Add(pack(f, tar.Header{Typeflag: tar.TypeSymlink, Name: "l", Linkname: "/"}))
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd})
	f.Fuzz(func(t *testing.T, packed []byte) {
		dir := t.TempDir()
		_ = unpackInto(t, dir, packed) // any error is fine: nothing may leave the root
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%v beside the root (%v)", entries, err)
		}
	})
}
