package import Foundation

/// A sequential reader of bytes from a file or from memory.
///
/// Files are read in chunks rather than mapped: truncating a mapped file would crash the process.
package struct ByteSource {
    /// The total number of bytes.
    package let totalCount: Int
    private var handle: FileHandle?
    private var memory: ArraySlice<UInt8> = []

    package init(bytes: [UInt8]) {
        totalCount = bytes.count
        memory = bytes[...]
    }

    /// Opens a file.
    ///
    /// - Throws: ``FileProblem`` with a sentence if the file is missing, not regular or not
    ///   readable.
    package init(url: URL) throws(FileProblem) {
        // Opening a FIFO without a writer would block.
        let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileProblem(errorNumber: errno) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            Foundation.close(descriptor)
            throw FileProblem(
                reason: facts.st_mode & S_IFMT == S_IFDIR
                    ? "it is a folder, not a file" : "it is not a regular file")
        }
        totalCount = Int(facts.st_size)
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Opens a text file.
    ///
    /// - Throws: ``FileProblem`` with a sentence; also if the content is a known binary format.
    package init(text url: URL) throws(FileProblem) {
        if let reason = try FileKind(of: url).textRefusal(url.lastPathComponent) {
            throw FileProblem(reason: reason)
        }
        try self.init(url: url)
    }

    /// Returns the next `count` bytes, or as many as are left.
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
    /// Reads a whole text file.
    ///
    /// - Throws: ``FileProblem`` with a sentence if the file cannot be read, is not text, or
    ///   exceeds the limit.
    package static func bytes(of url: URL, atMost limit: Int) throws(FileProblem) -> [UInt8] {
        var source = try ByteSource(text: url)
        defer { source.close() }
        guard source.totalCount <= limit else {
            throw FileProblem(
                reason: "it has \(source.totalCount) bytes, at most \(limit) are expected")
        }
        return try source.read(upTo: source.totalCount)
    }
}
