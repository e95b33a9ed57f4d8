import HRMModel

/// A configuration key with its explanation.
package struct ConfigurationKey: Sendable, Hashable {
    /// The reference's name including sections, such as `arch.H_cycles`.
    package let name: String
    /// The expected kind of value, such as "a whole number".
    package let expectation: String
    /// The effect of the value.
    package let meaning: String

    /// All keys, sorted by name.
    package static let all: [ConfigurationKey] = TrainingSetting.all.map {
        ConfigurationKey(
            name: $0.key, expectation: $0.expectation, meaning: $0.meaning)
    }

    /// Returns the key with a name, given in full or by an unambiguous last component; nil if there
    /// is none.
    package static func named(_ name: String) -> ConfigurationKey? {
        TrainingSetting.named(name).flatMap { setting in
            all.first { $0.name == setting.key }
        }
    }

    /// Returns the key's value in a configuration, in command-line syntax.
    package func value(in configuration: TrainingConfiguration) -> String {
        TrainingSetting.named(name)?.read(configuration).text ?? ""
    }
}
