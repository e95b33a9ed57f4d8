/// Colours of curves that are distinguishable on white with any kind of colour vision.
///
/// They are the colours proposed by Okabe and Ito (Color Universal Design, 2008) without yellow, in
/// an order in which consecutive colours differ in lightness.
package enum ChartPalette {
    /// The colours; further curves reuse them with dashed lines.
    package static let colors = [
        RGBColor(0x0072B2), RGBColor(0xD55E00), RGBColor(0x009E73), RGBColor(0xCC79A7),
        RGBColor(0x222222), RGBColor(0xE69F00), RGBColor(0x56B4E9),
    ]

    static func color(_ index: Int) -> RGBColor { colors[index % colors.count] }

    /// Returns the lengths of dash and gap in pixels; nil for a solid line.
    static func dash(_ index: Int) -> (on: Double, off: Double)? {
        switch index / colors.count {
        case 0: nil
        case 1: (9, 5)
        default: (2, 4)
        }
    }
}
