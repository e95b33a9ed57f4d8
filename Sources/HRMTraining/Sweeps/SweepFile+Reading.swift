package import Foundation
import HRMFiles
import HRMModel
import Yams

extension SweepFile {
    /// The maximum size of a file in bytes.
    private static let largestFile = 1 << 20
    private static let mostExperiments = 1000
    private static let mostSeeds = 1000

    /// Reads a sweep file.
    ///
    /// - Parameter url: A YAML file of at most 1 MiB.
    /// - Throws: ``SweepFileError``, also if an experiment's settings are invalid.
    package init(contentsOf url: URL) throws(SweepFileError) {
        let text: String
        do throws(FileError) {
            text = try InputFile.text(url, limit: Self.largestFile)
        } catch {
            throw .file(error)
        }
        try self.init(yaml: text, path: url.path)
    }

    /// Reads a sweep from the text of its file.
    ///
    /// - Parameters:
    ///   - text: The YAML document.
    ///   - path: The file's name, for messages.
    /// - Throws: ``SweepFileError``.
    package init(yaml text: String, path: String) throws(SweepFileError) {
        self.init()
        do throws(YAMLProblem) {
            let members = try Members(
                try ConfigurationYAML.root(of: text), place: "",
                names: [
                    "data", "preset", "budget", "seeds", "evaluation", "settings", "experiments",
                ])
            try take(members)
        } catch {
            throw .malformed(path: path, reason: error.reason)
        }
        for experiment in experiments {
            do throws(ConfigurationError) {
                _ = try configuration(of: experiment, seed: seeds[0])
            } catch {
                throw .setting(path: path, experiment: experiment.name, error)
            }
        }
    }

    private mutating func take(_ members: Members) throws(YAMLProblem) {
        dataPath = try members.text("data")
        if members["preset"] != nil {
            let name = try members.text("preset")
            guard let preset = Preset(rawValue: name) else {
                let names = Preset.allCases.map(\.rawValue)
                let meant = NearestName.of(name, among: names).map { "; did you mean \($0)?" } ?? ""
                throw YAMLProblem(
                    reason: "there is no preset '\(name)'\(meant) There are "
                        + names.joined(separator: ", "))
            }
            self.preset = preset
        }
        let budget = try members.text("budget")
        guard let operations = Double(budget), operations > 0, operations <= 1e30 else {
            throw YAMLProblem(
                reason: "budget is \(budget); use a number of floating-point operations such as "
                    + "1e13")
        }
        self.budget = operations
        if let node = members["seeds"] { seeds = try Self.seeds(node) }
        if let node = members["evaluation"] {
            let evaluation = try Members(node, place: "evaluation", names: ["points", "limit"])
            evaluations = try evaluation.count("points", in: 1...1000) ?? evaluations
            evaluationLimit = try evaluation.count("limit", in: 1...1_000_000_000)
        }
        if let node = members["settings"] { settings = try Self.assignments(node, prefix: "") }
        experiments = try Self.experiments(members["experiments"])
    }

    /// Parses a number of seeds, or a list of them.
    private static func seeds(_ node: Node) throws(YAMLProblem) -> [UInt64] {
        var seeds: [UInt64] = []
        switch node {
        case .scalar(let scalar):
            if let count = Int(scalar.string), (1...mostSeeds).contains(count) {
                seeds = (0..<UInt64(count)).map { $0 }
            }
        case .sequence(let sequence):
            seeds = sequence.compactMap { $0.scalar.flatMap { UInt64($0.string) } }
            if seeds.count != sequence.count || seeds.count > mostSeeds { seeds = [] }
        case .mapping, .alias: break
        }
        guard !seeds.isEmpty, Set(seeds).count == seeds.count else {
            throw YAMLProblem(
                reason: "seeds must be how many there are, from 1 to \(mostSeeds), or a list of "
                    + "different numbers such as [0, 7]")
        }
        return seeds
    }

    private static func experiments(_ node: Node?) throws(YAMLProblem) -> [Experiment] {
        guard case .sequence(let sequence)? = node, (1...mostExperiments).contains(sequence.count)
        else {
            throw YAMLProblem(
                reason: "experiments must be a list of 1 to \(mostExperiments), each with a name "
                    + "and settings")
        }
        var experiments: [Experiment] = []
        for (index, node) in sequence.enumerated() {
            let place = "experiment \(index + 1)"
            let members = try Members(node, place: place, names: ["name", "settings"])
            let name = try members.text("name")
            guard isFileName(name) else {
                throw YAMLProblem(
                    reason:
                        "\(place) is named '\(name.prefix(80))'; folders are named after it, so "
                        + "use 1 to 64 of the letters a to z, digits, '-', '_' and '.', a letter "
                        + "or digit first")
            }
            guard !experiments.contains(where: { $0.name.lowercased() == name.lowercased() })
            else { throw YAMLProblem(reason: "two experiments are named '\(name)'") }
            let settings = try members["settings"].map { node throws(YAMLProblem) in
                try assignments(node, prefix: "")
            }
            experiments.append(Experiment(name: name, settings: settings ?? []))
        }
        return experiments
    }

    private static func isFileName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.first.map { $0.isLetter || $0.isNumber } == true
            && name.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "-_.".unicodeScalars.contains($0)
            }
    }

    /// Returns settings, given as sections or full keys, in command-line syntax.
    private static func assignments(
        _ node: Node, prefix: String
    ) throws(YAMLProblem) -> [String] {
        guard case .mapping(let mapping) = node else {
            throw YAMLProblem(reason: "settings must be lines of the form 'key: value'")
        }
        var seen: Set<String> = []
        let items = try ConfigurationYAML.items(of: mapping, prefix: prefix)
        try ConfigurationYAML.requirePlain(items)
        return try items.map {
            item throws(YAMLProblem) in
            guard let text = item.text else {
                throw YAMLProblem(
                    reason: "the setting \(item.key) is a list or a section; write it as a text")
            }
            // A setting can be spelled in several ways.
            let key = TrainingSetting.named(item.key)?.key ?? item.key
            guard seen.insert(key).inserted else { throw ConfigurationYAML.twice(key) }
            return "\(item.key)=\(text)"
        }
    }
}

/// The members of a mapping, all with known names.
private struct Members {
    private let place: String
    private var nodes: [String: Node] = [:]

    init(_ node: Node?, place: String, names: [String]) throws(YAMLProblem) {
        self.place = place
        guard case .mapping(let mapping)? = node else {
            let what = place.isEmpty ? "it" : place
            throw YAMLProblem(reason: "\(what) has no lines of the form 'key: value'")
        }
        for (key, value) in mapping {
            let name = key.scalar?.string ?? "[…]"
            guard names.contains(name) else {
                let meant = NearestName.of(name, among: names).map { "did you mean \($0)? " } ?? ""
                throw YAMLProblem(
                    reason: "\(Self.at(place))the key '\(name.prefix(80))' is not known; \(meant)"
                        + "the known keys are \(names.joined(separator: ", "))")
            }
            guard nodes.updateValue(value, forKey: name) == nil else {
                throw ConfigurationYAML.twice("\(Self.prefix(place))\(name)")
            }
        }
    }

    private static func prefix(_ place: String) -> String { place.isEmpty ? "" : "\(place)." }

    private static func at(_ place: String) -> String { place.isEmpty ? "" : "\(place): " }

    /// The value of a name; nil if it is missing or null.
    subscript(name: String) -> Node? {
        guard let node = nodes[name] else { return nil }
        if case .scalar(let scalar) = node, scalar.style == .any || scalar.style == .plain,
            TrainingSetting.isNull(scalar.string)
        {
            return nil
        }
        return node
    }

    /// Returns a required text.
    func text(_ name: String) throws(YAMLProblem) -> String {
        guard let text = self[name]?.scalar?.string, !text.isEmpty else {
            throw YAMLProblem(reason: "\(Self.at(place))the key '\(name)' is missing, or no text")
        }
        return text
    }

    /// Returns an optional number.
    func count(_ name: String, in range: ClosedRange<Int>) throws(YAMLProblem) -> Int? {
        guard let node = self[name] else { return nil }
        guard let count = node.scalar.flatMap({ Int($0.string) }), range.contains(count) else {
            throw YAMLProblem(
                reason: "\(Self.at(place))\(name) must be a whole number from \(range.lowerBound) "
                    + "to \(range.upperBound)")
        }
        return count
    }
}
