/// The colours of curves, which people with any kind of colour vision can tell apart on white.
///
/// They are those that Okabe and Ito proposed (Color Universal Design, 2008), without yellow, in an
/// order that puts colours of different lightness next to each other.
public enum ChartPalette {
    /// The colours; with more curves than there are, they come again with broken lines.
    public static let colors = [
        RGBColor(0x0072B2), RGBColor(0xD55E00), RGBColor(0x009E73), RGBColor(0xCC79A7),
        RGBColor(0x222222), RGBColor(0xE69F00), RGBColor(0x56B4E9),
    ]

    static func color(_ index: Int) -> RGBColor { colors[index % colors.count] }

    /// Lengths of dash and gap in pixels; nil for a line in one piece.
    static func dash(_ index: Int) -> (on: Double, off: Double)? {
        switch index / colors.count {
        case 0: nil
        case 1: (9, 5)
        default: (2, 4)
        }
    }
}
