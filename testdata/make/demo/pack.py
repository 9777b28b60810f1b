"""Pack the demo project: the same files give the same bytes.

    python pack.py FOLDER OUT.tar.zst
"""

import io
import pathlib
import sys
import tarfile

import zstandard

LIMIT = 4 << 20
MTIME = 1_795_046_400  # 2026-11-19T00:00:00Z, the day after the last run


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            info = tarfile.TarInfo(path.relative_to(folder).as_posix())
            info.size, info.mode, info.mtime = path.stat().st_size, 0o644, MTIME
            with open(path, "rb") as file:
                tar.addfile(info, file)
    parameters = zstandard.ZstdCompressionParameters.from_level(
        22, window_log=23, enable_ldm=True)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compress(raw.getvalue())
    out.write_bytes(packed)
    print(f"{out.name}: {len(packed):,} bytes of {len(raw.getvalue()):,}")
    if len(packed) > LIMIT:
        sys.exit(f"the archive is over {LIMIT:,} bytes")


if __name__ == "__main__":
    main()
