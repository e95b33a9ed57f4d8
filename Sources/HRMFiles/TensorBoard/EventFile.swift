package import Foundation

/// A writer of TensorBoard event files.
///
/// TensorBoard reads a growing file only forwards, so files are never truncated: when a run is
/// resumed or returns to an earlier step, a new file begins, whose first records state from which
/// step on it replaces the earlier files. The caller provides the time.
package struct EventFile: Sendable {
    /// The size of the complete records in bytes.
    package private(set) var byteCount: Int

    private let handle: FileHandle
    private let path: String
    /// The first step of the session that writes the file.
    private var firstStep: Int?

    /// Opens or creates a file, and removes a partial record left by a killed writer.
    ///
    /// - Parameter url: The file.
    /// - Throws: ``EventFileError`` if the file is damaged, or with the system's message.
    package init(appendingTo url: URL) throws(EventFileError) {
        var length = 0
        if FileManager.default.fileExists(atPath: url.path) {
            var reader = try EventFileReader(contentsOf: url)
            while try reader.next() != nil {}
            length = reader.byteCount
        }
        try self.init(url, flags: 0, byteCount: length)
        do {
            try handle.truncate(atOffset: UInt64(length))
        } catch {
            throw .file(FileError(.write, path: path, reason: FileReason.of(error)))
        }
    }

    /// Creates a new file for a session.
    ///
    /// - Parameters:
    ///   - url: A path that does not exist.
    ///   - firstStep: The first step of the session.
    /// - Throws: ``EventFileError/file(_:)``.
    package init(creating url: URL, firstStep: Int) throws(EventFileError) {
        try self.init(url, flags: O_EXCL, byteCount: 0)
        self.firstStep = firstStep
    }

    /// Opens a file without reading its content.
    init(_ url: URL, flags: CInt, byteCount: Int) throws(EventFileError) {
        do throws(FileError) {
            handle = FileHandle(
                fileDescriptor: try GrowingFile.open(url, flags: flags), closeOnDealloc: true)
        } catch {
            throw .file(error)
        }
        path = url.path
        self.byteCount = byteCount
    }

    /// Appends the numbers of a step under their names.
    ///
    /// - Parameters:
    ///   - scalars: Names and values; event files store numbers as float32.
    ///   - step: The step.
    ///   - date: The current time.
    /// - Throws: ``EventFileError/file(_:)``.
    package mutating func append(
        _ scalars: [(tag: String, value: Float)], step: Int, at date: Date
    ) throws(EventFileError) {
        let values = scalars.map { RunEvent.Value(tag: $0.tag, kind: .scalar($0.value)) }
        try append(values, step: step, at: date)
    }

    /// Appends a picture.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - tag: The name; pictures with the same name form a series over the steps.
    ///   - step: The step.
    ///   - date: The current time.
    /// - Throws: ``EventFileError/file(_:)``.
    package mutating func append(
        _ picture: PNGPicture, tag: String, step: Int, at date: Date
    ) throws(EventFileError) {
        try append([.init(tag: tag, kind: .image(picture))], step: step, at: date)
    }

    /// Synchronizes the file to disk.
    ///
    /// - Throws: ``EventFileError/file(_:)``.
    package func synchronize() throws(EventFileError) {
        do {
            try handle.synchronize()
        } catch {
            throw .file(FileError(.write, path: path, reason: FileReason.of(error)))
        }
    }

    private mutating func append(
        _ values: [RunEvent.Value], step: Int, at date: Date
    ) throws(EventFileError) {
        let time = date.timeIntervalSince1970
        var bytes: [UInt8] = []
        if byteCount == 0 {
            let first = RunEvent(wallTime: time, step: 0, content: RunEvent.currentVersion)
            bytes += EventRecord.framed(first.encoded)
            if let firstStep {
                let start = RunEvent(wallTime: time, step: firstStep, content: .sessionStart)
                bytes += EventRecord.framed(start.encoded)
            }
        }
        let event = RunEvent(wallTime: time, step: step, content: .summary(values))
        bytes += EventRecord.framed(event.encoded)
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            // A partial record, as left by a full disk, would make the following ones unreadable.
            try? handle.truncate(atOffset: UInt64(byteCount))
            throw .file(FileError(.write, path: path, reason: FileReason.of(error)))
        }
        byteCount += bytes.count
    }
}
