package import Foundation
import HRMFiles
import HRMModel

/// A configuration file written by this package or by the reference.
///
/// Keys with a default may be missing. Keys of the reference and related projects that do not exist
/// here are ignored if their values have no effect, and otherwise listed in ``unmet``.
package struct ConfigurationFile: Sendable, Equatable {
    /// The settings, valid.
    package private(set) var configuration = TrainingConfiguration()
    /// The settings of the file that training in this package does not support, in the file's
    /// order.
    package private(set) var unmet: [UnmetSetting] = []
    /// The file's name.
    package let path: String

    /// The maximum size in bytes.
    static let largestSize = 1 << 20
    /// The key of the TRM reference for a list of data folders.
    static let foldersKey = "data_paths"

    /// Reads a file.
    ///
    /// - Parameter url: A YAML file (`all_config.yaml`) of at most 1 MiB.
    /// - Throws: ``ConfigurationFileError`` that names the file and the key.
    package init(contentsOf url: URL) throws(ConfigurationFileError) {
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
    package init(yaml text: String, path: String) throws(ConfigurationFileError) {
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
                let isFolder = key == "data_path"
                throw .malformed(
                    path: path,
                    reason: isFolder
                        ? "data_path and \(Self.foldersKey) both name the data's folder; keep data_path"
                        : ConfigurationYAML.twice(item.key).reason)
            }
        }
        try complete(seen)
        try naming { file throws(ConfigurationError) in try file.configuration.validate() }
    }

    /// Adds the file's name to an error about a key.
    private mutating func naming<Result>(
        _ body: (inout Self) throws(ConfigurationError) -> Result
    ) throws(ConfigurationFileError) -> Result {
        do throws(ConfigurationError) {
            return try body(&self)
        } catch {
            throw .setting(path: path, error)
        }
    }

    /// Returns the configuration for training.
    ///
    /// - Returns: ``configuration``.
    /// - Throws: ``ConfigurationFileError/setting(path:_:)`` about the first key that asks for
    ///   unsupported training.
    package func trainable() throws(ConfigurationFileError) -> TrainingConfiguration {
        if let refused = unmet.first(where: \.isRefusal) {
            throw .setting(path: path, refused.error)
        }
        return configuration
    }
}

// MARK: - Keys

extension ConfigurationFile {
    /// Assigns a value.
    ///
    /// - Returns: The key of the assigned setting; nil if none was assigned.
    private mutating func take(
        _ item: ConfigurationYAML.Item
    ) throws(ConfigurationError) -> String? {
        if item.key == Self.foldersKey { return try takeFolders(item) }
        if let foreign = ForeignKey.named(item.key) {
            pass(item, foreign)
            return nil
        }
        guard let setting = TrainingSetting.all.first(where: { $0.isNamed(item.key) }) else {
            // An empty section is ignored if a section of that name exists.
            let isSection = TrainingSetting.all.contains { $0.key.hasPrefix(item.key + ".") }
            if [.emptySection, .scalar(.null)].contains(item.value), isSection { return nil }
            throw TrainingConfiguration.unknown(item.key, value: item.shown)
        }
        // A null value equals a missing key if the implied value has no effect.
        if item.isNull, setting.isNeutralWhenMissing { return nil }
        guard case .scalar(let scalar) = item.value,
            scalar.isQuoted || !TrainingSetting.isNull(scalar.text) || setting.acceptsNull,
            setting.write(&configuration, scalar.text)
        else { throw TrainingConfiguration.unfit(setting, value: item.shown) }
        return setting.key
    }

    /// Reads the data folder from the one-element list that the TRM reference writes.
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

    /// Assigns the implied values of all missing keys.
    ///
    /// Keys that depend on the family and on other keys come last.
    private mutating func complete(_ seen: Set<String>) throws(ConfigurationFileError) {
        let missing = TrainingSetting.all.filter { !seen.contains($0.key) }
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

    /// Refuses interpolations that Hydra and OmegaConf would have resolved for the reference.
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
            // A quoted text may be the name of a folder.
            let texts = scalars.filter { !$0.isQuoted }.map(\.text)
            guard let text = texts.first(where: { $0.contains("${") }) else { continue }
            if let foreign = ForeignKey.named(item.key), foreign.consequence == .none { continue }
            throw YAMLProblem(
                reason: "\(item.key) is '\(text.prefix(80))', an interpolation of OmegaConf; write "
                    + "the value itself, or \(remedy)")
        }
    }
}
