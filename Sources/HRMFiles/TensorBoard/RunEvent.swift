/// A record of a TensorBoard event file.
package struct RunEvent: Sendable, Hashable {
    /// The content of an event.
    package enum Content: Sendable, Hashable {
        /// The format version, in the first record of a file.
        case version(String)
        /// The start of a session at the event's step, which invalidates this and later steps in
        /// earlier files.
        case sessionStart
        /// Named values of one step.
        case summary([Value])
        /// Content that this package does not use.
        case other
    }

    /// A named value.
    package struct Value: Sendable, Hashable {
        /// The kind of a value.
        package enum Kind: Sendable, Hashable {
            /// A number.
            case scalar(Float)
            /// A picture.
            case image(PNGPicture)
            /// Content that this package does not use.
            case other
        }

        /// The name.
        package var tag: String
        /// The value.
        package var kind: Kind

        /// Creates a named value.
        ///
        /// - Parameters:
        ///   - tag: The name.
        ///   - kind: The value.
        package init(tag: String, kind: Kind) {
            self.tag = tag
            self.kind = kind
        }
    }

    /// The time of the event in seconds since 1970.
    package var wallTime: Double
    /// The step of the event.
    package var step: Int
    /// The content of the event.
    package var content: Content

    /// Creates an event.
    ///
    /// - Parameters:
    ///   - wallTime: The time of the event in seconds since 1970.
    ///   - step: The step of the event.
    ///   - content: The content of the event.
    package init(wallTime: Double, step: Int, content: Content) {
        self.wallTime = wallTime
        self.step = step
        self.content = content
    }
}

/// A picture as the bytes of a PNG file.
public struct PNGPicture: Sendable, Hashable {
    /// The file's bytes.
    public var bytes: [UInt8]
    /// The width in pixels.
    public var width: Int
    /// The height in pixels.
    public var height: Int

    /// Creates a picture from a PNG file.
    ///
    /// - Parameters:
    ///   - bytes: The bytes of a PNG file.
    ///   - width: The width in pixels.
    ///   - height: The height in pixels.
    public init(bytes: [UInt8], width: Int, height: Int) {
        self.bytes = bytes
        self.width = width
        self.height = height
    }
}
