public import Foundation
import HRMFiles
import HRMModel

extension TrainingConfiguration {
    /// Reads a configuration written by this package or by the reference, for training.
    ///
    /// Keys are treated as in `ConfigurationFile`; unsupported training is refused.
    ///
    /// - Parameter url: A YAML file (`all_config.yaml`) of at most 1 MiB.
    /// - Throws: ``ConfigurationFileError`` with the file and the key, also for invalid settings.
    public init(contentsOf url: URL) throws(ConfigurationFileError) {
        self = try ConfigurationFile(contentsOf: url).trainable()
    }

    /// Reads a configuration from the text of its file, for training.
    ///
    /// - Parameters:
    ///   - text: The YAML document, of at most 1 MiB.
    ///   - path: The file's name, for messages.
    /// - Throws: ``ConfigurationFileError``, also for invalid settings.
    public init(yaml text: String, path: String) throws(ConfigurationFileError) {
        self = try ConfigurationFile(yaml: text, path: path).trainable()
    }

    /// Returns the configuration as YAML that the reference of its family can read, too.
    ///
    /// Keys that have a default in the reference or do not exist there are written only if they
    /// differ from the value implied by a missing key.
    ///
    /// - Throws: ``ConfigurationFileError`` if a text in it cannot be written as YAML.
    public func yaml() throws(ConfigurationFileError) -> String {
        do throws(YAMLProblem) {
            return try ConfigurationYAML.document(
                TrainingSetting.all.filter { $0.isWritten(of: self) }.map(entry))
        } catch {
            throw .malformed(path: "the configuration", reason: error.reason)
        }
    }

    /// Returns the line of a setting under the name in the family's reference.
    private func entry(
        of setting: TrainingSetting
    ) -> (key: String, value: ConfigurationScalar) {
        setting.key == "data_path" && architecture.family != .hierarchical
            ? (ConfigurationFile.foldersKey, .texts([dataPath]))
            : (setting.key, setting.read(self))
    }

    /// Writes the configuration atomically.
    ///
    /// - Parameter url: The destination; an existing file is replaced.
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
