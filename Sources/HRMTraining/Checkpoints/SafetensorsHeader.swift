/// What the JSON at the beginning of a safetensors file says, checked.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        var elementType: SafetensorsElementType
        var shape: [Int]
        /// Where the bytes lie, counted from the end of the header.
        var offsets: Range<Int>
    }

    private(set) var metadata: [String: String] = [:]
    private(set) var entries: [Entry] = []

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - bytes: The header without the length in front.
    ///   - path: The file's name, for messages.
    /// - Throws: ``CheckpointError`` for text that is not a header, or a tensor that cannot be.
    init(_ bytes: [UInt8], path: String) throws(CheckpointError) {
        var scanner = HeaderScanner(bytes)
        var tensors: [RawEntry] = []
        do throws(HeaderProblem) {
            (metadata, tensors) = try Self.members(&scanner)
        } catch {
            throw .malformedHeader(path: path, reason: error.reason)
        }
        for tensor in tensors { entries.append(try tensor.checked(path: path)) }
    }

    /// Checks that the tensors fill the bytes behind the header, with no hole and no overlap.
    ///
    /// - Parameters:
    ///   - start: Where these bytes begin in the file.
    ///   - fileByteCount: The file's size.
    ///   - path: The file's name, for messages.
    /// - Throws: ``CheckpointError`` that tells which bytes are missing, shared or unused.
    func checkLayout(
        startingAt start: Int, fileByteCount: Int, path: String
    ) throws(CheckpointError) {
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
    /// The text of one entry before its meaning is checked.
    private struct RawEntry {
        var name: String
        var elementType: String
        var shape: [Int]
        var offsets: [Int]

        func checked(path: String) throws(CheckpointError) -> Entry {
            guard let type = SafetensorsElementType(rawValue: elementType) else {
                throw .unknownElementType(path: path, name: name, elementType: elementType)
            }
            guard offsets.count == 2, offsets[0] <= offsets[1] else {
                throw .malformedHeader(
                    path: path, reason: "data_offsets of '\(name)' are not a begin and an end")
            }
            var expected = type.byteCount
            for extent in shape {
                let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
                guard !overflow else { throw .shapeTooLarge(path: path, name: name, shape: shape) }
                expected = product
            }
            let found = offsets[1] - offsets[0]
            guard expected == found else {
                throw .byteCountMismatch(
                    path: path, name: name, expected: expected, found: found)
            }
            return Entry(
                name: name, elementType: type, shape: shape, offsets: offsets[0]..<offsets[1])
        }
    }

    private static func members(
        _ scanner: inout HeaderScanner
    ) throws(HeaderProblem) -> (metadata: [String: String], tensors: [RawEntry]) {
        var metadata: [String: String] = [:]
        var tensors: [RawEntry] = []
        var seen: Set<String> = []
        try scanner.expect("{")
        while let name = try scanner.nextKey(after: seen.count) {
            guard seen.insert(name).inserted else {
                throw HeaderProblem(reason: "the name '\(name)' stands there twice")
            }
            if name == SafetensorsFile.metadataKey {
                metadata = try strings(&scanner)
            } else {
                tensors.append(try tensor(named: name, &scanner))
            }
        }
        try scanner.end()
        return (metadata, tensors)
    }

    private static func strings(
        _ scanner: inout HeaderScanner
    ) throws(HeaderProblem) -> [String: String] {
        var result: [String: String] = [:]
        try scanner.expect("{")
        while let key = try scanner.nextKey(after: result.count) {
            guard result.updateValue(try scanner.string(), forKey: key) == nil else {
                throw HeaderProblem(reason: "the metadata key '\(key)' stands there twice")
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
            switch key {
            case "dtype" where type == nil: type = try scanner.string()
            case "shape" where shape == nil: shape = try scanner.counts()
            case "data_offsets" where offsets == nil: offsets = try scanner.counts()
            default:
                throw HeaderProblem(
                    reason: "tensor '\(name)' has a key '\(key)' twice or one that is not known")
            }
            count += 1
        }
        guard let type, let shape, let offsets else {
            throw HeaderProblem(
                reason: "tensor '\(name)' needs the keys dtype, shape and data_offsets")
        }
        return RawEntry(name: name, elementType: type, shape: shape, offsets: offsets)
    }
}
