import ArgumentParser
import HRMFigures
import HRMTraining

/// The command `hrm presets`.
struct PresetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets",
        abstract: "List the presets and the configuration's keys.",
        discussion: """
            The keys are those of the reference implementation. 'hrm train --set key=value' \
            changes one of them; the last part of a key suffices if no other key ends with it.
            """)

    func run() throws {
        var presets = DefinitionList()
        for preset in Preset.allCases { presets.append(preset.rawValue, preset.summary) }
        try Console.print(presets.text(titles: ("preset", "what it is")))

        try Console.print("What they change of the reference's defaults:\n")
        for preset in Preset.allCases {
            let changes = WrappedText.wrapped(Self.changes(in: preset), width: 78)
            try Console.print("\(preset.rawValue)\n\(changes)\n")
        }

        var keys = DefinitionList()
        for key in ConfigurationKey.all {
            keys.append(key.name, "\(key.meaning) (\(key.expectation))")
        }
        try Console.print(
            keys.text(titles: ("key", "what it decides (what it is)")), terminator: "")
    }

    /// Returns the settings in the syntax of `--set`.
    private static func changes(in preset: Preset) -> String {
        let defaults = TrainingConfiguration()
        return ConfigurationKey.all
            .filter { $0.value(in: preset.configuration) != $0.value(in: defaults) }
            .map { "\($0.name)=\($0.value(in: preset.configuration))" }
            .joined(separator: " ")
    }
}

/// Terms with explanations beside them, in lines of at most 100 columns.
private struct DefinitionList {
    private static let width = 100
    private static let gap = 2
    private var entries: [(term: String, text: String)] = []

    mutating func append(_ term: String, _ text: String) { entries.append((term, text)) }

    /// Returns the list under a heading; explanations are wrapped within their column.
    func text(titles: (String, String)) -> String {
        let indent = entries.reduce(titles.0.count) { max($0, $1.term.count) } + Self.gap
        func line(_ term: String, _ text: String) -> String {
            term + String(repeating: " ", count: indent - term.count) + text + "\n"
        }
        let body = entries.map { entry in
            WrappedText.wrapped(entry.text, width: Self.width - indent)
                .split(separator: "\n").enumerated()
                .map { line($0.offset == 0 ? entry.term : "", String($0.element)) }.joined()
        }
        let rule = String(repeating: "─", count: Self.width)
        return line(titles.0, titles.1) + rule + "\n" + body.joined()
    }
}
