import Foundation
import HRMFiles

/// The small text files of a data folder.
enum DatasetFiles {
    /// Writes a file atomically.
    static func write(_ text: String, to url: URL) throws(DatasetError) {
        do throws(FileError) {
            try AtomicFile.write(Data(text.utf8), to: url)
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }

    /// Decodes a file strictly, with errors that name the invalid key.
    ///
    /// - Parameters:
    ///   - type: The expected type.
    ///   - url: The file.
    ///   - limit: The maximum size of the file in bytes; longer files are not read.
    /// - Returns: The value.
    /// - Throws: ``DatasetError`` with the file.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from url: URL, atMost limit: Int
    ) throws(DatasetError) -> Value {
        let bytes: [UInt8]
        do {
            bytes = JSONText.utf8(try ByteSource.bytes(of: url, atMost: limit))
        } catch {
            throw .unreadable(path: url.path, reason: error.reason)
        }
        do {
            return try JSONText.decode(type, from: bytes)
        } catch {
            throw .malformedJSON(path: url.path, reason: error.explanation())
        }
    }
}
