import Foundation
import HRMFiles

/// Grids in JSON: rows of numbers, rows as strings, or one string with `/` between its rows.
enum GridJSON: Decodable {
    case numbers([[Int]])
    case rows([String])
    case text(String)

    /// A pair in a file; unknown members are ignored.
    struct Members: Decodable {
        var input: GridJSON
        var output: GridJSON?
        var task: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let rows = try? container.decode([String].self) {
            self = .rows(rows)
        } else {
            self = .numbers(try Self.numbers(from: decoder))
        }
    }

    /// Decodes rows of whole numbers; unlike the decoder's own, its errors name the cell.
    private static func numbers(from decoder: any Decoder) throws -> [[Int]] {
        let member = decoder.codingPath.last?.stringValue ?? "grid"
        guard var rows = try? decoder.unkeyedContainer() else {
            throw TaskDescriptionError(
                "the \(member.printable) is neither a list of rows nor a text")
        }
        var numbers: [[Int]] = []
        while !rows.isAtEnd {
            guard var cells = try? rows.nestedUnkeyedContainer() else {
                throw TaskDescriptionError(
                    "in the \(member.printable), row \(numbers.count + 1) is not a list of numbers")
            }
            var row: [Int] = []
            while !cells.isAtEnd {
                guard let cell = try? cells.decode(Int.self) else {
                    throw TaskDescriptionError(
                        "in the \(member.printable), row \(numbers.count + 1), column "
                            + "\(row.count + 1) is not a whole number")
                }
                row.append(cell)
            }
            numbers.append(row)
        }
        return numbers
    }

    static func members(of text: String) throws(GridQuestionError) -> Members {
        try members(of: Array(text.utf8))
    }

    static func members(of bytes: [UInt8]) throws(GridQuestionError) -> Members {
        do throws(JSONProblem) {
            let outline = try JSONScanner.outline(of: bytes)
            if let names = outline.names.first, names.contains("train"), names.contains("test") {
                throw .unfit(reason: "it is an ARC task; use 'hrm prepare arc --source FILE'")
            }
            return try JSONText.decodeScanned(Members.self, from: bytes)
        } catch {
            throw .json(reason: error.explanation(hasPlaces: false))
        }
    }

    static func grid(_ text: String) throws(GridQuestionError) -> GridJSON {
        do throws(JSONProblem) {
            return try JSONText.decode(GridJSON.self, from: Array(text.utf8))
        } catch {
            throw .json(reason: error.explanation(hasPlaces: false))
        }
    }

    func grid(_ notation: GridNotation, member: String) throws(GridQuestionError) -> PuzzleGrid {
        do {
            return switch self {
            case .numbers(let rows): try notation.grid(rows)
            case .rows(let rows): try notation.grid(rows: rows)
            case .text(let text): try notation.grid(text)
            }
        } catch {
            throw .grid(member: member, error)
        }
    }
}
