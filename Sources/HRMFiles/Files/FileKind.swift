package import Foundation

/// The kind of a file, recognized by its content, never by its name.
///
/// All format signatures are here. A kind describes the first bytes (for archives and pickles also
/// the last ones); the rest of the file is checked only by the format's reader.
package enum FileKind: String, Sendable, CaseIterable {
    /// Named tensors after a length-prefixed JSON header.
    case safetensors
    /// A zip archive as written by `torch.save` since PyTorch 1.6.
    case pyTorch
    /// A sequence of pickles as written by `torch.save` before PyTorch 1.6.
    case legacyPyTorch
    /// A zip archive as written by `torch.jit.save`.
    case torchScript
    /// Any other Python pickle.
    case pickle
    case numpyArray, numpyArchive
    case zip, gzip, xz, bzip2, zstandard, tar
    case gguf, onnx, hdf5, parquet
    /// The index of a model stored in several files.
    case weightsIndex
    case picture, pdf
    /// A Git LFS pointer in place of the file itself.
    case gitPointer
    case webPage
    /// Text in UTF-16.
    case utf16
    /// UTF-8 without control characters in the bytes examined.
    case text
    case empty
    case unknown

    /// The number of bytes examined at the beginning and at the end.
    private static let reach = 1 << 16

    /// Recognizes a file in memory.
    ///
    /// - Parameter file: The whole file.
    package init(_ file: Data) {
        self.init(
            head: Array(file.prefix(Self.reach)), tail: Array(file.suffix(Self.reach)))
    }

    /// Recognizes a file.
    ///
    /// - Parameter url: A regular file.
    /// - Throws: ``FileProblem`` with a sentence if the file cannot be read.
    package init(of url: URL) throws(FileProblem) {
        var source = try ByteSource(url: url)
        defer { source.close() }
        let head = try source.read(upTo: Self.reach)
        // Text is recognized by its beginning, so a file without a signature is not read to its
        // end.
        self.init(head: head, tail: source.totalCount <= Self.reach ? head : [])
    }

    /// Recognizes a file by its first and last bytes; the last ones may be omitted.
    package init(head: [UInt8], tail: [UInt8]) {
        self =
            Self.safetensors(head) ?? Self.bySignature(head, tail) ?? Self.pickle(head, tail)
            ?? Self.byText(head, tail) ?? (Self.isONNX(head) ? .onnx : .unknown)
    }
}

// MARK: - Recognition

extension FileKind {
    private static let signatures: [(bytes: [UInt8], kind: FileKind)] = [
        ([0x93] + Array("NUMPY".utf8), .numpyArray), ([0x1F, 0x8B], .gzip),
        ([0xFD] + Array("7zXZ".utf8) + [0], .xz), (Array("BZh".utf8), .bzip2),
        ([0x28, 0xB5, 0x2F, 0xFD], .zstandard), (Array("GGUF".utf8), .gguf),
        ([0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A], .hdf5), (Array("PAR1".utf8), .parquet),
        ([0x89] + Array("PNG\r\n".utf8), .picture), ([0xFF, 0xD8, 0xFF], .picture),
        (Array("GIF8".utf8), .picture), (Array("%PDF-".utf8), .pdf),
        (Array("version https://git-lfs".utf8), .gitPointer),
        ([0xFF, 0xFE], .utf16), ([0xFE, 0xFF], .utf16),
    ]

    private static func bySignature(_ head: [UInt8], _ tail: [UInt8]) -> FileKind? {
        if head.isEmpty { return .empty }
        if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
            return archive(head, tail)
        }
        let tarPlace = 257
        if head.dropFirst(tarPlace).starts(with: "ustar".utf8) { return .tar }
        return signatures.first { head.starts(with: $0.bytes) }?.kind
    }

    /// Returns the kind of a zip archive by the names of its entries, which precede the entries and
    /// form the table at the end.
    private static func archive(_ head: [UInt8], _ tail: [UInt8]) -> FileKind {
        func has(_ name: String) -> Bool {
            contains(Array(name.utf8), in: tail) || contains(Array(name.utf8), in: head)
        }
        if has("/constants.pkl") { return .torchScript }
        if has("/data.pkl") { return .pyTorch }
        return firstEntry(head).suffix(4).elementsEqual(".npy".utf8) ? .numpyArchive : .zip
    }

    private static func firstEntry(_ head: [UInt8]) -> ArraySlice<UInt8> {
        let (lengthPlace, namePlace) = (26, 30)
        guard head.count > namePlace else { return [] }
        let length = Int(head[lengthPlace]) | Int(head[lengthPlace + 1]) << 8
        return head.dropFirst(namePlace).prefix(length)
    }

    /// Recognizes safetensors: eight bytes with the length of a JSON object, which follows.
    private static func safetensors(_ head: [UInt8]) -> FileKind? {
        let lengthSize = 8
        guard head.count > lengthSize else { return nil }
        let length = head.prefix(lengthSize).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let first = head.dropFirst(lengthSize).first { !" \t\r\n".utf8.contains($0) }
        // More than the reader accepts, so that the reader can report it.
        let largest: UInt64 = 1 << 40
        return length <= largest && first == UInt8(ascii: "{") ? .safetensors : nil
    }

    /// Recognizes a pickle of protocol 2 or later: the protocol number, then an instruction that
    /// creates an object; a full stop at the end.
    private static func pickle(_ head: [UInt8], _ tail: [UInt8]) -> FileKind? {
        guard head.count >= 2, head[0] == 0x80, (2...5).contains(head[1]) else { return nil }
        // The magic number of PyTorch's older format.
        let magic: [UInt8] = [
            0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        let rest = head.dropFirst(2)
        if rest.starts(with: magic) || magic.starts(with: rest) { return .legacyPyTorch }
        let isFramed = head[1] >= 4 && rest.first == 0x95
        return isFramed || tail.last == UInt8(ascii: ".") ? .pickle : nil
    }

    private static func byText(_ head: [UInt8], _ tail: [UInt8]) -> FileKind? {
        guard isText(head) else { return nil }
        let start = head.drop { " \t\r\n".utf8.contains($0) || [0xEF, 0xBB, 0xBF].contains($0) }
        if start.first == UInt8(ascii: "{") {
            let key = Array("\"weight_map\"".utf8)
            if contains(key, in: head) || contains(key, in: tail) { return .weightsIndex }
        }
        let opening = String(decoding: start.prefix(14), as: UTF8.self).lowercased()
        return opening.hasPrefix("<!doctype html") || opening.hasPrefix("<html") ? .webPage : .text
    }

    /// Returns true for UTF-8 without control characters; the last character may be cut off.
    private static func isText(_ head: [UInt8]) -> Bool {
        guard !head.contains(where: { $0 < 0x20 && !(0x08...0x0D).contains($0) && $0 != 0x1B })
        else { return false }
        return (0...3).contains { cut in
            String(validating: head.dropLast(cut), as: UTF8.self) != nil
        }
    }

    /// Recognizes ONNX, a protocol buffer without a signature.
    ///
    /// Field 1 is a small version number; the next field is the producer's name (2), its version
    /// (3), the graph (7) or the operator set (8).
    private static func isONNX(_ head: [UInt8]) -> Bool {
        head.count > 4 && head[0] == 0x08 && (1...64).contains(head[1])
            && [0x12, 0x1A, 0x3A, 0x42].contains(head[2]) && head[3] > 0
    }

    private static func contains(_ word: [UInt8], in bytes: [UInt8]) -> Bool {
        Data(bytes).range(of: Data(word)) != nil
    }
}

// MARK: - Text

extension FileKind {
    /// The kind in a sentence, with its article.
    package var name: String {
        switch self {
        case .safetensors: "a safetensors file"
        case .pyTorch: "a PyTorch file"
        case .legacyPyTorch: "a PyTorch file of the format before version 1.6"
        case .torchScript: "a TorchScript program"
        case .pickle: "a Python pickle"
        case .numpyArray: "a NumPy array (.npy)"
        case .numpyArchive: "a NumPy archive (.npz)"
        case .zip: "a zip archive"
        case .gzip: "a gzip archive"
        case .xz: "an xz archive"
        case .bzip2: "a bzip2 archive"
        case .zstandard: "a Zstandard archive"
        case .tar: "a tar archive"
        case .gguf: "a GGUF file"
        case .onnx: "an ONNX graph"
        case .hdf5: "an HDF5 file"
        case .parquet: "a Parquet table"
        case .weightsIndex: "an index of weights that lie in several files"
        case .picture: "a picture"
        case .pdf: "a PDF document"
        case .gitPointer: "a Git LFS pointer in place of the file itself"
        case .webPage: "a web page"
        case .utf16: "UTF-16 text"
        case .text: "text"
        case .empty: "empty"
        case .unknown: "of an unknown format"
        }
    }

    /// True if a text reader may read the file; known binary formats are refused with their name.
    package var mayBeText: Bool {
        switch self {
        case .text, .utf16, .weightsIndex, .webPage, .empty, .unknown: true
        default: false
        }
    }

    /// Returns the command that unpacks an archive or resolves a pointer; `nil` for all other
    /// kinds.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: A clause such as "unpack it first with 'gunzip a.json.gz'".
    package func unpacking(_ name: String) -> String? {
        switch self {
        case .gzip: "unpack it first with 'gunzip \(name)'"
        case .xz: "unpack it first with 'unxz \(name)'"
        case .bzip2: "unpack it first with 'bunzip2 \(name)'"
        case .zstandard: "unpack it first with 'unzstd \(name)'"
        case .tar: "unpack it first with 'tar -xf \(name)'"
        case .zip: "unpack it first with 'unzip \(name)'"
        case .gitPointer: "fetch the file with 'git lfs pull'"
        case .webPage: "download the file itself, not the page about it"
        default: nil
        }
    }

    /// Returns the reason why a file cannot be read as text, with the remedy.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: A clause that continues "cannot be read:"; `nil` if the file may be text.
    package func textRefusal(_ name: String) -> String? {
        guard !mayBeText else { return nil }
        let remedy = unpacking(name) ?? "name a text file, or save what it holds as text"
        return "it is \(self.name), not text; \(remedy)"
    }
}
