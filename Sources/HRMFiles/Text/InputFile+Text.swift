package import Foundation

extension InputFile {
    /// Returns the text of a regular file of at most `limit` bytes, without a byte order mark and
    /// with line feeds as line ends; see `TextDecoder`.
    package static func text(_ url: URL, limit: Int) throws(FileError) -> String {
        let bytes = Array(try small(url, limit: limit))
        let text: [UInt8]
        do throws(FileProblem) {
            if let reason = FileKind(Data(bytes)).textRefusal(url.lastPathComponent) {
                throw FileProblem(reason: reason)
            }
            text = try TextDecoder.decoded(bytes)
        } catch {
            throw FileError(.read, path: url.path, reason: error.reason)
        }
        guard let text = String(validating: text, as: UTF8.self) else {
            throw FileError(.read, path: url.path, reason: "it is not UTF-8 text")
        }
        return text
    }
}
