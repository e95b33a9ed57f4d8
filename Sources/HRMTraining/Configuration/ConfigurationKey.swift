import HRMModel

/// A configuration key with its explanation.
public struct ConfigurationKey: Sendable, Hashable {
    /// The reference's name including sections, such as `arch.H_cycles`.
    public let name: String
    /// The expected kind of value, such as "a whole number".
    public let expectation: String
    /// The effect of the value.
    public let meaning: String

    /// All keys, sorted by name.
    public static let all: [ConfigurationKey] = TrainingSetting.all.map {
        ConfigurationKey(
            name: $0.key, expectation: $0.expectation, meaning: $0.meaning)
    }

    /// Returns the key's value in a configuration, in command-line syntax.
    public func value(in configuration: TrainingConfiguration) -> String {
        TrainingSetting.named(name)?.read(configuration).text ?? ""
    }
}
