package import Foundation

/// Digests that identify content.
package enum ContentDigest {
    /// Returns the SHA-256 of some bytes.
    ///
    /// - Parameter data: The bytes; mapped data is read in chunks.
    /// - Returns: 64 lowercase hexadecimal digits.
    package static func sha256(of data: Data) -> String {
        var digest = SHA256()
        var rest = data[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 20)
            digest.update(with: Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return digest.finalizedHexadecimal()
    }
}
