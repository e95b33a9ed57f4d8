public import Foundation
import HRMModel

/// A configuration as this package or the reference has written it.
///
/// Keys which have a default may be missing. Keys of the reference and its relatives that are no
/// settings here are passed over where their values ask for nothing, and otherwise listed.
public struct ConfigurationFile: Sendable, Equatable {
    /// The settings, valid.
    public private(set) var configuration = TrainingConfiguration()
    /// What the file asks for that a training here does not do, in the file's order.
    public private(set) var unmet: [UnmetSetting] = []
    /// The file's name.
    public let path: String

    /// More bytes than any configuration needs.
    static let largestSize = 1 << 20
    /// The key under which the TRM's reference has a list of data folders.
    static let foldersKey = "data_paths"

    /// Reads a file.
    ///
    /// - Parameter url: A YAML file (`all_config.yaml`) of at most 1 MiB.
    /// - Throws: ``ConfigurationFileError`` that names the file and the key.
    public init(contentsOf url: URL) throws(ConfigurationFileError) {
        let text: String
        do throws(FileError) {
            text = try InputFile.text(url, limit: Self.largestSize)
        } catch {
            throw .file(error)
        }
        try self.init(yaml: text, path: url.path)
    }

    /// Reads the text of a file.
    ///
    /// - Parameters:
    ///   - text: The YAML document, of at most 1 MiB.
    ///   - path: The file's name, for messages.
    /// - Throws: ``ConfigurationFileError`` that names the file and the key.
    public init(yaml text: String, path: String) throws(ConfigurationFileError) {
        self.path = path
        guard text.utf8.count <= Self.largestSize else {
            throw .malformed(
                path: path,
                reason: "it has \(text.utf8.count) bytes, more than \(Self.largestSize) are not "
                    + "accepted")
        }
        let items: [ConfigurationYAML.Item]
        do throws(YAMLProblem) {
            items = try ConfigurationYAML.items(in: text)
            try Self.requireResolved(items)
            try ConfigurationYAML.requirePlain(items)
        } catch {
            throw .malformed(path: path, reason: error.reason)
        }
        var seen: Set<String> = []
        for item in items {
            let taken = try naming { file throws(ConfigurationError) in try file.take(item) }
            guard let key = taken else { continue }
            guard seen.insert(key).inserted else {
                throw .malformed(path: path, reason: ConfigurationYAML.twice(item.key).reason)
            }
        }
        try complete(seen)
        try naming { file throws(ConfigurationError) in try file.configuration.validate() }
    }

    /// Puts the file's name to an error about a key.
    private mutating func naming<Result>(
        _ body: (inout Self) throws(ConfigurationError) -> Result
    ) throws(ConfigurationFileError) -> Result {
        do throws(ConfigurationError) {
            return try body(&self)
        } catch {
            throw .setting(path: path, error)
        }
    }

    /// The settings, for a training.
    ///
    /// - Returns: ``configuration``.
    /// - Throws: ``ConfigurationFileError/setting(path:_:)`` about the first key that asks for a training
    ///   which is not done here.
    public func trainable() throws(ConfigurationFileError) -> TrainingConfiguration {
        if let refused = unmet.first(where: \.isRefusal) {
            throw .setting(path: path, refused.error)
        }
        return configuration
    }
}

// MARK: - Keys

extension ConfigurationFile {
    /// Takes a value over.
    ///
    /// - Returns: The key of the setting that the file has thereby; nil for none.
    private mutating func take(
        _ item: ConfigurationYAML.Item
    ) throws(ConfigurationError) -> String? {
        if item.key == Self.foldersKey { return try takeFolders(item) }
        if let foreign = ForeignKey.named(item.key) {
            pass(item, foreign)
            return nil
        }
        guard let setting = ConfigurationSetting.all.first(where: { $0.key == item.key }) else {
            // A section that has no key says nothing, where there is such a section.
            let isSection = ConfigurationSetting.all.contains { $0.key.hasPrefix(item.key + ".") }
            if [.emptySection, .scalar(.null)].contains(item.value), isSection { return nil }
            throw TrainingConfiguration.unknown(item.key, value: item.shown)
        }
        guard case .scalar(let scalar) = item.value,
            scalar.isQuoted || !ConfigurationSetting.isNull(scalar.text) || setting.acceptsNull,
            setting.write(&configuration, scalar.text)
        else { throw TrainingConfiguration.unfit(setting, value: item.shown) }
        return setting.key
    }

    /// The data's folder, as the TRM's reference writes it: one of a list.
    private mutating func takeFolders(
        _ item: ConfigurationYAML.Item
    ) throws(ConfigurationError) -> String {
        guard case .list(let elements) = item.value else {
            throw ConfigurationError(
                key: item.key, value: item.shown, requirement: "must be a list of folders")
        }
        let folders = elements.compactMap { $0?.text }
        if let first = folders.first { configuration.dataPath = first }
        if folders.count > 1 {
            unmet.append(
                UnmetSetting(
                    isRefusal: true,
                    error: ConfigurationError(
                        key: item.key, value: "[\(folders.joined(separator: ", "))]",
                        requirement:
                            "is more than one folder, and a training here has one; prepare "
                            + "the puzzles into a single folder, and name that alone")))
        }
        return "data_path"
    }

    private mutating func pass(_ item: ConfigurationYAML.Item, _ foreign: ForeignKey) {
        let isRefusal: Bool
        switch foreign.consequence {
        case .none: return
        case .note: isRefusal = false
        case .refusal: isRefusal = true
        }
        guard !foreign.isNeutral(item.value),
            !unmet.contains(where: { $0.error.key == foreign.name })
        else { return }
        unmet.append(
            UnmetSetting(
                isRefusal: isRefusal,
                error: ConfigurationError(
                    key: foreign.name, value: TrainingConfiguration.clipped(item.shown),
                    requirement: foreign.remedy)))
    }

    /// Gives the keys that the file does not have the values which that means.
    ///
    /// Those that depend on the family and on other keys come last.
    private mutating func complete(_ seen: Set<String>) throws(ConfigurationFileError) {
        let missing = ConfigurationSetting.all.filter { !seen.contains($0.key) }
        for depends in [false, true] {
            for setting in missing where setting.dependsOnFamily == depends {
                guard let text = setting.value(missingIn: configuration.architecture),
                    setting.write(&configuration, text)
                else {
                    throw .malformed(
                        path: path, reason: "the key \(setting.key) is missing")
                }
            }
        }
    }

    /// Refuses what Hydra and OmegaConf would have replaced before the reference reads it.
    private static func requireResolved(
        _ items: [ConfigurationYAML.Item]
    ) throws(YAMLProblem) {
        let remedy = "take the all_config.yaml that the reference writes beside its checkpoints"
        for item in items {
            if item.key == "defaults", ![.list([]), .scalar(.null)].contains(item.value) {
                throw YAMLProblem(
                    reason: "'defaults' is a Hydra defaults list, which names other files; "
                        + "\(remedy), or write their settings here")
            }
            let scalars: [ConfigurationYAML.Scalar]
            switch item.value {
            case .scalar(let scalar): scalars = [scalar]
            case .list(let elements): scalars = elements.compactMap { $0 }
            case .emptySection: scalars = []
            }
            // In quotes it can be the name of a folder.
            let texts = scalars.filter { !$0.isQuoted }.map(\.text)
            guard let text = texts.first(where: { $0.contains("${") }) else { continue }
            if let foreign = ForeignKey.named(item.key), foreign.consequence == .none { continue }
            throw YAMLProblem(
                reason: "\(item.key) is '\(text.prefix(80))', an interpolation of OmegaConf; write "
                    + "the value itself, or \(remedy)")
        }
    }
}
