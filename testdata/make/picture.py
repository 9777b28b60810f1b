"""Turns a capture of the real screen (tmux capture-pane -ep) on stdin into an SVG on stdout.

    tmux capture-pane -ep | python3 testdata/make/picture.py > .github/screen.svg

Only the standard library. Knows the SGR codes that pace writes: bold, dim, underline, reverse, the sixteen
colours, the 256 palette and 24-bit colours.
"""

import html
import re
import sys
import unicodedata

CELL_W, CELL_H, SIZE = 8.4, 17, 14
BACK, FORE = "#1c1c1c", "#d0d0d0"
SIXTEEN = [
    "#000000", "#cd3131", "#0dbc79", "#e5e510", "#2472c8", "#bc3fbc", "#11a8cd", "#e5e5e5",
    "#666666", "#f14c4c", "#23d18b", "#f5f543", "#3b8eea", "#d670d6", "#29b8db", "#ffffff",
]  # fmt: skip


def palette(n):
    """The colour of one index of xterm's 256."""
    if n < 16:
        return SIXTEEN[n]
    if n >= 232:
        v = 8 + 10 * (n - 232)
        return f"#{v:02x}{v:02x}{v:02x}"
    n -= 16
    steps = [0, 95, 135, 175, 215, 255]
    return "#" + "".join(f"{steps[v]:02x}" for v in (n // 36, n // 6 % 6, n % 6))


def restyle(style, codes):
    """Applies the numbers of one SGR sequence to a style."""
    style = dict(style)
    it = iter(codes)
    for c in it:
        if c == 0:
            style = {}
        elif c in (1, 2, 4, 7):
            style[c] = True
        elif c in (22, 24, 27):
            for k in {22: (1, 2), 24: (4,), 27: (7,)}[c]:
                style.pop(k, None)
        elif c in (38, 48):
            kind = next(it, 0)
            value = palette(next(it, 0)) if kind == 5 else "#%02x%02x%02x" % (next(it, 0), next(it, 0), next(it, 0))
            style["fg" if c == 38 else "bg"] = value
        elif 30 <= c <= 37 or 90 <= c <= 97:
            style["fg"] = SIXTEEN[c - 30 if c < 90 else c - 82]
        elif 40 <= c <= 47 or 100 <= c <= 107:
            style["bg"] = SIXTEEN[c - 40 if c < 100 else c - 92]
        elif c in (39, 49):
            style.pop("fg" if c == 39 else "bg", None)
    return style


def cells(line, style):
    """Yields (column, text, style) for runs of one style, and last the style that the line ends with."""
    col = 0
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if m := re.fullmatch(r"\x1b\[([0-9;]*)m", piece):
            style = restyle(style, [int(v or 0) for v in m[1].split(";")])
        elif piece:
            yield col, piece, style
            col += sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in piece)
    yield col, "", style


def draw(col, row, text, style):
    """The SVG of one run of cells."""
    fg, bg = style.get("fg", FORE), style.get("bg")
    if style.get(7):
        fg, bg = bg or BACK, style.get("fg", FORE)
    out = []
    x, y = 12 + col * CELL_W, 12 + row * CELL_H
    if bg:
        out.append(f'<rect x="{x:.1f}" y="{y}" width="{len(text) * CELL_W:.1f}" height="{CELL_H}" fill="{bg}"/>')
    if text.strip():
        extra = ' font-weight="bold"' if style.get(1) else ""
        extra += ' opacity=".6"' if style.get(2) else ""
        extra += ' text-decoration="underline"' if style.get(4) else ""
        # A place for each glyph that a font may lack: a stand-in's width must not move the rest.
        pieces = [(0, text)] if text.isascii() else [(i, ch) for i, ch in enumerate(text) if ch != " "]
        spans = "".join(f'<tspan x="{x + i * CELL_W:.1f}">{html.escape(piece)}</tspan>' for i, piece in pieces)
        out.append(f'<text y="{y + 13}" fill="{fg}"{extra} xml:space="preserve">{spans}</text>')
    return "".join(out)


def main():
    lines = sys.stdin.read().rstrip("\n").split("\n")
    width = max(sum(1 for _ in re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    w, h = 24 + width * CELL_W, 24 + len(lines) * CELL_H
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:.0f} {h}" width="{w:.0f}" height="{h}" '
        f'font-family="ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="{SIZE}">'
        f'<rect width="100%" height="100%" rx="8" fill="{BACK}"/>'
    )
    style = {}
    for row, line in enumerate(lines):
        for col, text, style in cells(line, style):
            if text:
                print(draw(col, row, text, style))
    print("</svg>")


if __name__ == "__main__":
    main()
