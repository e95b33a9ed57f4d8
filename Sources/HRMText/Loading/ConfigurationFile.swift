import Foundation
import HRMFiles

/// The members of a JSON file, with errors that name the file and the member.
struct ConfigurationFile {
    let path: String
    private let members: [String: JSONTree]

    private static let longest = 1 << 20

    /// Reads a file with an object of at most a megabyte.
    init(_ url: URL) throws(TextModelError) {
        path = url.path
        let data: Data
        do throws(FileError) {
            data = try InputFile.small(url, limit: Self.longest)
        } catch {
            throw .file(path: error.path, reason: error.reason)
        }
        do throws(JSONProblem) {
            members = try JSONText.decode([String: JSONTree].self, from: Array(data))
        } catch {
            throw .file(path: url.path, reason: error.explanation())
        }
    }

    private init(path: String, members: [String: JSONTree]) {
        self.path = path
        self.members = members
    }

    /// The names of all members, sorted.
    var names: [String] { members.keys.sorted() }

    /// The value of a member; nil if it is absent or null.
    subscript(_ name: String) -> JSONTree? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    /// Returns an error about a member.
    func error(_ name: String, _ reason: String) -> TextModelError {
        .configuration(path: path, member: name, reason: reason)
    }

    /// Returns a whole number within limits; `standard` if the member is absent.
    func whole(
        _ name: String, _ limits: ClosedRange<Int>, standard: Int? = nil
    ) throws(TextModelError) -> Int {
        guard let value = self[name] else {
            guard let standard else { throw error(name, "is missing") }
            return standard
        }
        guard let number = value.whole, limits.contains(number) else {
            throw error(
                name,
                "is \(value.shown), where a whole number from \(limits.lowerBound) to "
                    + "\(limits.upperBound) is needed")
        }
        return number
    }

    /// Returns a finite number above 0; `standard` if the member is absent.
    func positive(_ name: String, standard: Double) throws(TextModelError) -> Double {
        let number: Double
        switch self[name] {
        case nil: return standard
        case .number(let value): number = value
        case .some(let value): throw error(name, "is \(value.shown), where a number is needed")
        }
        guard number > 0, Float(number).isFinite, Float(number) > 0 else {
            throw error(name, "is \(number), where a number above 0 is needed")
        }
        return number
    }

    /// Returns true or false; `standard` if the member is absent.
    func flag(_ name: String, standard: Bool) throws(TextModelError) -> Bool {
        switch self[name] {
        case nil: return standard
        case .flag(let value): return value
        case .some(let value):
            throw error(name, "is \(value.shown), where true or false is needed")
        }
    }

    /// Returns whole numbers of a list; nil if the member is absent.
    func wholes(_ name: String, _ limits: ClosedRange<Int>) throws(TextModelError) -> [Int]? {
        guard let value = self[name] else { return nil }
        let values: [JSONTree]
        if case .list(let list) = value { values = list } else { values = [value] }
        var numbers: [Int] = []
        for value in values {
            guard let number = value.whole, limits.contains(number) else {
                throw error(
                    name,
                    "has \(value.shown), where a whole number from \(limits.lowerBound) to "
                        + "\(limits.upperBound) is needed")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Throws unless a member is absent or has the only supported text.
    func require(_ name: String, _ text: String) throws(TextModelError) {
        guard let value = self[name], value != .text(text) else { return }
        throw error(name, "is \(value.shown); only '\(text)' is supported")
    }

    /// Returns an object; nil if the member is absent.
    func object(_ name: String) throws(TextModelError) -> ConfigurationFile? {
        switch self[name] {
        case nil: return nil
        case .object(let members): return ConfigurationFile(path: path, members: members)
        case .some(let value): throw error(name, "is \(value.shown), where an object is needed")
        }
    }
}
