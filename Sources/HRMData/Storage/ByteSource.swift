package import Foundation

/// Bytes that are read from front to back, from a file or from memory.
///
/// Files are read in pieces rather than mapped: a mapped file that someone shortens meanwhile
/// would end the program.
package struct ByteSource {
    /// How many bytes there are in all.
    package let totalCount: Int
    private var handle: FileHandle?
    private var memory: ArraySlice<UInt8> = []

    package init(bytes: [UInt8]) {
        totalCount = bytes.count
        memory = bytes[...]
    }

    /// Opens a file.
    ///
    /// - Throws: A sentence about why, when it is missing, not a regular file, or locked.
    package init(url: URL) throws(FileProblem) {
        do {
            let values = try FileManager.default.attributesOfItem(
                atPath: url.resolvingSymlinksInPath().path)
            guard values[.type] as? FileAttributeType == .typeRegular,
                let size = values[.size] as? NSNumber
            else { throw FileProblem(reason: "it is not a regular file") }
            totalCount = size.intValue
            handle = try FileHandle(forReadingFrom: url)
        } catch let problem as FileProblem {
            throw problem
        } catch {
            throw FileProblem(error)
        }
    }

    /// The next bytes: `count` of them, or as many as are left.
    package mutating func read(upTo count: Int) throws(FileProblem) -> [UInt8] {
        guard let handle else {
            let piece = Array(memory.prefix(count))
            memory = memory.dropFirst(count)
            return piece
        }
        var piece: [UInt8] = []
        do {
            while piece.count < count {
                guard let more = try handle.read(upToCount: count - piece.count), !more.isEmpty
                else { break }
                if piece.isEmpty { piece = Array(more) } else { piece.append(contentsOf: more) }
            }
        } catch {
            throw FileProblem(error)
        }
        return piece
    }

    package func close() {
        try? handle?.close()
    }
}

extension ByteSource {
    /// A whole file.
    ///
    /// - Throws: A sentence about why, when it cannot be read or is longer than expected.
    static func bytes(of url: URL, atMost limit: Int) throws(FileProblem) -> [UInt8] {
        var source = try ByteSource(url: url)
        defer { source.close() }
        guard source.totalCount <= limit else {
            throw FileProblem(
                reason: "it has \(source.totalCount) bytes, at most \(limit) are expected")
        }
        return try source.read(upTo: source.totalCount)
    }
}
