import ArgumentParser
import HRMModel
import HRMTraining

/// The settings changed on the command line with `--set`.
enum SettingAssignments {
    /// Checks for assignments that are invalid in any configuration.
    ///
    /// - Throws: A usage error with the key and the valid values.
    static func require(_ assignments: [String]) throws {
        var configuration = TrainingConfiguration()
        do throws(ConfigurationError) {
            for assignment in assignments { try configuration.set(assignment) }
        } catch {
            throw ValidationError(error.description)
        }
    }

    /// Returns whether one of the assignments sets a key.
    ///
    /// - Parameters:
    ///   - key: The key in full, such as `arch.H_cycles`.
    ///   - assignments: The settings, each as `key=value` with the key in any of its spellings.
    /// - Returns: True if the key is among them.
    static func sets(_ key: String, in assignments: [String]) -> Bool {
        assignments.contains { assignment in
            ConfigurationKey.named(String(assignment.prefix { $0 != "=" }))?.name == key
        }
    }

    /// Changes a valid configuration, in the order of the command line.
    ///
    /// - Parameters:
    ///   - assignments: The settings, each as `key=value`.
    ///   - configuration: The configuration.
    ///   - adjust: Changes from other options, applied first.
    /// - Throws: ``UsageError`` if the result is not valid.
    static func apply(
        _ assignments: [String], to configuration: inout TrainingConfiguration,
        adjust: (inout TrainingConfiguration) -> Void = { _ in }
    ) throws(UsageError) {
        do throws(ConfigurationError) {
            for assignment in assignments { try configuration.set(assignment) }
            adjust(&configuration)
            try configuration.validate()
        } catch {
            throw UsageError(error.description)
        }
    }

    /// Prints warnings about settings that do not suit the data, except for settings given by the
    /// user.
    ///
    /// - Parameters:
    ///   - doubts: The warnings.
    ///   - assignments: The user's settings, each as `key=value`.
    ///   - place: The subject of the settings, at the beginning of each line.
    static func tell(
        _ doubts: [ConfigurationError], unlessIn assignments: [String], place: String = ""
    ) {
        let keys = Set(
            assignments.compactMap { $0.prefix { $0 != "=" }.split(separator: ".").last })
        for doubt in doubts where !keys.contains(doubt.key[...]) {
            Console.tell("Note: \(place)\(doubt)")
        }
    }
}
