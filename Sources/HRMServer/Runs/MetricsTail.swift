import Foundation
import HRMFiles

/// The end of a growing file of metrics.
///
/// A resumed training cuts the file to the length of its checkpoint and continues it with the same
/// lines; a reader that was further returns to there.
struct MetricsTail {
    /// What is new.
    enum News {
        /// Whole lines.
        case lines([JSONValue])
        /// The file was cut; its last step, or -1 if it is empty or another file.
        case rewind(step: Int)
    }

    private let url: URL
    /// The number of bytes that were read.
    private(set) var offset: Int
    private static let portion = 1 << 18
    private static let newline = UInt8(ascii: "\n")

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - offset: The number of bytes that the reader knows already.
    init(_ url: URL, offset: Int) {
        self.url = url
        self.offset = max(0, offset)
    }

    /// The number of bytes in whole lines at present.
    static func byteCount(of url: URL) -> Int {
        guard let handle = try? FileHandle(forReadingFrom: url) else { return 0 }
        defer { try? handle.close() }
        return Int((try? wholeLines(handle, through: handle.seekToEnd())) ?? 0)
    }

    /// Returns what is new; nil if there is nothing.
    mutating func next() -> News? {
        guard let handle = try? FileHandle(forReadingFrom: url) else {
            guard offset > 0 else { return nil }
            offset = 0
            return .rewind(step: -1)
        }
        defer { try? handle.close() }
        guard let size = try? handle.seekToEnd() else { return nil }
        if Int(size) < offset {
            let end = (try? Self.wholeLines(handle, through: size)) ?? 0
            offset = Int(end)
            return .rewind(step: (try? Self.lastStep(handle, before: end)) ?? -1)
        }
        if offset > 0, (try? Self.byte(handle, at: UInt64(offset - 1))) != Self.newline {
            offset = 0
            return .rewind(step: -1)
        }
        guard Int(size) > offset else { return nil }
        try? handle.seek(toOffset: UInt64(offset))
        guard let data = try? handle.read(upToCount: Self.portion),
            let end = data.lastIndex(of: Self.newline)
        else { return nil }
        let whole = data[data.startIndex...end]
        offset += whole.count
        return .lines(
            whole.split(separator: Self.newline).compactMap {
                try? JSONText.decode(JSONValue.self, from: Array($0))
            })
    }

    private static func byte(_ handle: FileHandle, at place: UInt64) throws -> UInt8? {
        try handle.seek(toOffset: place)
        return try handle.read(upToCount: 1)?.first
    }

    /// Returns the number of bytes before the last incomplete line.
    private static func wholeLines(_ handle: FileHandle, through size: UInt64) throws -> UInt64 {
        let start = size > UInt64(portion) ? size - UInt64(portion) : 0
        try handle.seek(toOffset: start)
        guard let data = try handle.read(upToCount: Int(size - start)),
            let end = data.lastIndex(of: newline)
        else { return 0 }
        return start + UInt64(end - data.startIndex) + 1
    }

    private static func lastStep(_ handle: FileHandle, before end: UInt64) throws -> Int {
        let start = end > UInt64(portion) ? end - UInt64(portion) : 0
        try handle.seek(toOffset: start)
        guard let data = try handle.read(upToCount: Int(end - start)),
            let line = data.split(separator: newline).last,
            case .object(let members) = try JSONText.decode(JSONValue.self, from: Array(line)),
            case .integer(let step)? = members["step"]
        else { return -1 }
        return step
    }
}
