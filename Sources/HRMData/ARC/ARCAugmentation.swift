/// An augmentation of an ARC task that keeps its rule: a colour permutation, then a dihedral
/// transform.
public struct ARCAugmentation: Sendable, Hashable {
    /// The symmetry, applied last.
    package var transform: DihedralTransform
    /// The exchange of colours, applied first.
    package var colors: ARCColorPermutation

    /// The augmentation that changes nothing.
    public static let identity = ARCAugmentation(transform: .identity, colors: .identity)
    /// The default separator between the parts of an augmented task's name.
    public static let defaultSeparator = "_"

    /// Creates an augmentation.
    package init(transform: DihedralTransform, colors: ARCColorPermutation) {
        self.transform = transform
        self.colors = colors
    }

    /// Draws one of the 8 · 9! augmentations that leave colour 0 unchanged.
    init(drawingFrom generator: inout ErasedGenerator) {
        transform = DihedralTransform.allCases.randomElement(using: &generator) ?? .identity
        colors = ARCColorPermutation(drawingFrom: &generator)
    }

    /// Returns the augmented grid.
    public func apply(to grid: PuzzleGrid) -> PuzzleGrid {
        transform.apply(to: colors.apply(to: grid))
    }

    /// Returns the grid that ``apply(to:)`` maps to the given one.
    public func undo(on grid: PuzzleGrid) -> PuzzleGrid {
        colors.inverse.apply(to: transform.inverse.apply(to: grid))
    }
}

// MARK: Names

extension ARCAugmentation {
    /// The name of the augmented task: `<task>_t<transform>_<new colours of 0 to 9>`.
    ///
    /// - Parameters:
    ///   - task: The name of the unaugmented task.
    ///   - separator: The text between the parts; see ``isUsable(separator:)``.
    /// - Returns: The name.
    public func name(of task: String, separator: String = defaultSeparator) -> String {
        let digits = colors.colors.map(String.init).joined()
        return "\(task)\(separator)t\(transform.rawValue)\(separator)\(digits)"
    }

    /// Returns true if names joined with this separator can be parsed: it has 1 to 8 ASCII
    /// characters, none of them a letter, a digit or invisible.
    public static func isUsable(separator: String) -> Bool {
        (1...8).contains(separator.utf8.count) && separator.utf8.allSatisfy(isSeparating)
    }

    /// Splits an augmented task's name, with any separator, into the original name and the
    /// augmentation.
    ///
    /// - Parameter name: Any name, such as one from `identifiers.json`.
    /// - Returns: The task's name and its augmentation; the name itself and ``identity`` if the
    ///   name is not that of an augmented task.
    public static func parse(_ name: String) -> (task: String, augmentation: ARCAugmentation) {
        let bytes = Array(name.utf8)
        let digitsStart = bytes.count - ARCTask.colorCount
        guard digitsStart > 0 else { return (name, .identity) }
        var middle = digitsStart
        while middle > 0, isSeparating(bytes[middle - 1]) { middle -= 1 }
        let separator = bytes[middle..<digitsStart]
        // Before the separator: the same separator, `t`, and the transform's digit.
        let end = middle - 2 - separator.count
        guard !separator.isEmpty, end > 0, bytes[middle - 2] == UInt8(ascii: "t"),
            bytes[end..<(middle - 2)] == separator,
            let transform = digit(bytes[middle - 1]).flatMap({
                DihedralTransform(rawValue: Int($0))
            }),
            let colors = ARCColorPermutation(colors: bytes[digitsStart...].compactMap(digit))
        else { return (name, .identity) }
        let task = String(decoding: bytes[..<end], as: UTF8.self)
        return (task, ARCAugmentation(transform: transform, colors: colors))
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        (0x30...0x39).contains(byte) ? byte - 0x30 : nil
    }

    private static func isSeparating(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: false
        default: (0x21...0x7E).contains(byte)
        }
    }
}
