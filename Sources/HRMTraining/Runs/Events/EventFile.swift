public import Foundation

/// A TensorBoard event file that is being written.
///
/// TensorBoard reads a file while it grows and never again from its beginning, so a file is not cut
/// back: where a run goes on after a checkpoint, or goes back to an earlier step, a new file begins,
/// whose first records say from which step on it replaces what the files before it have. The clock
/// is the caller's.
public struct EventFile: Sendable {
    /// Bytes of the whole records.
    public private(set) var byteCount: Int

    private let handle: FileHandle
    private let path: String
    /// The first step of the session that writes the file.
    private var firstStep: Int?

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
        try self.init(url, flags: 0, byteCount: length)
        do {
            try handle.truncate(atOffset: UInt64(length))
        } catch {
            throw .file(FileError(.write, path: path, reason: FileReason.of(error)))
        }
    }

    /// Makes a new file for a session.
    ///
    /// - Parameters:
    ///   - url: A name that is not taken.
    ///   - firstStep: The first step that the session makes.
    /// - Throws: ``EventFileError/file(_:)``.
    public init(creating url: URL, firstStep: Int) throws(EventFileError) {
        try self.init(url, flags: O_EXCL, byteCount: 0)
        self.firstStep = firstStep
    }

    /// Opens a file without a look at what it holds.
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
