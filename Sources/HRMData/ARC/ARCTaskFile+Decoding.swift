import Foundation
import HRMFiles

/// A task as written in a file.
struct TaskContent: Decodable {
    var train: [ARCPair]
    var test: [ARCPair]
    /// The name given in some files, which takes precedence over the file's name.
    var name: String?

    private enum Key: String, CodingKey { case train, test, name }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: Key.self)
        name = try? keys.decode(String.self, forKey: .name)
        train = try keys.decode([PairContent].self, forKey: .train).map(\.pair)
        test = try keys.decode([PairContent].self, forKey: .test).map(\.pair)
        for (key, pairs) in [(Key.train, train), (.test, test)] {
            guard !pairs.isEmpty else {
                throw Misfit(path: decoder.codingPath + [key], problem: .noPairs)
            }
        }
        if let pair = train.firstIndex(where: { $0.output == nil }) {
            throw Misfit(
                path: decoder.codingPath + [Key.train, IndexKey(pair)],
                problem: .missingKey("output"))
        }
    }
}

/// A list of solved pairs as written in a file.
struct PairList: Decodable {
    var pairs: [ARCPair]

    init(from decoder: any Decoder) throws {
        pairs = try [PairContent](from: decoder).map(\.pair)
        guard !pairs.isEmpty else {
            throw Misfit(path: decoder.codingPath, problem: .noPairs)
        }
        if let pair = pairs.firstIndex(where: { $0.output == nil }) {
            throw Misfit(
                path: decoder.codingPath + [IndexKey(pair)], problem: .missingKey("output"))
        }
    }
}

/// A pair as written in a file; a test pair may lack the output.
private struct PairContent: Decodable {
    var pair: ARCPair

    private enum Key: String, CodingKey { case input, output }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: Key.self)
        pair = ARCPair(
            input: try keys.decode(GridContent.self, forKey: .input).grid,
            output: try keys.decodeIfPresent(GridContent.self, forKey: .output)?.grid)
    }
}

/// A grid as written in a file: a list of rows, each a list of colours.
struct GridContent: Decodable {
    var grid: PuzzleGrid

    /// The expected content of a cell, for error messages.
    static let color = "a colour: a whole number from 0 to 9"

    init(from decoder: any Decoder) throws {
        var rows = try decoder.unkeyedContainer()
        func misfit(
            _ problem: ARCTaskError.Problem, row: Int? = nil, column: Int? = nil
        ) -> Misfit {
            let indices = [row, column].compactMap { $0 }.map(IndexKey.init)
            return Misfit(path: decoder.codingPath + indices, problem: problem)
        }
        if let count = rows.count, count > ARCTask.largestSide {
            throw misfit(.tooManyRows(count))
        }
        var cells: [UInt8] = []
        var width: Int?
        while !rows.isAtEnd {
            let row = rows.currentIndex
            var colors = try rows.nestedUnkeyedContainer()
            if let count = colors.count, count > ARCTask.largestSide {
                throw misfit(.tooManyColumns(count), row: row)
            }
            var found = 0
            while !colors.isAtEnd {
                // The decoder does not report the place of a number that is not whole.
                guard let color = try? colors.decode(Int.self) else {
                    throw misfit(.wrongKind(expected: Self.color), row: row, column: found)
                }
                guard (0..<ARCTask.colorCount).contains(color) else {
                    throw misfit(.notAColor(color), row: row, column: found)
                }
                cells.append(UInt8(color))
                found += 1
            }
            let expected = width ?? found
            guard found == expected else {
                throw misfit(.unevenRow(found: found, expected: expected), row: row)
            }
            width = found
        }
        guard let width, width > 0 else { throw misfit(.emptyGrid) }
        grid = PuzzleGrid(rows: cells.count / width, columns: width, cells: cells)
    }
}

/// An error at a place of a file that is valid JSON.
private struct Misfit: Error {
    var path: [any CodingKey]
    var problem: ARCTaskError.Problem
}

private struct IndexKey: CodingKey {
    var intValue: Int?
    var stringValue: String { intValue.map(String.init) ?? "" }

    init(_ index: Int) { intValue = index }
    init?(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
}

extension ARCTaskFile {
    /// The kind of a file's content, which determines the names of places in it.
    enum Holding {
        /// A task.
        case task
        /// An object of tasks.
        case tasks
        /// A list of pairs.
        case pairs
        /// An object of lists of pairs.
        case pairLists
        /// An object of lists of grids.
        case answers
    }

    /// Returns the outline of a file's JSON content.
    static func outline(
        of bytes: [UInt8], path: String
    ) throws(ARCTaskError) -> JSONScanner.Outline {
        do throws(JSONProblem) {
            return try JSONScanner.outline(of: bytes)
        } catch {
            if case .repeatedName(let name, depth: 0, line: _) = error,
                !["train", "test", "name"].contains(name)
            {
                throw ARCTaskError(path: path, problem: .duplicateTask(name, other: ""))
            }
            throw ARCTaskError(path: path, problem: .notJSON(reason: error.explanation()))
        }
    }

    /// Decodes a file already checked by the scanner; errors name the task and the place.
    static func decodeScanned<Value: Decodable>(
        _ type: Value.Type, _ bytes: [UInt8], path: String, holds holding: Holding
    ) throws(ARCTaskError) -> Value {
        func failure(
            _ problem: ARCTaskError.Problem, at keys: [any CodingKey]
        ) -> ARCTaskError {
            let (task, place) = place(of: keys, in: holding)
            return ARCTaskError(path: path, task: task, place: place, problem: problem)
        }
        do {
            return try JSONDecoder().decode(type, from: JSONText.data(bytes))
        } catch let misfit as Misfit {
            throw failure(misfit.problem, at: misfit.path)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw failure(.missingKey(key.stringValue), at: context.codingPath)
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context)
        {
            throw failure(
                wrongKind(at: context.codingPath, in: holding), at: context.codingPath)
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw failure(
                wrongKind(at: context.codingPath, in: holding), at: context.codingPath)
        } catch {
            throw ARCTaskError(path: path, problem: .notJSON(reason: "it is not valid JSON"))
        }
    }

    private static func wrongKind(
        at keys: [any CodingKey], in holding: Holding
    ) -> ARCTaskError.Problem {
        let expected = [
            "an object with 'train' and 'test'", "a list of pairs",
            "an object with 'input' and 'output'", "a grid: a list of rows",
            "a row: a list of colours", GridContent.color,
        ]
        let depth =
            switch holding {
            case .task: keys.count
            case .tasks: keys.count - 1
            case .pairs: keys.count + 1
            case .pairLists: keys.isEmpty ? -1 : keys.count
            case .answers: keys.count < 2 ? -1 : keys.count + 1
            }
        return .wrongKind(
            expected: depth < 0
                ? "an object with an entry for each task"
                : expected[min(depth, expected.count - 1)])
    }

    private static func place(
        of keys: [any CodingKey], in holding: Holding
    ) -> (task: String?, place: ARCTaskError.Place?) {
        var rest = keys[...]
        func number() -> Int? { rest.popFirst()?.intValue.map { $0 + 1 } }
        let isOne = holding == .task || holding == .pairs
        let task = isOne ? nil : rest.popFirst()?.stringValue
        guard !rest.isEmpty else { return (task, nil) }
        var place = ARCTaskError.Place(part: holding == .answers ? "test" : "train")
        switch holding {
        case .answers:
            place.pair = number()
            place.side = "output"
        case .task, .tasks:
            place.part = rest.popFirst()?.stringValue ?? ""
            fallthrough
        case .pairs, .pairLists:
            place.pair = number()
            place.side = rest.popFirst()?.stringValue
        }
        place.row = number()
        place.column = number()
        return (task, place)
    }
}
