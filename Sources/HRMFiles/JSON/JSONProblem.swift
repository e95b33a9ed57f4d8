/// A problem of JSON text.
package enum JSONProblem: Error, Equatable, Sendable {
    /// The text is empty or white space.
    case empty
    /// The text is not JSON; the position of the first error, counting from 1.
    case invalid(line: Int, column: Int)
    /// Lists and objects are nested too deeply.
    case tooDeep(limit: Int)
    /// An object has a duplicate name, of which a decoder would silently keep one value.
    case repeatedName(String, depth: Int, line: Int)
    /// The file is of another kind.
    case foreign(ForeignFile)
    /// The JSON is valid, but its content is not as expected.
    case unfit(reason: String)

    /// Returns a clause that states the problem and the remedy.
    ///
    /// - Parameter hasPlaces: True to include line and column; they are misleading in messages that
    ///   already name the line of a file.
    /// - Returns: The clause.
    package func explanation(hasPlaces: Bool = true) -> String {
        switch self {
        case .empty: "it is not valid JSON: it is empty"
        case .invalid(let line, let column):
            hasPlaces
                ? "it is not valid JSON: line \(line), column \(column) breaks the rules"
                : "it is not valid JSON"
        case .tooDeep(let limit):
            "it is not valid JSON for this program: lists and objects are nested more than \(limit) "
                + "deep"
        case .repeatedName(let name, _, let line):
            "an object has the name \(name.quoted) twice"
                + (hasPlaces ? ", again in line \(line)" : "") + "; keep one of them"
        case .foreign(let kind): kind.explanation
        case .unfit(let reason): reason
        }
    }
}
