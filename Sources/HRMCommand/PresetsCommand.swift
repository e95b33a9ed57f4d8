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

        let configurations = Preset.allCases.map(\.configuration)
        var values = Table(
            columns: [.init("where they differ")]
                + Preset.allCases.map { .init($0.rawValue, .right) })
        // The first table says of which family a preset is.
        for key in ConfigurationKey.all where key.name != "arch.name" {
            let row = configurations.map { key.value(in: $0) }
            if Set(row).count > 1 { values.append([key.name] + row) }
        }
        try Console.print(values.text)

        var keys = Table(columns: [.init("key"), .init("what it decides"), .init("is")])
        for key in ConfigurationKey.all {
            keys.append([key.name, key.meaning, key.expectation])
        }
        try Console.print(keys.text, terminator: "")
    }
}
