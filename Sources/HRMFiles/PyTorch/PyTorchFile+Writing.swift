package import Foundation

extension PyTorchFile {
    /// Returns the bytes of the file; equal content and folder name give equal bytes.
    ///
    /// `torch.load(path, weights_only=True)` reads them as an ordered dictionary in the order of
    /// ``names``.
    ///
    /// - Parameter folder: The name of the archive's folder; PyTorch uses the file's name without
    ///   its extension.
    /// - Returns: The complete file.
    package func encoded(folder: String = "archive") -> Data {
        pieces(folder: folder, with: ZipWriter()).reduce(into: Data()) { $0.append($1) }
    }

    /// Returns the same bytes in pieces, written with a given archive writer.
    func pieces(folder: String, with writer: ZipWriter) -> [Data] {
        var writer = writer
        let ordered = names.compactMap { name in self[name].map { (name, $0) } }
        let pickle = PickleWriter.dictionary(
            of: ordered.map { ($0, $1.elementType, $1.shape) })
        writer.append("\(folder)/\(Self.dataName)", Data(pickle))
        writer.append("\(folder)/.format_version", Data("1".utf8))
        writer.append("\(folder)/.storage_alignment", Data("64".utf8))
        writer.append("\(folder)/byteorder", Data("little".utf8))
        for (index, (_, tensor)) in ordered.enumerated() {
            writer.append("\(folder)/data/\(index)", tensor.bytes)
        }
        writer.append("\(folder)/version", Data("3\n".utf8))
        return writer.finished()
    }

    /// Writes the file atomically.
    ///
    /// - Parameter url: The destination; an existing file is replaced.
    /// - Throws: ``FileError`` with the system's message.
    package func write(to url: URL) throws(FileError) {
        let name = url.deletingPathExtension().lastPathComponent
        let pieces = pieces(folder: name.isEmpty ? "archive" : name, with: ZipWriter())
        try AtomicFile.write(to: url) { sink throws(FileError) in
            for piece in pieces { try sink.write(piece) }
        }
    }
}
