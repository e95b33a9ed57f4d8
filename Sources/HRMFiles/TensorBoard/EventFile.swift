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
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0o666)
        guard descriptor >= 0 else {
            throw .file(FileError(.write, path: url.path, reason: FileReason.lastCall))
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        path = url.path
        self.byteCount = byteCount
    }

    /// Adds the numbers of a step under their names.
    ///
    /// - Parameters:
    ///   - scalars: Names and values.
    ///   - step: The step.
    ///   - date: Now.
    /// - Throws: ``EventFileError/file(_:)``.
    public mutating func append(
        _ scalars: [(tag: String, value: Float)], step: Int, at date: Date
    ) throws(EventFileError) {
        let values = scalars.map { RunEvent.Value(tag: $0.tag, kind: .scalar($0.value)) }
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
