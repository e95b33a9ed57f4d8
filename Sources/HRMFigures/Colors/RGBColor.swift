/// A colour with eight bits per channel.
public struct RGBColor: Sendable, Hashable {
    /// Red, 0 through 255.
    public var red: UInt8
    /// Green, 0 through 255.
    public var green: UInt8
    /// Blue, 0 through 255.
    public var blue: UInt8

    /// Creates a colour from its hexadecimal web notation: `RGBColor(0xFF851B)` is orange.
    ///
    /// - Parameter code: Red, green and blue in the lowest 24 bits, red highest; other bits are
    ///   ignored.
    public init(_ code: UInt32) {
        red = UInt8(truncatingIfNeeded: code >> 16)
        green = UInt8(truncatingIfNeeded: code >> 8)
        blue = UInt8(truncatingIfNeeded: code)
    }

    /// The colour in SVG notation, such as `#ff851b`.
    public var text: String {
        let channels = [red, green, blue].map { String($0, radix: 16) }
        return "#" + channels.map { $0.leftPadded(to: 2, with: "0") }.joined()
    }

    /// The frame of cells marked as wrong.
    static let mark = RGBColor(0xE00000)
    /// The corner of cells marked as new.
    static let note = RGBColor(0xE69F00)
    /// The outline between such a corner and a cell of the same colour.
    static let noteEdge = RGBColor(0x222222)
    /// The outline between a frame and a cell of the same colour.
    static let markEdge = RGBColor(0xFFFFFF)
}
