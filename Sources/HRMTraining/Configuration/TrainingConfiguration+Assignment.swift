public import HRMModel

extension TrainingConfiguration {
    /// The keys that can be set, including sections, sorted.
    public static var knownKeys: [String] { TrainingSetting.all.map(\.key) }

    /// Changes one setting from command-line text.
    ///
    /// Consistency with other settings is not checked here; call ``validate()`` after all are set.
    ///
    /// - Parameter assignment: `key=value` with the reference's key in full, such as
    ///   `arch.H_cycles=2`, or its unambiguous last component, such as `H_cycles=2`.
    /// - Throws: `ConfigurationError` for malformed text, an unknown key (with the nearest known
    ///   one), or a value of the wrong kind.
    public mutating func set(_ assignment: String) throws(ConfigurationError) {
        guard let equals = assignment.firstIndex(of: "=") else {
            throw ConfigurationError(
                key: assignment, value: "",
                requirement: "has no value; write it as key=value, for example lr=1e-4")
        }
        let key = String(assignment[..<equals])
        let value = String(assignment[assignment.index(after: equals)...])
        guard let setting = TrainingSetting.named(key) else {
            throw Self.unknown(key, value: value)
        }
        guard setting.write(&self, value) else { throw Self.unfit(setting, value: value) }
    }

    /// Returns a shortened text for messages, since the input can be as long as a file.
    static func clipped(_ text: String) -> String {
        let longest = 80
        return text.count <= longest ? text : text.prefix(longest) + "…"
    }

    /// Returns the error for a value of the wrong kind.
    static func unfit(_ setting: TrainingSetting, value: String) -> ConfigurationError {
        ConfigurationError(
            key: setting.key, value: clipped(value),
            requirement: "does not fit: \(setting.key) must be \(setting.expectation)")
    }

    /// Returns the error for an unknown key.
    static func unknown(_ key: String, value: String) -> ConfigurationError {
        if let foreign = ForeignKey.named(key) {
            let remedy = foreign.remedy
            return ConfigurationError(
                key: key, value: clipped(value),
                requirement: remedy.isEmpty
                    ? "is a key of the reference without effect here" : remedy)
        }
        let names = knownKeys + TrainingSetting.all.map { String($0.shortKey) }
        let meant = NearestName.of(
            key, among: names.filter { TrainingSetting.named($0) != nil })
        let suggestion = meant.flatMap { TrainingSetting.named($0)?.key }
            .map { "did you mean \($0)? " }
        return ConfigurationError(
            key: clipped(key), value: clipped(value),
            requirement: "is not known; \(suggestion ?? "")'hrm presets' lists all keys")
    }
}
