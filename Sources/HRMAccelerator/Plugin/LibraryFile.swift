import Foundation
import HRMFiles

/// The check of a shared library before it is opened.
///
/// The system maps a library by its table of segments without comparing it with the file, so the
/// process ends with a signal when it reads behind the end of a file that was cut off.
enum LibraryFile {
    /// Returns the reason for which a file cannot be opened as a library; nil if there is none.
    static func refusal(_ url: URL) -> String? {
        var source: ByteSource
        do {
            source = try ByteSource(url: url)
        } catch {
            return error.reason
        }
        defer { source.close() }
        guard let head = try? source.read(upTo: 1 << 16), head.count >= 64 else {
            return "it has \(source.totalCount.counted("byte")), which is no library"
        }
        #if os(Linux)
            return elfRefusal(head, byteCount: source.totalCount)
        #else
            return nil
        #endif
    }

    /// Checks the header and the table of segments of an ELF file (System V ABI, chapter 4).
    static func elfRefusal(_ head: [UInt8], byteCount: Int) -> String? {
        func number(_ position: Int, _ width: Int) -> Int? {
            guard position >= 0, position <= head.count - width else { return nil }
            return Int(
                exactly: head[position..<(position + width)].reversed()
                    .reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return "it is no ELF library" }
        guard head[4] == 2, head[5] == 1, number(16, 2) == 3 else {
            return "it is no shared library of 64 bits"
        }
        #if arch(arm64)
            let machine = 183
        #else
            let machine = 62
        #endif
        guard number(18, 2) == machine else { return "it is for another kind of processor" }
        guard let table = number(32, 8), let size = number(54, 2), let count = number(56, 2),
            size == 56, count > 0, table <= head.count - size * count
        else { return "its table of segments is not where it should be" }
        for index in 0..<count {
            let start = table + index * size
            guard let kind = number(start, 4) else { return "its table of segments is cut off" }
            // Loaded and dynamic segments.
            guard kind == 1 || kind == 2 else { continue }
            guard let offset = number(start + 8, 8), let length = number(start + 32, 8),
                length <= byteCount, offset <= byteCount - length
            else { return "it is cut off after \(byteCount.counted("byte")); install it again" }
        }
        return nil
    }
}
