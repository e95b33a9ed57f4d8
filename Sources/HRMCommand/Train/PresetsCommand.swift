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
            changes one of them; the last part of a key is enough where no other ends like it.
            """)

    func run() throws {
        var presets = Table(columns: [.init("preset"), .init("what it is")])
        for preset in Preset.allCases { presets.append([preset.rawValue, preset.summary]) }
        try Console.print(presets.text)

        try Console.print("What they change of the reference's defaults:\n")
        for preset in Preset.allCases {
            let changes = WrappedText.wrapped(Self.changes(in: preset), width: 78)
            try Console.print("\(preset.rawValue)\n\(changes)\n")
        }

        var keys = Table(columns: [.init("key"), .init("what it decides"), .init("is")])
        for key in ConfigurationKey.all {
            keys.append([key.name, key.meaning, key.expectation])
        }
        try Console.print(keys.text, terminator: "")
    }

    /// The settings as they would be given to `--set`.
    private static func changes(in preset: Preset) -> String {
        let defaults = TrainingConfiguration()
        return ConfigurationKey.all
            .filter { $0.value(in: preset.configuration) != $0.value(in: defaults) }
            .map { "\($0.name)=\($0.value(in: preset.configuration))" }
            .joined(separator: " ")
    }
}
