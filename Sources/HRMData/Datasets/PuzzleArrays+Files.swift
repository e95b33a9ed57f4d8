import Foundation
import HRMFiles

extension PuzzleArrays {
    /// The five files of a set.
    enum File: String, CaseIterable {
        case inputs
        case labels
        case puzzleIdentifiers = "puzzle_identifiers"
        case puzzleIndices = "puzzle_indices"
        case groupIndices = "group_indices"

        func name(inSet set: String) -> String { "\(set)__\(rawValue).npy" }
    }

    /// Reads the files of a set without checking them; see ``validate(metadata:location:)``.
    init(
        name: String, metadata: DatasetMetadata, location: DatasetLocation
    ) throws(DatasetError) {
        func read(
            _ file: File, allowed: [NPYElementType]
        ) throws(DatasetError) -> NPYFile {
            let url = location.url(file.name(inSet: name))
            let array: NPYFile
            do {
                array = try NPYFile(contentsOf: url)
            } catch {
                throw .array(error)
            }
            guard allowed.contains(array.header.elementType) else {
                throw .wrongElementType(
                    path: url.path, found: array.header.elementType, allowed: allowed)
            }
            return array
        }
        func tokens(_ file: File) throws(DatasetError) -> NPYFile {
            let array = try read(file, allowed: [.uint8, .int32, .int64, .bool])
            let shape = array.header.shape
            guard shape.count == 2, shape[1] == metadata.sequenceLength else {
                throw .wrongShape(
                    path: location.path(file.name(inSet: name)), found: shape,
                    expected: "[examples, \(metadata.sequenceLength)], as seq_len says")
            }
            return array
        }
        func list(_ file: File, of what: String) throws(DatasetError) -> NPYFile {
            let array = try read(file, allowed: [.int32, .int64])
            guard array.header.shape.count == 1 else {
                throw .wrongShape(
                    path: location.path(file.name(inSet: name)), found: array.header.shape,
                    expected: "[\(what)]")
            }
            return array
        }
        let inputs = try tokens(.inputs)
        let labels = try tokens(.labels)
        let puzzleIdentifiers = try list(.puzzleIdentifiers, of: "puzzles")
        let puzzleIndices = try list(.puzzleIndices, of: "puzzles + 1")
        let groupIndices = try list(.groupIndices, of: "groups + 1")
        var types = ElementTypes()
        types.inputs = inputs.header.elementType
        types.labels = labels.header.elementType
        types.puzzleIdentifiers = puzzleIdentifiers.header.elementType
        types.puzzleIndices = puzzleIndices.header.elementType
        types.groupIndices = groupIndices.header.elementType
        self.init(
            name: name, inputs: inputs.values, labels: labels.values,
            puzzleIdentifiers: puzzleIdentifiers.values.int32Values,
            puzzleIndices: puzzleIndices.values.int32Values,
            groupIndices: groupIndices.values.int32Values, elementTypes: types)
    }

    /// Checks that the arrays are consistent with each other and with the metadata.
    func validate(metadata: DatasetMetadata, location: DatasetLocation) throws(DatasetError) {
        func path(_ file: File) -> String { location.path(file.name(inSet: name)) }
        let length = metadata.sequenceLength
        guard inputs.count.isMultiple(of: length) else {
            throw .wrongShape(
                path: path(.inputs), found: [inputs.count], expected: "[examples, \(length)]")
        }
        let rows = inputs.count / length
        guard labels.count == inputs.count else {
            throw .wrongShape(
                path: path(.labels), found: [labels.count / length, length],
                expected: "[\(rows), \(length)] as the inputs")
        }
        guard puzzleIndices.count == puzzleIdentifiers.count + 1 else {
            throw .wrongShape(
                path: path(.puzzleIndices), found: [puzzleIndices.count],
                expected: "[\(puzzleIdentifiers.count + 1)], one more than puzzle identifiers")
        }
        let problems =
            OffsetCheck(
                path: path(.puzzleIndices), count: rows, pointsInto: "examples",
                mayStandStill: true
            ).violations(in: puzzleIndices)
            + OffsetCheck(
                path: path(.groupIndices), count: puzzleCount, pointsInto: "puzzles",
                mayStandStill: false
            ).violations(in: groupIndices)
        if let problem = problems.first { throw problem.error }
        let identifierCount = metadata.puzzleIdentifierCount
        if let puzzle = puzzleIdentifiers.firstIndex(where: { $0 < 0 || $0 >= identifierCount }) {
            throw .identifierOutOfRange(
                path: path(.puzzleIdentifiers), puzzle: puzzle,
                value: Int(puzzleIdentifiers[puzzle]), identifierCount: identifierCount)
        }
        let vocabulary = 0..<Int32(metadata.vocabularySize)
        let uncounted =
            [PuzzleBatch.ignoredLabel]
            + [metadata.ignoredLabel].compactMap { id in
                id.flatMap { Int32(exactly: $0) }
            }
        let tokens = [(File.inputs, inputs, []), (.labels, labels, uncounted)]
        for (file, values, exceptions) in tokens {
            if let index = values.firstIndex(outside: vocabulary, except: exceptions) {
                throw .tokenOutOfRange(
                    path: path(file), example: index / length, cell: index % length,
                    value: Int(values[index]), vocabularySize: metadata.vocabularySize)
            }
        }
    }

    /// Writes the five files into a folder.
    func write(into folder: URL, sequenceLength: Int) throws(NPYError) {
        func write(
            _ file: File, _ type: NPYElementType, _ values: CompactIntegers, columns: Int? = nil
        ) throws(NPYError) {
            var writer = try NPYWriter(
                url: folder.appendingPathComponent(file.name(inSet: name)), elementType: type,
                rowShape: columns.map { [$0] } ?? [])
            try writer.append(values)
            try writer.finish()
        }
        try write(.inputs, elementTypes.inputs, inputs, columns: sequenceLength)
        try write(.labels, elementTypes.labels, labels, columns: sequenceLength)
        try write(
            .puzzleIdentifiers, elementTypes.puzzleIdentifiers, CompactIntegers(puzzleIdentifiers))
        try write(.puzzleIndices, elementTypes.puzzleIndices, CompactIntegers(puzzleIndices))
        try write(.groupIndices, elementTypes.groupIndices, CompactIntegers(groupIndices))
    }
}
