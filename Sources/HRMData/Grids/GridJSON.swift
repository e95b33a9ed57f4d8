import Foundation

/// Grids in JSON: rows of numbers, rows as strings, or one string with `/` between its rows.
enum GridJSON: Decodable {
    case numbers([[Int]])
    case rows([String])
    case text(String)

    /// A line of a file of pairs; other members are passed over.
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
            self = .numbers(try container.decode([[Int]].self))
        }
    }

    static func members(of text: String) throws(GridQuestionError) -> Members {
        try decode(Members.self, text)
    }

    static func grid(_ text: String) throws(GridQuestionError) -> GridJSON {
        try decode(GridJSON.self, text)
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

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ text: String
    ) throws(GridQuestionError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch let error as DecodingError {
            throw .json(reason: PythonJSON.explanation(of: error, in: Data(text.utf8)))
        } catch {
            throw .json(reason: "it cannot be decoded")
        }
    }
}
