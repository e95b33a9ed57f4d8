/// Kinds of files that are often passed in place of text, recognized by their first bytes.
package enum ForeignFile: String, CaseIterable, Sendable {
    case gzip, zip, bzip2, xz, zstd, numpy, parquet, utf16

    /// The number of bytes needed for recognition.
    package static let tellingByteCount = 8

    private var beginnings: [[UInt8]] {
        switch self {
        case .gzip: [[0x1F, 0x8B]]
        case .zip: [[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06]]
        case .bzip2: [Array("BZh".utf8)]
        case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]]
        case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]]
        case .numpy: [[0x93] + Array("NUMPY".utf8)]
        case .parquet: [Array("PAR1".utf8)]
        case .utf16: [[0xFF, 0xFE], [0xFE, 0xFF]]
        }
    }

    /// Recognizes a file; `nil` if it may be UTF-8 text.
    ///
    /// - Parameter beginning: The first ``tellingByteCount`` bytes, or all if there are fewer.
    package init?(beginning: some Sequence<UInt8>) {
        let bytes = Array(beginning.prefix(Self.tellingByteCount))
        let kind = Self.allCases.first { $0.beginnings.contains { bytes.starts(with: $0) } }
        guard let kind else { return nil }
        self = kind
    }

    /// A clause with the kind and the conversion to text.
    package var explanation: String {
        switch self {
        case .gzip: "it is compressed with gzip; unpack it with 'gunzip' first"
        case .zip: "it is a zip archive; unpack it with 'unzip' first"
        case .bzip2: "it is compressed with bzip2; unpack it with 'bunzip2' first"
        case .xz: "it is compressed with xz; unpack it with 'unxz' first"
        case .zstd: "it is compressed with Zstandard; unpack it with 'unzstd' first"
        case .numpy: "it is an array of NumPy, not text; write its numbers as JSON or CSV"
        case .parquet:
            "it is a Parquet table, not text; write it as JSON lines, in pandas with "
                + "to_json(FILE, orient='records', lines=True)"
        case .utf16: "it is text in UTF-16; save it in UTF-8"
        }
    }
}
