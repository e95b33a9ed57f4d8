public import Foundation
import HRMModel

extension TrainingConfiguration {
    /// More than any configuration needs.
    static let largestFile = 1 << 20

    /// Reads a configuration that this package or the reference has written.
    ///
    /// Keys which the reference has a default for may be missing; keys of the reference which mean
    /// nothing here are skipped.
    ///
    /// - Parameter url: A YAML file (`all_config.yaml`) of at most 1 MiB.
    /// - Throws: ``ConfigurationFileError`` that names the file and the key; what is returned is
    ///   valid.
    public init(contentsOf url: URL) throws(ConfigurationFileError) {
        let text: String
        do throws(FileError) {
            text = try InputFile.text(url, limit: Self.largestFile)
        } catch {
            throw .file(error)
        }
        try self.init(yaml: text, path: url.path)
    }

    /// Reads a configuration from the text of its file.
    ///
    /// - Parameters:
    ///   - text: The YAML document, of at most 1 MiB.
    ///   - path: The file's name, for messages.
    /// - Throws: ``ConfigurationFileError``; what is returned is valid.
    public init(yaml text: String, path: String) throws(ConfigurationFileError) {
        self.init()
        guard text.utf8.count <= Self.largestFile else {
            throw .malformed(
                path: path,
                reason: "it has \(text.utf8.count) bytes, more than \(Self.largestFile) are not "
                    + "accepted")
        }
        let items: [ConfigurationYAML.Item]
        do throws(YAMLProblem) {
            items = try ConfigurationYAML.items(in: text)
        } catch {
            throw .malformed(path: path, reason: error.reason)
        }
        var seen: Set<String> = []
        for item in items where !ConfigurationSetting.isIgnored(item.key) {
            do throws(ConfigurationError) {
                try take(item)
            } catch {
                throw .setting(path: path, error)
            }
            seen.insert(item.key)
        }
        // TRM's reference takes a list of folders; which one is meant is for the caller to say.
        if items.contains(where: { $0.key == "data_paths" }) { seen.insert("data_path") }
        for setting in ConfigurationSetting.all where !seen.contains(setting.key) {
            guard let fallback = setting.fallback, setting.write(&self, fallback) else {
                throw .malformed(path: path, reason: "the key \(setting.key) is missing")
            }
        }
        do throws(ConfigurationError) {
            try validate()
        } catch {
            throw .setting(path: path, error)
        }
    }

    private mutating func take(_ item: ConfigurationYAML.Item) throws(ConfigurationError) {
        guard let setting = ConfigurationSetting.all.first(where: { $0.key == item.key }) else {
            throw Self.unknown(item.key, value: item.text ?? "[…]")
        }
        let isNull = !item.isQuoted && ConfigurationSetting.isNull(item.text ?? "")
        guard let text = item.text, !isNull || setting.acceptsNull else {
            throw Self.unfit(setting, value: item.text ?? "[…]")
        }
        guard setting.write(&self, text) else { throw Self.unfit(setting, value: text) }
    }

    /// The configuration as the text of a file that the reference reads too.
    ///
    /// - Throws: ``ConfigurationFileError`` when a text in it cannot be written as YAML.
    public func yaml() throws(ConfigurationFileError) -> String {
        do throws(YAMLProblem) {
            return try ConfigurationYAML.document(
                ConfigurationSetting.all.map { ($0.key, $0.read(self)) })
        } catch {
            throw .malformed(path: "the configuration", reason: error.reason)
        }
    }

    /// Writes the configuration, whole or not at all.
    ///
    /// - Parameter url: Where to; a file that is there is replaced.
    /// - Throws: ``ConfigurationFileError``.
    public func write(to url: URL) throws(ConfigurationFileError) {
        let text = try yaml()
        do throws(FileError) {
            try AtomicFile.write(Data(text.utf8), to: url)
        } catch {
            throw .file(error)
        }
    }
}
