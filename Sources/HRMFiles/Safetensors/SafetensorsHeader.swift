/// The validated JSON header of a safetensors file.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        /// The name of the element type, which may be unsupported.
        var elementType: String
        var shape: [Int]
        /// The range of the bytes, relative to the end of the header.
        var offsets: Range<Int>
    }

    private(set) var metadata: [String: String] = [:]
    private(set) var entries: [Entry] = []

    /// The maximum number of metadata entries; each takes some hundred bytes of memory.
    static let mostMetadata = 1 << 16
    /// The maximum number of tensors.
    static let mostTensors = 1 << 20
    /// The maximum number of axes, that of PyTorch and NumPy.
    static let mostAxes = 64

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - bytes: The header without its length.
    ///   - path: The file's name, for messages.
    /// - Throws: ``SafetensorsError`` for a malformed header or an invalid tensor.
    init(_ bytes: [UInt8], path: String) throws(SafetensorsError) {
        var scanner = HeaderScanner(bytes)
        var tensors: [RawEntry] = []
        do throws(HeaderProblem) {
            (metadata, tensors) = try Self.members(&scanner)
        } catch {
            throw .malformedHeader(path: path, reason: error.reason)
        }
        for tensor in tensors { entries.append(try tensor.checked(path: path)) }
    }

    /// Checks that the tensors fill the bytes after the header without gaps or overlaps.
    ///
    /// - Parameters:
    ///   - start: The offset of these bytes in the file.
    ///   - fileByteCount: The file's size.
    ///   - path: The file's name, for messages.
    /// - Throws: ``SafetensorsError`` that states which bytes are missing, shared or unused.
    func checkLayout(
        startingAt start: Int, fileByteCount: Int, path: String
    ) throws(SafetensorsError) {
        let ordered = entries.sorted {
            ($0.offsets.lowerBound, $0.offsets.upperBound)
                < ($1.offsets.lowerBound, $1.offsets.upperBound)
        }
        var end = 0
        for entry in ordered {
            guard entry.offsets.lowerBound >= end else {
                throw .overlappingTensors(path: path, name: entry.name)
            }
            guard entry.offsets.lowerBound == end else {
                throw .unusedBytes(
                    path: path, offset: start + end, count: entry.offsets.lowerBound - end)
            }
            end = entry.offsets.upperBound
        }
        let available = fileByteCount - start
        guard end <= available else {
            let (expected, overflow) = start.addingReportingOverflow(end)
            throw .truncated(
                path: path, expectedBytes: overflow ? .max : expected, actualBytes: fileByteCount)
        }
        guard end == available else {
            throw .unusedBytes(path: path, offset: start + end, count: available - end)
        }
    }
}

extension SafetensorsHeader {
    /// The JSON of one entry before validation.
    private struct RawEntry: Equatable {
        var name: String
        var elementType: String
        var shape: [Int]
        var offsets: [Int]

        func checked(path: String) throws(SafetensorsError) -> Entry {
            guard offsets.count == 2, offsets[0] <= offsets[1] else {
                throw .malformedHeader(
                    path: path, reason: "data_offsets of '\(name)' are not a begin and an end")
            }
            let found = offsets[1] - offsets[0]
            // The element size of an unknown type is unknown, too.
            let type = SafetensorsElementType(rawValue: elementType)
            var expected = type?.byteCount ?? 1
            for extent in shape {
                let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
                guard !overflow else { throw .shapeTooLarge(path: path, name: name, shape: shape) }
                expected = product
            }
            guard type == nil || expected == found else {
                throw .byteCountMismatch(
                    path: path, name: name, expected: expected, found: found)
            }
            return Entry(
                name: name, elementType: elementType, shape: shape,
                offsets: offsets[0]..<offsets[1])
        }
    }

    private static func members(
        _ scanner: inout HeaderScanner
    ) throws(HeaderProblem) -> (metadata: [String: String], tensors: [RawEntry]) {
        var metadata: [String: String]?
        var tensors: [RawEntry] = []
        var places: [String: Int] = [:]
        var count = 0
        try scanner.expect("{")
        while let name = try scanner.nextKey(after: count) {
            count += 1
            if name == SafetensorsFile.metadataKey {
                guard metadata == nil else {
                    throw HeaderProblem(reason: "the key '\(name)' occurs twice")
                }
                metadata = try scanner.consumeNull() ? [:] : strings(&scanner)
                continue
            }
            let entry = try tensor(named: name, &scanner)
            if let first = places[name] {
                guard tensors[first] == entry else {
                    throw HeaderProblem(
                        reason: "the name '\(name)' occurs twice, for different tensors")
                }
                continue
            }
            guard tensors.count < mostTensors else {
                throw HeaderProblem(
                    reason: "it names more than \(mostTensors) tensors, which are not accepted")
            }
            places[name] = tensors.count
            tensors.append(entry)
        }
        try scanner.end()
        return (metadata ?? [:], tensors)
    }

    private static func strings(
        _ scanner: inout HeaderScanner
    ) throws(HeaderProblem) -> [String: String] {
        var result: [String: String] = [:]
        var count = 0
        try scanner.expect("{")
        while let key = try scanner.nextKey(after: count) {
            count += 1
            let text = try scanner.string()
            guard (result.updateValue(text, forKey: key) ?? text) == text else {
                throw HeaderProblem(
                    reason: "the metadata key '\(key)' occurs twice, with different texts")
            }
            guard result.count <= mostMetadata else {
                throw HeaderProblem(
                    reason: "it has more than \(mostMetadata) metadata, which are not accepted")
            }
        }
        return result
    }

    private static func tensor(
        named name: String, _ scanner: inout HeaderScanner
    ) throws(HeaderProblem) -> RawEntry {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        var count = 0
        try scanner.expect("{")
        while let key = try scanner.nextKey(after: count) {
            count += 1
            switch key {
            case "dtype" where type == nil: type = try scanner.string()
            case "shape" where shape == nil: shape = try scanner.counts(atMost: mostAxes)
            case "data_offsets" where offsets == nil: offsets = try scanner.counts(atMost: 2)
            case "dtype", "shape", "data_offsets":
                throw HeaderProblem(reason: "tensor '\(name)' has the key '\(key)' twice")
            default: try scanner.skipValue()
            }
        }
        guard let type, let shape, let offsets else {
            throw HeaderProblem(
                reason: "tensor '\(name)' needs the keys dtype, shape and data_offsets")
        }
        return RawEntry(name: name, elementType: type, shape: shape, offsets: offsets)
    }
}
