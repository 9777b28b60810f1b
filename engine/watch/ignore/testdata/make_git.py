"""Writes git.json: what the real `git check-ignore` says for trees of ignore files, drawn with a fixed seed.

    python make_git.py > git.json
"""
import json
import os
import random
import subprocess
import tempfile

rnd = random.Random(7)
NAMES = ["a", "b", "ab", "foo", "foo.txt", "x.log", "b c", "é", "[a]", "a-b", "Z9", "#h", "!n", "a*b"]
LINES = r"""
a
/a
a/
/a/
*.log
!x.log
foo*
*o*
f?o
**/a
**/a/b
a/**
a/**/b
/**/b
**/
*
!*/
!foo.txt
a/*
!a/b
[ab]
[!a]*
[^a]
[a-z]b
[[:digit:]]*
[[:alpha:]][[:digit:]]
Z[0-9]
\#h
#h
\!n
!n
b c
b\ c
a 
a\ 
a\*b
a*b
\[a\]
[]a]
[a
a/b/
foo/**/x.log
foo/*/b
a**b
**
/*
!/a
a//b
./a
é
[é]
\a
foo.[a-z]*
*/b
!a/
x.lo\g
a\
""".strip("\n").split("\n")

out = []
for case in range(260):
    with tempfile.TemporaryDirectory() as d:
        subprocess.run(["git", "init", "-q", d], check=True)
        open(os.path.join(d, ".git/info/exclude"), "w").close()
        dirs, files = set(), set()
        for _ in range(12):
            p = [rnd.choice(NAMES) for _ in range(rnd.randint(1, 4))]
            if any("/".join(p[:i]) in files for i in range(1, len(p) + 1)) or "/".join(p) in dirs:
                continue
            dirs.update("/".join(p[:i]) for i in range(1, len(p)))
            files.add("/".join(p))
        for x in dirs:
            os.makedirs(os.path.join(d, x), exist_ok=True)
        for x in files:
            open(os.path.join(d, x), "w").close()
        ignores = {"": rnd.sample(LINES, rnd.randint(1, 4))}
        for x in sorted(dirs):
            if rnd.random() < 0.25:
                ignores[x] = rnd.sample(LINES, rnd.randint(1, 3))
        for where, lines in ignores.items():
            with open(os.path.join(d, where, ".gitignore"), "w", newline="") as f:
                f.write(("\r\n" if case % 5 == 0 else "\n").join(lines) + "\n")
        paths = sorted(dirs) + sorted(files)
        r = subprocess.run(
            ["git", "-c", "core.quotepath=off", "-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "-z", "--stdin"],
            input="\0".join(paths).encode(), cwd=d, capture_output=True,
        )
        hit = set(r.stdout.decode().split("\0"))
        out.append({
            "ignore": {k: ("\r\n" if case % 5 == 0 else "\n").join(v) + "\n" for k, v in ignores.items()},
            "dirs": sorted(dirs), "files": sorted(files), "ignored": sorted(p for p in paths if p in hit),
        })
version = subprocess.run(["git", "version"], capture_output=True, text=True).stdout.strip()
print('{"git": %s, "cases": [' % json.dumps(version))
print(",\n".join(json.dumps(c, ensure_ascii=False) for c in out))
print("]}")
