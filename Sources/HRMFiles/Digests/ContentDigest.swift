public import Foundation

/// Names for contents.
public enum ContentDigest {
    /// The SHA-256 of some bytes, in 64 hexadecimal digits.
    ///
    /// - Parameter data: The bytes; mapped ones are read piece by piece.
    /// - Returns: The digest in lowercase digits.
    public static func sha256(of data: Data) -> String {
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
