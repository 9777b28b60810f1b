package pane

// Rect is a part of a frame in cells.
type Rect struct{ X, Y, W, H int }

// Empty says that the part has no room and is not drawn.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Size is the class of a frame.
type Size int

// The three classes: S shows one part at a time, M a list beside detail over chart, L a list, charts and a
// detail side by side.
const (
	S Size = iota
	M
	L
)

// SizeOf is the class of a terminal of w x h cells (the whole terminal: header and footer included).
func SizeOf(w, h int) Size {
	switch {
	case w < 100 || h < 30:
		return S
	case w >= 160 && h >= 45:
		return L
	default:
		return M
	}
}

// Parts are the rectangles of a screen. Parts that the size has no room for are empty.
type Parts struct {
	Size                Size
	List, Chart, Detail Rect
}

// chrome is how many of the terminal's rows are the root's: header and footer.
const chrome = 2

// The shares of the width that a list takes in M: of many things with one beside it, or of one thing's own
// tables.
const (
	listShare = 45
	ownShare  = 55
)

// Lay divides a pane's frame into list, chart and detail. It is a pure function of the frame, so every
// screen is cut alike. In S, part says which one is seen: 0 list, 1 detail, 2 chart.
func Lay(f Frame, part int) Parts { return lay(f, part, listShare) }

// LayOwn is Lay for a screen whose list is the tables of one thing: they get more of the width.
func LayOwn(f Frame, part int) Parts { return lay(f, part, ownShare) }

func lay(f Frame, part, share int) Parts {
	p := Parts{Size: SizeOf(f.W, f.H+chrome)}
	whole := Rect{W: f.W, H: f.H}
	if f.Zoom != 0 || p.Size == S {
		return one(p, whole, f.Zoom, part)
	}
	if p.Size == M {
		list := f.W * share / 100
		right := f.W - list - 1
		chart := f.H * 45 / 100
		p.List = Rect{W: list, H: f.H}
		p.Chart = Rect{X: list + 1, W: right, H: chart}
		p.Detail = Rect{X: list + 1, Y: chart + 1, W: right, H: f.H - chart - 1}
		return p
	}
	list, detail := f.W*36/100, f.W*24/100
	p.List = Rect{W: list, H: f.H}
	p.Chart = Rect{X: list + 1, W: f.W - list - detail - 2, H: f.H}
	p.Detail = Rect{X: f.W - detail, W: detail, H: f.H}
	return p
}

func one(p Parts, whole Rect, zoom, part int) Parts {
	if zoom < 0 {
		part = 0
	}
	if zoom > 0 && part == 0 {
		part = 1
	}
	switch part {
	case 1:
		p.Detail = whole
	case 2:
		p.Chart = whole
	default:
		p.List = whole
	}
	return p
}
