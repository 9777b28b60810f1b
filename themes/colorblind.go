package themes

// The colour-blind palettes put Okabe and Ito's eight colours
// (https://jfly.uni-koeln.de/color/) on the nearest cube entries that still
// stand out from the background.

func colorBlindDark() Palette {
	p := dark()
	p.Ink[Accent], p.Ink[Key], p.Ink[Focus] = cube(117, 14), cube(117, 14), cube(117, 14)
	p.Ink[OK], p.Ink[Live] = cube(43, 6), cube(75, 12)
	p.Ink[Warn], p.Ink[Match] = cube(227, 11), cube(227, 11)
	p.Ink[Err], p.Ink[Bad] = cube(209, 9), cube(209, 9)
	copy(p.Ink[Series0:], []Color{
		cube(214, 11), // orange
		cube(74, 14),  // sky blue
		cube(36, 6),   // bluish green
		cube(227, 3),  // yellow
		cube(32, 12),  // blue
		cube(202, 9),  // vermillion
		cube(175, 13), // reddish purple
		cube(252, 7),  // black, turned to light grey
	})
	return p
}

func colorBlindLight() Palette {
	p := light()
	p.Ink[OK], p.Ink[Live] = cube(23, 6), cube(24, 4)
	p.Ink[Warn], p.Ink[Match] = cube(94, 3), cube(94, 3)
	p.Ink[Err], p.Ink[Bad] = cube(124, 1), cube(124, 1)
	copy(p.Ink[Series0:], []Color{
		cube(130, 3), // orange, darkened
		cube(31, 6),  // sky blue, darkened
		cube(29, 2),  // bluish green
		cube(58, 3),  // yellow, darkened
		cube(25, 4),  // blue
		cube(166, 1), // vermillion
		cube(132, 5), // reddish purple
		cube(16, 0),  // black
	})
	return p
}
