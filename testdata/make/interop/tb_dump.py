"""Print every scalar that TensorBoard reads below a folder, as tfevents.py's want.json.

    python tb_dump.py LOGDIR > want.json
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import tfevents  # noqa: E402  (the path above must be set first)


def main():
    json.dump(tfevents.want(pathlib.Path(sys.argv[1])), sys.stdout, indent=1, sort_keys=True,
              allow_nan=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
