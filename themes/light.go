package themes

// light is for terminals with a light background: made for #ffffff to #fbf1c7.
func light() Palette {
	return Palette{
		Paper: cube(231, 15),
		Under: [NumSurfaces]Color{Page: cube(231, 15), Cursor: cube(254, 7), Rest: cube(255, 15)},
		Ink: [NumRoles]Color{
			Fg: cube(236, 0), Strong: cube(16, 0), Dim: cube(241, 8), Header: cube(241, 8),
			Accent: cube(25, 4), Key: cube(25, 4), Match: cube(125, 5), Caret: cube(16, 0),
			OK: cube(22, 2), Warn: cube(94, 3), Err: cube(124, 1), Live: cube(24, 6), Bad: cube(124, 1),
			Faint: cube(244, 8), Border: cube(244, 8), Focus: cube(25, 4),
			Series0: cube(25, 4), Series0 + 1: cube(130, 3), Series0 + 2: cube(28, 2), Series0 + 3: cube(91, 5),
			Series0 + 4: cube(124, 1), Series0 + 5: cube(30, 6), Series0 + 6: cube(58, 3), Series0 + 7: cube(240, 8),
			Heat0: cube(31, 6), Heat0 + 1: cube(25, 4), Heat0 + 2: cube(18, 4), Heat0 + 3: cube(16, 0),
			Cold0: cube(166, 3), Cold0 + 1: cube(130, 3), Cold0 + 2: cube(124, 1), Cold0 + 3: cube(52, 0),
		},
	}
}
