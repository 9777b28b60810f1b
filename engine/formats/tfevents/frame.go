package tfevents

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"pace/engine/ingest"
)

// A record of an event file is its length (8 bytes), the length's checksum, the data and the data's
// checksum (tensorflow/core/lib/io/record_writer.h).
const (
	headBytes = 12
	footBytes = 4
	// maxRecord bounds the data of a record that is looked into; longer ones are images and graphs.
	maxRecord = 16 << 20
	// maxLength bounds the length that is believed at all.
	maxLength = 1 << 40
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the checksum as the file has it: CRC-32C, rotated and shifted (tensorflow/core/lib/hash/crc32c.h).
func masked(b []byte) uint32 {
	c := crc32.Checksum(b, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

// headOK checks a record's length against its checksum.
func headOK(head []byte) bool {
	return masked(head[:8]) == binary.LittleEndian.Uint32(head[8:headBytes]) &&
		binary.LittleEndian.Uint64(head) <= maxLength
}

// unwritten is true for a head of zeros: space that a file system set aside and the writer has not filled.
func unwritten(head []byte) bool {
	return binary.LittleEndian.Uint64(head) == 0 && binary.LittleEndian.Uint32(head[8:]) == 0
}

// headOf reads up to n bytes from the start of a regular file.
func headOf(path string, n int) ([]byte, error) {
	f, _, err := ingest.OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	buf := make([]byte, n)
	got, err := io.ReadFull(f, buf)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return buf[:got], err
}
