package themes

// dark is for terminals with a dark background: made for #000000 to #1c1c1c.
func dark() Palette {
	return Palette{
		Dark:  true,
		Paper: cube(234, 0),
		Under: [NumSurfaces]Color{Page: cube(234, 0), Cursor: cube(236, 8), Rest: cube(235, 0)},
		Ink: [NumRoles]Color{
			Fg: cube(252, 7), Strong: cube(231, 15), Dim: cube(247, 7), Header: cube(247, 7),
			Accent: cube(117, 14), Key: cube(117, 14), Match: cube(222, 11), Caret: cube(231, 15),
			OK: cube(114, 10), Warn: cube(221, 11), Err: cube(210, 9), Live: cube(80, 14), Bad: cube(210, 9),
			Faint: cube(243, 8), Border: cube(243, 8), Focus: cube(117, 14),
			Series0: cube(117, 14), Series0 + 1: cube(215, 11), Series0 + 2: cube(150, 10), Series0 + 3: cube(183, 13),
			Series0 + 4: cube(210, 9), Series0 + 5: cube(79, 6), Series0 + 6: cube(227, 3), Series0 + 7: cube(250, 7),
			Heat0: cube(67, 4), Heat0 + 1: cube(74, 6), Heat0 + 2: cube(117, 14), Heat0 + 3: cube(195, 15),
			Cold0: cube(137, 3), Cold0 + 1: cube(173, 1), Cold0 + 2: cube(215, 11), Cold0 + 3: cube(223, 15),
		},
	}
}
