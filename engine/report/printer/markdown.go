package printer

import (
	"bufio"
	"io"
	"strings"
)

// writeMarkdown writes GitHub-flavoured Markdown; text from files can't start markup.
func writeMarkdown(w io.Writer, p *page) error {
	out := bufio.NewWriter(w)
	if p.title != "" {
		out.WriteString("# " + escapeMarkdown(p.title) + "\n")
	}
	for _, b := range p.blocks {
		out.WriteByte('\n')
		switch b := b.(type) {
		case heading:
			out.WriteString("## " + escapeMarkdown(string(b)) + "\n")
		case para:
			out.WriteString(escapeMarkdown(string(b)) + "\n")
		case facts:
			for _, f := range b {
				out.WriteString("- **" + escapeMarkdown(f.label) + "** " + escapeMarkdown(f.value) + "\n")
			}
		case items:
			for _, it := range b {
				out.WriteString("- " + escapeMarkdown(strings.TrimSpace(it.sign+" "+it.text)) + "\n")
				if it.more != "" {
					out.WriteString("  " + escapeMarkdown(it.more) + "\n")
				}
			}
		case grid:
			markdownGrid(out, b)
		case chart:
			out.WriteString("```text\n" + strings.ReplaceAll(strings.Join(textChart(b, Style{}), "\n"), "```", "'''") + "\n```\n")
		}
	}
	return out.Flush()
}

func markdownGrid(out *bufio.Writer, g grid) {
	row := func(cells []string) {
		out.WriteByte('|')
		for _, c := range cells {
			out.WriteString(" " + escapeMarkdown(c) + " |")
		}
		out.WriteByte('\n')
	}
	row(g.head)
	out.WriteByte('|')
	for _, right := range g.right {
		if right {
			out.WriteString("---:|")
		} else {
			out.WriteString("---|")
		}
	}
	out.WriteByte('\n')
	for _, r := range g.rows {
		row(r)
	}
}

var markdownSigns = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;",
	"|", `\|`, "#", `\#`, "~", `\~`, "$", `\$`, "\n", "<br>")

// escapeMarkdown makes a text mean itself, also inside a table.
func escapeMarkdown(s string) string { return markdownSigns.Replace(s) }
