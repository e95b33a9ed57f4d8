import HRMData
import HRMFiles

extension ARCTask {
    private static let largestPairs = 32

    /// Reads a task in JSON.
    ///
    /// - Parameters:
    ///   - value: The task, as in the files of the corpus.
    ///   - place: Its place in the request.
    /// - Throws: ``HTTPError`` with the first member that is wrong.
    init(_ value: JSONValue?, at place: String) throws(HTTPError) {
        guard case .object(let members)? = value else {
            throw Self.problem("it is not a task", at: place)
        }
        var name = "task"
        if case .text(let text)? = members["name"], !text.isEmpty {
            name = String(text.filter(\.isVisibleInNames).prefix(200))
        }
        if name.isEmpty { name = "task" }
        self.init(
            name: name,
            demonstrations: try Self.pairs(
                members["train"], at: "\(place).train", needsOutput: true),
            tests: try Self.pairs(members["test"], at: "\(place).test", needsOutput: false))
    }

    private static func pairs(
        _ value: JSONValue?, at place: String, needsOutput: Bool
    ) throws(HTTPError) -> [ARCPair] {
        guard case .list(let values)? = value, (1...largestPairs).contains(values.count) else {
            throw problem("it is not a list of 1 to \(largestPairs) pairs", at: place)
        }
        var pairs: [ARCPair] = []
        for (index, value) in values.enumerated() {
            let place = "\(place)[\(index)]"
            guard case .object(let members) = value else {
                throw problem("it is not a pair", at: place)
            }
            let input = try grid(members["input"], at: "\(place).input")
            var output: PuzzleGrid?
            if let value = members["output"], value != .null {
                output = try grid(value, at: "\(place).output")
            } else if needsOutput {
                throw problem("it is missing", at: "\(place).output")
            }
            pairs.append(ARCPair(input: input, output: output))
        }
        return pairs
    }

    private static func grid(
        _ value: JSONValue?, at place: String
    ) throws(HTTPError) -> PuzzleGrid {
        let sides = 1...largestSide
        guard case .list(let rows)? = value, sides.contains(rows.count) else {
            throw problem("it is not a list of 1 to \(largestSide) rows", at: place)
        }
        var cells: [UInt8] = []
        var width = 0
        for (index, row) in rows.enumerated() {
            guard case .list(let values) = row, sides.contains(values.count),
                index == 0 || values.count == width
            else {
                throw problem(
                    "its rows do not have 1 to \(largestSide) cells each, all the same", at: place)
            }
            width = values.count
            for value in values {
                guard case .integer(let color) = value, (0..<colorCount).contains(color) else {
                    throw problem("a cell is not a colour from 0 to 9", at: place)
                }
                cells.append(UInt8(color))
            }
        }
        return PuzzleGrid(rows: rows.count, columns: width, cells: cells)
    }

    private static func problem(_ what: String, at place: String) -> HTTPError {
        HTTPError(
            .unprocessableContent, what, at: place,
            remedy: "send a task like {\"train\": [{\"input\": [[0]], \"output\": [[1]]}], "
                + "\"test\": [{\"input\": [[0]]}]}")
    }

    /// The task as the interface describes it.
    var members: JSONValue {
        func list(_ pairs: [ARCPair]) -> JSONValue {
            .list(
                pairs.map { pair in
                    var members = ["input": pair.input.jsonRows]
                    if let output = pair.output { members["output"] = output.jsonRows }
                    return .object(members)
                })
        }
        return .object([
            "name": .text(name), "train": list(demonstrations), "test": list(tests),
        ])
    }
}

extension Character {
    /// True if the character may be part of a task's name.
    fileprivate var isVisibleInNames: Bool {
        unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
