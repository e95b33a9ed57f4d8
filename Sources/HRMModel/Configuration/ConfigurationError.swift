/// The error for an invalid setting.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The key, as in files and on the command line.
    public var key: String
    /// The invalid value.
    public var value: String
    /// The requirement; continues a sentence after "key=value".
    public var requirement: String

    /// Creates an error about one key.
    public init(key: String, value: String, requirement: String) {
        self.key = key
        self.value = value
        self.requirement = requirement
    }

    /// One sentence that states the problem and the remedy.
    public var description: String { "\(key)=\(value) \(requirement)" }
}
