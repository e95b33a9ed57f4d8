public import Foundation

/// A TensorBoard event file that is being written.
///
/// A run has one, with a name that does not change, so that a run which goes on after a checkpoint
/// can cut it back to what it was then. The clock is the caller's.
public struct EventFile: Sendable {
    /// Bytes of the whole records; what a checkpoint has to remember.
    public private(set) var byteCount: Int

    private let handle: FileHandle
    private let path: String

    /// Opens a file, or makes an empty one, and takes off what a killed writer left of a record.
    ///
    /// - Parameter url: The file.
    /// - Throws: ``EventFileError`` when the file is damaged, or in the system's words.
    public init(appendingTo url: URL) throws(EventFileError) {
        var length = 0
        if FileManager.default.fileExists(atPath: url.path) {
            var reader = try EventFileReader(contentsOf: url)
            while try reader.next() != nil {}
            length = reader.byteCount
        }
        try self.init(appendingTo: url, truncatedTo: length)
    }

    /// Opens a file and takes off everything behind a byte; one that is missing is made anew.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - byteCount: What ``byteCount`` was when the state was saved that the run goes on from.
    /// - Throws: ``EventFileError/shorter(path:expectedBytes:actualBytes:)`` when there are fewer
    ///   bytes, or ``EventFileError/file(_:)``.
    public init(appendingTo url: URL, truncatedTo byteCount: Int) throws(EventFileError) {
        precondition(byteCount >= 0, "an event file of \(byteCount) bytes")
        let isNew = !FileManager.default.fileExists(atPath: url.path)
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw .file(FileError(.write, path: url.path, reason: FileReason.lastCall))
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        path = url.path
        self.byteCount = isNew ? 0 : byteCount
        let found: Int
        do {
            found = Int(try handle.seekToEnd())
            if found > self.byteCount { try handle.truncate(atOffset: UInt64(self.byteCount)) }
        } catch {
            throw .file(FileError(.write, path: url.path, reason: FileReason.of(error)))
        }
        guard found >= self.byteCount else {
            throw .shorter(path: url.path, expectedBytes: byteCount, actualBytes: found)
        }
    }

    /// Adds the numbers of a step under their names, as ``MetricsLog`` writes them to its line.
    ///
    /// Numbers become float32, as in every event file. The member `step` and texts are left out.
    ///
    /// - Parameters:
    ///   - record: Names and values.
    ///   - step: The step.
    ///   - date: Now.
    /// - Throws: ``EventFileError/file(_:)``.
    public mutating func append(
        _ record: [(key: String, value: MetricValue)], step: Int, at date: Date
    ) throws(EventFileError) {
        let values = record.compactMap { member in
            member.value.scalar.map { RunEvent.Value(tag: member.key, kind: .scalar($0)) }
        }.filter { $0.tag != "step" }
        try append(values, step: step, at: date)
    }

    /// Adds a picture.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - tag: Its name; pictures with one name are shown as a series over the steps.
    ///   - step: The step.
    ///   - date: Now.
    /// - Throws: ``EventFileError/file(_:)``.
    public mutating func append(
        _ picture: PNGPicture, tag: String, step: Int, at date: Date
    ) throws(EventFileError) {
        try append([.init(tag: tag, kind: .image(picture))], step: step, at: date)
    }

    /// Waits until everything is on the disk.
    ///
    /// - Throws: ``EventFileError/file(_:)``.
    public func synchronize() throws(EventFileError) {
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
        }
        let event = RunEvent(wallTime: time, step: step, content: .summary(values))
        bytes += EventRecord.framed(event.encoded)
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            // A part of a record, as a full disk leaves one, would make the next ones unreadable.
            try? handle.truncate(atOffset: UInt64(byteCount))
            throw .file(FileError(.write, path: path, reason: FileReason.of(error)))
        }
        byteCount += bytes.count
    }
}

extension MetricValue {
    /// The value as event files hold numbers; nil for a text.
    fileprivate var scalar: Float? {
        switch self {
        case .integer(let value): Float(value)
        case .double(let value): Float(value)
        case .float(let value): value
        case .text: nil
        }
    }
}
