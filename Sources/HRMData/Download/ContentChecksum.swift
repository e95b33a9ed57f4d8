import Foundation
import HRMFiles

/// The checksum of a file's content, by which a hub and its cache identify the file.
///
/// Large files have the SHA-256 of their bytes; small ones have their git blob name: the SHA-1 of
/// `blob`, the size and the bytes.
enum ContentChecksum: Hashable {
    case sha256(String)
    case gitBlob(String)

    /// Parses the value of an `ETag` header, quoted or not; `nil` if it is not a checksum.
    init?(entityTag: String) {
        var text = entityTag[...]
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            text = text.dropFirst().dropLast()
        }
        guard text.isHexadecimal else { return nil }
        switch text.utf8.count {
        case 64: self = .sha256(String(text))
        case 40: self = .gitBlob(String(text))
        default: return nil
        }
    }

    /// The checksum in hexadecimal digits; safe as a file name.
    var text: String {
        switch self {
        case .sha256(let text), .gitBlob(let text): text
        }
    }

    /// Computes the checksum of the same kind of a file.
    func actual(of url: URL) throws(FileProblem) -> String {
        var source = try ByteSource(url: url)
        defer { source.close() }
        switch self {
        case .sha256:
            return try Self.digest(SHA256(), of: &source)
        case .gitBlob:
            var function = SHA1()
            function.update(with: Array("blob \(source.totalCount)\u{0}".utf8))
            return try Self.digest(function, of: &source)
        }
    }

    private static func digest<Function>(
        _ function: MessageDigest<Function>, of source: inout ByteSource
    ) throws(FileProblem) -> String {
        var function = function
        while true {
            let piece = try source.read(upTo: 1 << 20)
            if piece.isEmpty { break }
            function.update(with: Array(piece))
        }
        return function.finalizedHexadecimal()
    }
}

extension StringProtocol {
    /// True if all characters are digits 0 through 9 or a through f.
    var isHexadecimal: Bool {
        utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
