import Foundation

/// The entries of a PyTorch file, by name without the archive's folder.
struct PyTorchEntries {
    private let archive: ZipArchive
    private var entries: [String: ZipArchive.Entry] = [:]
    private let path: String

    /// Reads the archive's directory and checks that its numbers are little-endian.
    ///
    /// - Parameters:
    ///   - bytes: The complete file.
    ///   - path: The file's name, for messages.
    /// - Throws: ``PyTorchFileError``.
    init(_ bytes: Data, path: String) throws(PyTorchFileError) {
        self.path = path
        do throws(ZipProblem) {
            archive = try ZipArchive(bytes)
        } catch {
            throw .malformedArchive(path: path, reason: error.reason)
        }
        // All entries are in one folder, named after the file at the time of saving.
        guard let first = archive.entries.first,
            let slash = first.name.firstIndex(of: "/")
        else { throw .missingEntry(path: path, name: PyTorchFile.dataName) }
        let folder = first.name[...slash]
        for entry in archive.entries where entry.name.hasPrefix(folder) {
            entries[String(entry.name.dropFirst(folder.count))] = entry
        }
        try checkByteOrder()
    }

    /// Returns the bytes of an entry.
    ///
    /// - Parameter name: The entry's name without the archive's folder.
    /// - Returns: A slice of the file.
    /// - Throws: ``PyTorchFileError`` if there is no such entry, or it is damaged.
    func content(of name: String) throws(PyTorchFileError) -> Data {
        guard let entry = entries[name] else { throw .missingEntry(path: path, name: name) }
        do throws(ZipProblem) {
            return try archive.content(of: entry)
        } catch {
            throw .malformedArchive(path: path, reason: error.reason)
        }
    }

    /// Checks the byte order; versions before 2.0 do not state it and are assumed to be
    /// little-endian.
    private func checkByteOrder() throws(PyTorchFileError) {
        let name = "byteorder"
        guard entries[name] != nil else { return }
        switch String(decoding: try content(of: name).prefix(16), as: UTF8.self) {
        case "little": break
        case "big": throw .bigEndian(path: path)
        case let other:
            throw .malformedArchive(path: path, reason: "its byte order is '\(other)'")
        }
    }
}
