import Foundation
import HRMFiles

/// The small text files of a data folder.
enum DatasetFiles {
    /// Writes a file, whole or not at all.
    static func write(_ text: String, to url: URL) throws(DatasetError) {
        do throws(FileError) {
            try AtomicFile.write(Data(text.utf8), to: url)
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }

    /// Decodes a file strictly, with an error that says which key is at fault.
    ///
    /// - Parameters:
    ///   - type: What the file should hold.
    ///   - url: The file.
    ///   - limit: Longer files, in bytes, are refused unread.
    /// - Returns: The value.
    /// - Throws: ``DatasetError`` naming the file.
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
