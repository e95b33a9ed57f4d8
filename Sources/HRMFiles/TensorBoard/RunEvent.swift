/// One record of an event file: what TensorBoard shows of one moment of a run.
public struct RunEvent: Sendable, Hashable {
    /// What happened.
    public enum Content: Sendable, Hashable {
        /// The first record of a file says which format it has.
        case version(String)
        /// A session begins with the event's step: what earlier files say of this step and later ones
        /// was given up.
        case sessionStart
        /// Named values of one step.
        case summary([Value])
        /// Something that this package has no use for.
        case other
    }

    /// A named value.
    public struct Value: Sendable, Hashable {
        /// What there is of a value.
        public enum Kind: Sendable, Hashable {
            /// A number.
            case scalar(Float)
            /// A picture.
            case image(PNGPicture)
            /// Something that this package has no use for.
            case other
        }

        /// The name.
        public var tag: String
        /// The value.
        public var kind: Kind

        /// A named value.
        ///
        /// - Parameters:
        ///   - tag: The name.
        ///   - kind: The value.
        public init(tag: String, kind: Kind) {
            self.tag = tag
            self.kind = kind
        }
    }

    /// When it happened, in seconds since 1970.
    public var wallTime: Double
    /// The step it belongs to.
    public var step: Int
    /// What happened.
    public var content: Content

    /// An event.
    ///
    /// - Parameters:
    ///   - wallTime: When it happened, in seconds since 1970.
    ///   - step: The step it belongs to.
    ///   - content: What happened.
    public init(wallTime: Double, step: Int, content: Content) {
        self.wallTime = wallTime
        self.step = step
        self.content = content
    }
}

/// A picture as the bytes of a PNG file.
public struct PNGPicture: Sendable, Hashable {
    /// The file's bytes.
    public var bytes: [UInt8]
    /// Pixels in a row.
    public var width: Int
    /// Rows of pixels.
    public var height: Int

    /// A picture.
    ///
    /// - Parameters:
    ///   - bytes: The bytes of a PNG file.
    ///   - width: Pixels in a row.
    ///   - height: Rows of pixels.
    public init(bytes: [UInt8], width: Int, height: Int) {
        self.bytes = bytes
        self.width = width
        self.height = height
    }
}
