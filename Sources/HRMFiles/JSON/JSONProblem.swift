/// Why bytes are not the JSON that they should be.
package enum JSONProblem: Error, Equatable, Sendable {
    /// No byte that means anything.
    case empty
    /// Not JSON at all: the first place, counting from 1, that breaks the rules.
    case invalid(line: Int, column: Int)
    /// Lists and objects in each other, too many.
    case tooDeep(limit: Int)
    /// An object that has a name twice, of which a decoder would keep one silently.
    case repeatedName(String, depth: Int, line: Int)
    /// A file of another kind.
    case foreign(ForeignFile)
    /// JSON, but not with what belongs there.
    case unfit(reason: String)

    /// A clause: what is wrong, and how to mend it.
    ///
    /// - Parameter hasPlaces: Whether lines and columns are told; they mean nothing to readers of a
    ///   message that already names the line.
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
