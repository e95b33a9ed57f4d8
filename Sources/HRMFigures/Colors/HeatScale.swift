/// Shades for numbers: white for 0, vermilion for 1.
///
/// There are few steps between them, so that pictures with shades keep a small palette.
package enum HeatScale {
    private static let steps = 32.0
    private static let least = RGBColor(0xFFFFFF)
    private static let most = RGBColor(0xD55E00)

    /// Returns the shade of a number; numbers are clamped to 0 through 1, and NaN counts as 0.
    package static func color(_ value: Double) -> RGBColor {
        let share = (min(max(value.isNaN ? 0 : value, 0), 1) * steps).rounded() / steps
        func mixed(_ channel: KeyPath<RGBColor, UInt8>) -> UInt32 {
            let (from, to) = (Double(least[keyPath: channel]), Double(most[keyPath: channel]))
            return UInt32((from + (to - from) * share).rounded())
        }
        return RGBColor(mixed(\.red) << 16 | mixed(\.green) << 8 | mixed(\.blue))
    }

    /// Returns the parameters of the ANSI code for black letters on the shade; nil for barely
    /// visible shades, so that most of a board keeps the terminal's own colours.
    static func code(of value: Double) -> String? {
        guard value >= 1 / steps else { return nil }
        let fill = color(value)
        return "38;2;0;0;0;48;2;\(fill.red);\(fill.green);\(fill.blue)"
    }
}
