import Foundation

/// Paths with `~` and variables, expanded as Python's `expandvars(expanduser(path))` does.
enum ExpandedPath {
    /// Returns a path with `~` and variables expanded.
    ///
    /// - Parameters:
    ///   - text: The path; it may begin with `~` or `~user`, and contain `$NAME` and `${NAME}`.
    ///   - environment: The variables; `~` expands to `HOME`.
    /// - Returns: The path. An unknown user or name is left as it is, and the values of variables
    ///   are not expanded again.
    static func text(of text: String, environment: [String: String]) -> String {
        withVariables(withHome(text, environment), environment)
    }

    private static func withHome(_ text: String, _ environment: [String: String]) -> String {
        guard text.hasPrefix("~") else { return text }
        let rest = text.dropFirst()
        let user = rest.prefix { $0 != "/" }
        let home: String?
        if user.isEmpty {
            let own = environment["HOME"] ?? ""
            home = own.isEmpty ? NSHomeDirectory() : own
        } else {
            home = NSHomeDirectoryForUser(String(user))
        }
        guard var home else { return text }
        while home.hasSuffix("/") { home.removeLast() }
        let path = home + rest.dropFirst(user.count)
        return path.isEmpty ? "/" : path
    }

    private static func withVariables(_ text: String, _ environment: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            guard let (name, end) = variable(rest), let value = environment[name] else {
                result += "$"
                rest = rest.dropFirst()
                continue
            }
            result += value
            rest = rest[end...]
        }
        return result + rest
    }

    /// Parses the name after a dollar sign, and returns it with its end.
    private static func variable(_ text: Substring) -> (name: String, end: Substring.Index)? {
        let rest = text.dropFirst()
        if rest.first == "{" {
            guard let end = rest.firstIndex(of: "}") else { return nil }
            return (String(rest.dropFirst()[..<end]), rest.index(after: end))
        }
        let name = rest.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return name.isEmpty ? nil : (String(name), name.endIndex)
    }
}
