public import Foundation
import HRMFiles
import HRMModel

extension TrainingConfiguration {
    /// Reads a configuration that this package or the reference has written, to train with.
    ///
    /// What is said of ``ConfigurationFile`` holds; what a training here does not do is refused.
    ///
    /// - Parameter url: A YAML file (`all_config.yaml`) of at most 1 MiB.
    /// - Throws: ``ConfigurationFileError`` that names the file and the key; what is returned is
    ///   valid.
    public init(contentsOf url: URL) throws(ConfigurationFileError) {
        self = try ConfigurationFile(contentsOf: url).trainable()
    }

    /// Reads a configuration from the text of its file, to train with.
    ///
    /// - Parameters:
    ///   - text: The YAML document, of at most 1 MiB.
    ///   - path: The file's name, for messages.
    /// - Throws: ``ConfigurationFileError``; what is returned is valid.
    public init(yaml text: String, path: String) throws(ConfigurationFileError) {
        self = try ConfigurationFile(yaml: text, path: path).trainable()
    }

    /// The configuration as the text of a file that the reference of its family reads too.
    ///
    /// Keys that have a default in the reference, and those that it does not have, are there only where
    /// they differ from what a file without them means.
    ///
    /// - Throws: ``ConfigurationFileError`` when a text in it cannot be written as YAML.
    public func yaml() throws(ConfigurationFileError) -> String {
        do throws(YAMLProblem) {
            return try ConfigurationYAML.document(
                ConfigurationSetting.all.filter { $0.isWritten(of: self) }.map(entry))
        } catch {
            throw .malformed(path: "the configuration", reason: error.reason)
        }
    }

    /// The line of a setting, as the family's reference names it.
    private func entry(
        of setting: ConfigurationSetting
    ) -> (key: String, value: ConfigurationScalar) {
        setting.key == "data_path" && architecture.family != .hierarchical
            ? (ConfigurationFile.foldersKey, .texts([dataPath]))
            : (setting.key, setting.read(self))
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
