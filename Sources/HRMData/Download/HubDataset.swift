/// A data set that is published on the Hugging Face hub, or on a server of the same layout.
public struct HubDataset: Sendable, Hashable {
    /// Who published it.
    public let owner: String
    /// Its name there.
    public let name: String

    /// Sudoku-Extreme: 3.8 million training puzzles, of which 1,000 are commonly used.
    public static let sudokuExtreme = HubDataset(owner: "sapientinc", name: "sudoku-extreme")
    /// 1,000 training and 1,000 test mazes of 30 × 30.
    public static let mazeHard = HubDataset(owner: "sapientinc", name: "maze-30x30-hard-1k")

    private init(owner: String, name: String) {
        self.owner = owner
        self.name = name
    }

    /// A data set by its name on the hub.
    ///
    /// - Parameter id: Such as `sapientinc/sudoku-extreme`.
    /// - Throws: ``DownloadError/invalidName(_:)`` for anything but two plain names.
    public init(_ id: String) throws(DownloadError) {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let arePlain = parts.allSatisfy { part in
            // The hub allows no "--" in names, which is what its cache puts between them.
            part.isPlainFileName && !part.contains("--") && !part.contains("..")
                && part.utf8.allSatisfy { $0.isLetterOrDigit || [0x2D, 0x2E, 0x5F].contains($0) }
        }
        guard parts.count == 2, arePlain else { throw .invalidName(id) }
        self.init(owner: parts[0], name: parts[1])
    }

    /// The data set's name on the hub.
    public var id: String { "\(owner)/\(name)" }
}

/// The place of a file within a data set, which can lead nowhere else.
struct HubFilePath: Hashable {
    /// Plain names: no `..`, nothing hidden, no slash.
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
    /// Whether this is the name of one file: not hidden, no slash of either kind, no control
    /// character, not too long.
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
