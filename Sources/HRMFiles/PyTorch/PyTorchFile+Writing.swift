public import Foundation

extension PyTorchFile {
    /// The bytes of the file; equal content and name give equal bytes.
    ///
    /// `torch.load(path, weights_only=True)` reads them as an ordered dictionary in the order of
    /// ``names``.
    ///
    /// - Parameter folder: The name of the archive's folder; PyTorch takes the file's name without
    ///   its ending.
    /// - Returns: The file.
    public func encoded(folder: String = "archive") -> Data {
        pieces(folder: folder, with: ZipWriter()).reduce(into: Data()) { $0.append($1) }
    }

    /// The same in pieces, with a given writer of archives.
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

    /// Writes the file, whole or not at all.
    ///
    /// - Parameter url: Where to; a file that is there is replaced.
    /// - Throws: ``FileError`` in the system's words.
    public func write(to url: URL) throws(FileError) {
        let name = url.deletingPathExtension().lastPathComponent
        let pieces = pieces(folder: name.isEmpty ? "archive" : name, with: ZipWriter())
        try AtomicFile.write(to: url) { sink throws(FileError) in
            for piece in pieces { try sink.write(piece) }
        }
    }
}
