/// A data set published on the Hugging Face hub, or on a server with the same layout.
public struct HubDataset: Sendable, Hashable {
    /// The publisher.
    public let owner: String
    /// The name on the hub.
    public let name: String

    /// Sudoku-Extreme: 3.8 million training puzzles, of which 1,000 are commonly used.
    public static let sudokuExtreme = HubDataset(owner: "sapientinc", name: "sudoku-extreme")
    /// Maze-Hard: 1,000 training and 1,000 test mazes of 30 × 30.
    public static let mazeHard = HubDataset(owner: "sapientinc", name: "maze-30x30-hard-1k")

    private init(owner: String, name: String) {
        self.owner = owner
        self.name = name
    }

    /// Creates a data set from its name on the hub.
    ///
    /// - Parameter id: The name, such as `sapientinc/sudoku-extreme`.
    /// - Throws: ``DownloadError/invalidName(_:)`` for anything but two plain names.
    public init(_ id: String) throws(DownloadError) {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let arePlain = parts.allSatisfy { part in
            // The hub does not allow "--" in names, because its cache joins them with it.
            part.isPlainFileName && !part.contains("--") && !part.contains("..")
                && part.utf8.allSatisfy { $0.isLetterOrDigit || [0x2D, 0x2E, 0x5F].contains($0) }
        }
        guard parts.count == 2, arePlain else { throw .invalidName(id) }
        self.init(owner: parts[0], name: parts[1])
    }

    /// The data set's name on the hub.
    public var id: String { "\(owner)/\(name)" }
}

/// The path of a file in a data set, guaranteed to stay inside it.
struct HubFilePath: Hashable {
    /// The path components: plain names, without `..`, hidden names or slashes.
    let components: [String]

    /// - Throws: ``DownloadError/invalidName(_:)`` for a path that leaves its folder.
    init(_ path: String) throws(DownloadError) {
        components = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...16).contains(components.count), components.allSatisfy(\.isPlainFileName) else {
            throw .invalidName(path)
        }
    }

    var text: String { components.joined(separator: "/") }
}

extension String {
    /// True if this is a valid name of one file: not hidden, without slashes, backslashes and
    /// control characters, and not too long.
    var isPlainFileName: Bool {
        let forbidden: [Unicode.Scalar] = ["/", "\\", "\u{7F}"]
        return (1...200).contains(utf8.count) && !hasPrefix(".")
            && unicodeScalars.allSatisfy { $0.value >= 0x20 && !forbidden.contains($0) }
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
