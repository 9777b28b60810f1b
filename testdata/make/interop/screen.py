"""How long a logged point takes to the screen: pace open in tmux beside a training job.

    python screen.py PACE PROJECT OUT.jsonl EXIT_FILE BUDGET_MS

The job is mlflow_writer.py with --runs 1, started by the caller, which writes OUT.jsonl, and
EXIT_FILE when it ends. The page of its run is opened and captured as fast as tmux answers,
some 50 times a second; the POINTS column says how many points of each metric are shown. A
point's latency is from the end of the call that logged it to the first capture that counts
it. Exit 1 when a count falls, when the last screen does not count every point exactly once,
or when a point was later than BUDGET_MS.

The budget is for the 99.9th percentile on a shared machine; the largest is printed beside it.
"""

import collections
import json
import os
import re
import subprocess
import sys
import time

ROW = re.compile(r"^[ ▸●▪>*|]*(loss|val/loss|auc)\s")


class Terminal:
    """pace on a screen of its own tmux server."""

    def __init__(self, binary, project):
        self.tmux = ["tmux", "-L", f"pace-interop-{os.getpid()}", "-f", "/dev/null"]
        self.call("new-session", "-d", "-x", "150", "-y", "40", "-c", project, "-e", "LC_ALL=C.UTF-8",
                  "-e", f"XDG_CACHE_HOME={os.environ.get('XDG_CACHE_HOME', '')}", binary, "--theme", "dark")

    def call(self, *words):
        done = subprocess.run([*self.tmux, *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"tmux {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def text(self):
        return self.call("capture-pane", "-p")

    def keys(self, *names):
        self.call("send-keys", *names)

    def until(self, wanted, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if re.search(wanted, self.text()):
                return
            time.sleep(0.05)
        sys.exit(f"the screen never showed {wanted!r}:\n{self.text()}")

    def close(self):
        self.call("kill-server")


def counts(text):
    """key: points, as the run's page shows them."""
    lines = text.splitlines()
    head = next((line for line in lines if "METRIC" in line and "POINTS" in line), None)
    if head is None:
        return {}
    end, found = head.index("POINTS") + len("POINTS"), {}
    for line in lines:
        key = ROW.match(line)
        number = line[:end].split()[-1].replace(",", "") if key and line[:end].split() else ""
        if number.isdigit() and not line[end:end + 1].isdigit():  # else the screen is being drawn
            found[key.group(1)] = int(number)
    return found


def watch(screen, exit_file):
    """Each change of a count as (key, points, when), until the job ended and nothing moves."""
    seen, changes, looks, idle = {}, [], 0, None
    while idle is None or time.monotonic() - idle < 3:
        now, found = time.time(), counts(screen.text())
        looks += 1
        for key, n in found.items():
            if n < seen.get(key, 0):
                sys.exit(f"{key} went from {seen[key]} to {n} points on the screen")
            if n != seen.get(key):
                seen[key] = n
                changes.append((key, n, now))
        if idle is None and os.path.exists(exit_file):
            idle = time.monotonic()
        time.sleep(0.01)
    return changes, looks


def latencies(changes, out):
    """Milliseconds from each point logged while the page was open to the screen, and what the last screen lacks."""
    logged, shown = collections.defaultdict(list), collections.defaultdict(list)
    with open(out) as lines:
        for line in map(json.loads, lines):
            logged[line["key"]].append(line["done"])
    for key, n, when in changes:
        shown[key].append((n, when))
    late, wrong, opened = [], [], changes[0][2]
    for key, times in logged.items():
        steps = iter(shown[key])
        n, when = next(steps, (0, 0))
        for number, done in enumerate(times, 1):
            while n < number:
                n, when = next(steps, (len(times) + 1, None))
            if when is not None and n <= len(times) and done >= opened:
                late.append((max(0.0, (when - done) * 1000), f"{key} {number}", done))
        last = shown[key][-1][0] if shown[key] else 0
        if last != len(times):
            wrong.append(f"{key}: {last} points on the last screen, {len(times)} were logged")
    return sorted(late), wrong


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    binary, project, out, exit_file, budget = *sys.argv[1:5], float(sys.argv[5])
    screen = Terminal(binary, project)
    try:
        screen.until("Overview", 20)
        screen.keys("3")
        screen.until("running", 60)
        screen.keys("Enter")
        screen.until("METRIC", 20)
        changes, looks = watch(screen, exit_file)
    finally:
        screen.close()
    if not changes:
        sys.exit("the page of the run never showed a count")
    late, wrong = latencies(changes, out)
    began = min((done for _, _, done in late), default=0)
    if not late:
        sys.exit("no point was seen on the screen")

    def at(share):
        return late[min(len(late) - 1, int(share * len(late)))][0]

    print(f"{len(late)} points on the screen in {looks} captures: median {at(0.5):.0f} ms, "
          f"99 % {at(0.99):.0f}, 99.9 % {at(0.999):.0f}, largest {late[-1][0]:.0f}, of {late[-1][1]} "
          f"(budget {budget:.0f}); {len(wrong)} keys counted wrongly")
    for line in wrong:
        print("  differs:", line)
    for ms, point, done in late[-3:]:
        print(f"  {ms:.0f} ms: {point}, logged {done - began:.1f} s after the first")
    sys.exit(1 if wrong or at(0.999) > budget else 0)


if __name__ == "__main__":
    main()
