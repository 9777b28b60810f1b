package themes

// mono uses no colour at all: bold, underline and reverse carry what glyph and
// word have not said already.
func mono() Palette { return Palette{Dark: true, Plain: true} }
