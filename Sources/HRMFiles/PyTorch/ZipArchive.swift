package import Foundation

/// A problem with a zip archive, without the file's name.
package struct ZipProblem: Error, Equatable {
    package var reason: String
}

/// The entries of a zip archive.
///
/// `torch.save` writes such archives, with the 64-bit fields of large archives and with sizes after
/// the entries (the central directory repeats them). Everything is checked against the file's size
/// before use, and no two entries may share bytes, so reading all of them costs no more than
/// reading the file.
package struct ZipArchive {
    /// One entry.
    package struct Entry: Equatable {
        package var name: String
        /// The range of the content in the file.
        var range: Range<Int>
        var checksum: UInt32
        /// The size of the content.
        package var byteCount: Int
        /// True if the content is compressed with the method "deflate".
        var isCompressed: Bool
    }

    /// The entries, in the order of the central directory.
    package private(set) var entries: [Entry] = []
    package let file: Data

    static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// Reads the central directory of an archive.
    ///
    /// - Parameters:
    ///   - file: The complete file.
    ///   - allowsCompression: True to accept compressed entries, which PyTorch never writes.
    /// - Throws: ``ZipProblem``.
    package init(_ file: Data, allowsCompression: Bool = false) throws(ZipProblem) {
        self.file = file
        let records = try ZipDirectory(file).records
        var names: Set<String> = []
        for record in records {
            guard names.insert(record.name).inserted else {
                throw ZipProblem(reason: "it has two entries '\(record.name)'")
            }
            guard allowsCompression || !record.isCompressed else {
                throw ZipProblem(
                    reason:
                        "the entry '\(record.name)' is compressed, which torch.save never does; "
                        + "pack the archive again without compression ('zip -0'), or save it with "
                        + "PyTorch")
            }
            entries.append(try Self.entry(record, in: file))
        }
        try checkOverlap(records)
    }

    /// Returns the content of an entry.
    ///
    /// - Parameter entry: One of ``entries``.
    /// - Returns: A slice of the file.
    /// - Throws: ``ZipProblem`` if the content does not match its checksum; a checksum of 0, which
    ///   PyTorch writes when checksums are disabled, is accepted.
    func content(of entry: Entry) throws(ZipProblem) -> Data {
        let start = file.startIndex
        let content = file[(start + entry.range.lowerBound)..<(start + entry.range.upperBound)]
        guard entry.checksum == 0 || CRC32.of(content) == entry.checksum else {
            throw ZipProblem(
                reason: "the entry '\(entry.name)' does not have its checksum: the file is "
                    + "damaged; copy or save it again")
        }
        return content
    }

    /// Decompresses an entry piece by piece.
    ///
    /// - Parameters:
    ///   - entry: One of ``entries``.
    ///   - body: Receives the pieces.
    /// - Throws: ``ZipProblem`` if the content does not have its size or checksum, or the error of
    ///   `body`; pieces have been passed on before.
    package func extract(_ entry: Entry, _ body: (Data) throws -> Void) throws {
        guard entry.isCompressed else {
            try body(content(of: entry))
            return
        }
        let start = file.startIndex
        var inflater = Inflater(
            file[(start + entry.range.lowerBound)..<(start + entry.range.upperBound)],
            limit: entry.byteCount)
        var checksum: UInt32 = 0
        let count: Int
        do {
            count = try inflater.run { piece in
                checksum = CRC32.extended(checksum, by: piece)
                try body(piece)
            }
        } catch let error as InflateProblem {
            throw ZipProblem(reason: "the entry '\(entry.name)' is damaged: \(error.reason)")
        }
        guard count == entry.byteCount, checksum == entry.checksum else {
            throw ZipProblem(
                reason: "the entry '\(entry.name)' does not have its size and checksum")
        }
    }

    /// Reads the header before an entry's content and checks it against the central directory.
    private static func entry(
        _ record: ZipDirectory.Record, in file: Data
    ) throws(ZipProblem) -> Entry {
        let headerSize = 30
        let name = record.name
        let start = record.headerOffset
        guard start <= file.count - headerSize else {
            throw ZipProblem(reason: "the entry '\(name)' would begin behind the end of the file")
        }
        let origin = file.startIndex
        let header = LittleEndianBytes(file[(origin + start)..<(origin + start + headerSize)])
        let nameSize = header.count(at: 26, width: 2) ?? 0
        let extraSize = header.count(at: 28, width: 2) ?? 0
        let content = start + headerSize + nameSize + extraSize
        guard Array(header.bytes.prefix(4)) == signature,
            content <= file.count - record.storedByteCount,
            file[(origin + start + headerSize)..<(origin + start + headerSize + nameSize)]
                .elementsEqual(name.utf8)
        else {
            throw ZipProblem(
                reason: "the entry '\(name)' is not where the archive's table says, at byte "
                    + "\(start)")
        }
        return Entry(
            name: name, range: content..<(content + record.storedByteCount),
            checksum: record.checksum,
            byteCount: record.byteCount, isCompressed: record.isCompressed)
    }

    private func checkOverlap(_ records: [ZipDirectory.Record]) throws(ZipProblem) {
        let places = zip(records, entries)
            .map { (start: $0.headerOffset, end: $1.range.upperBound, name: $1.name) }
            .sorted { $0.start < $1.start }
        for (first, second) in zip(places, places.dropFirst()) where first.end > second.start {
            throw ZipProblem(reason: "the entries '\(first.name)' and '\(second.name)' overlap")
        }
    }
}
