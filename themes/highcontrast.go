package themes

// highContrast keeps every text role at 7:1 or better on black, the current row
// in black on white.
func highContrastDark() Palette {
	return Palette{
		Dark:  true,
		Paper: cube(16, 0),
		Under: [NumSurfaces]Color{Page: cube(16, 0), Cursor: cube(231, 15), Rest: cube(238, 8)},
		Ink: [NumRoles]Color{
			Fg: cube(231, 15), Strong: cube(231, 15), Dim: cube(252, 7), Header: cube(252, 7),
			Accent: cube(87, 14), Key: cube(87, 14), Match: cube(227, 11), Caret: cube(231, 15),
			OK: cube(120, 10), Warn: cube(227, 11), Err: cube(217, 9), Live: cube(87, 14), Bad: cube(217, 9),
			Faint: cube(247, 8), Border: cube(252, 7), Focus: cube(87, 14),
			Series0: cube(87, 14), Series0 + 1: cube(215, 11), Series0 + 2: cube(120, 10), Series0 + 3: cube(219, 13),
			Series0 + 4: cube(217, 9), Series0 + 5: cube(228, 3), Series0 + 6: cube(153, 12), Series0 + 7: cube(231, 15),
			Heat0: cube(67, 4), Heat0 + 1: cube(74, 6), Heat0 + 2: cube(117, 14), Heat0 + 3: cube(195, 15),
			Cold0: cube(137, 3), Cold0 + 1: cube(173, 1), Cold0 + 2: cube(215, 11), Cold0 + 3: cube(223, 15),
		},
	}
}

// highContrastLight is the same on white, the current row in white on black.
func highContrastLight() Palette {
	return Palette{
		Paper: cube(231, 15),
		Under: [NumSurfaces]Color{Page: cube(231, 15), Cursor: cube(16, 0), Rest: cube(253, 7)},
		Ink: [NumRoles]Color{
			Fg: cube(16, 0), Strong: cube(16, 0), Dim: cube(237, 0), Header: cube(237, 0),
			Accent: cube(18, 4), Key: cube(18, 4), Match: cube(53, 5), Caret: cube(16, 0),
			OK: cube(22, 2), Warn: cube(52, 3), Err: cube(88, 1), Live: cube(18, 4), Bad: cube(88, 1),
			Faint: cube(241, 8), Border: cube(237, 0), Focus: cube(18, 4),
			Series0: cube(18, 4), Series0 + 1: cube(130, 3), Series0 + 2: cube(22, 2), Series0 + 3: cube(90, 5),
			Series0 + 4: cube(88, 1), Series0 + 5: cube(23, 6), Series0 + 6: cube(58, 3), Series0 + 7: cube(16, 0),
			Heat0: cube(31, 6), Heat0 + 1: cube(25, 4), Heat0 + 2: cube(18, 4), Heat0 + 3: cube(16, 0),
			Cold0: cube(166, 3), Cold0 + 1: cube(130, 3), Cold0 + 2: cube(124, 1), Cold0 + 3: cube(52, 0),
		},
	}
}
