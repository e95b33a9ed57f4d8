/// A key of a configuration: its name, its expected value, and how it is read and written.
///
/// ``HRMConfiguration/settings`` lists the keys of the architecture; training adds its own.
package struct ConfigurationSetting<Root: Sendable>: Sendable {
    /// The name including sections, such as `arch.H_cycles`.
    package let key: String
    /// The effect of the value.
    package let meaning: String
    /// The expected kind of value; continues a sentence after "expects".
    package let expectation: String
    /// True if `null` is a valid value.
    package var acceptsNull = false
    /// True if its values are numbers.
    package var isNumber: Bool { expectation.contains("number") }
    /// The value implied by a file without the key; nil if the key is required.
    package var fallback: String?
    /// The corresponding property, for messages; nil for a constant.
    package let property: (@Sendable () -> PartialKeyPath<Root>)?
    /// Returns the current value.
    package let read: @Sendable (Root) -> ConfigurationScalar
    /// Parses and assigns a value; returns false if it is not of the expected kind.
    package let write: @Sendable (inout Root, String) -> Bool
    /// The rule that the current value breaks, such as "must be between 1 and 100"; nil if none.
    ///
    /// Rules that involve other keys are in `TrainingConfiguration.validate()`, and those of the
    /// architecture in `HRMConfiguration.validate()`, since models are also made without training.
    package var brokenRule: @Sendable (Root) -> String? = { _ in nil }
    /// True if a run cannot change the value when it is resumed.
    package var isFixed = false
    /// The reason why a sweep file cannot set the key, such as "is 'data' of the file".
    package var reasonNotInSweeps: String?

    /// The name of the key in files of earlier versions, which are still read.
    package var formerKey: String?

    /// Returns true if a key, given in full, names the setting.
    package func isNamed(_ name: String) -> Bool { name == key || name == formerKey }

    /// The last component of the key.
    package var shortKey: Substring { key.split(separator: ".").last ?? "" }

    /// True if omitting the key has no effect: a flag that is off, or an empty list.
    package var isNeutralWhenMissing: Bool { ["false", "none"].contains(fallback) }
}

extension ConfigurationSetting {
    /// Returns the setting with the name that files of earlier versions use.
    package func formerly(_ key: String) -> Self {
        var result = self
        result.formerKey = key
        return result
    }
}

// MARK: - Parts of a larger configuration

extension ConfigurationSetting {
    /// Returns the setting of a configuration that contains this one.
    package func within<Whole>(
        _ path: any WritableKeyPath<Whole, Root> & Sendable
    ) -> ConfigurationSetting<Whole> {
        let (inner, read, write, brokenRule) = (property, read, write, brokenRule)
        var property: (@Sendable () -> PartialKeyPath<Whole>)?
        if let inner {
            property = {
                let whole: PartialKeyPath<Whole> = path
                return whole.appending(path: inner()) ?? whole
            }
        }
        return ConfigurationSetting<Whole>(
            key: key, meaning: meaning, expectation: expectation, acceptsNull: acceptsNull,
            fallback: fallback,
            property: property,
            read: { read($0[keyPath: path]) }, write: { write(&$0[keyPath: path], $1) },
            brokenRule: { brokenRule($0[keyPath: path]) }, isFixed: isFixed,
            reasonNotInSweeps: reasonNotInSweeps, formerKey: formerKey)
    }
}
