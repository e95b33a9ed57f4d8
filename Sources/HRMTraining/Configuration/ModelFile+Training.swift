import Foundation
import FoundationEssentials
public import HRMData
public import HRMEngine
import HRMFiles
public import HRMInference

extension ModelFile {
    /// Creates a model file that also contains the configuration of its training.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - task: The task of the model, if known.
    ///   - configuration: The configuration of the training.
    /// - Throws: `ConfigurationFileError` if a text in it cannot be written as YAML.
    public init(
        model: HierarchicalReasoningModel, task: PuzzleTask?, configuration: TrainingConfiguration
    ) throws(ConfigurationFileError) {
        self.init(model: model, task: task, trainingSettings: try configuration.yaml())
    }
}

extension WeightsFile {
    /// Returns the configuration of the training in the file or, failing that, beside it; nil if
    /// there is neither.
    ///
    /// - Throws: `ConfigurationFileError` with the file and the key.
    package func trainingConfiguration() throws(ConfigurationFileError) -> ConfigurationFile? {
        if let trainingSettings {
            return try ConfigurationFile(yaml: trainingSettings, path: url.path)
        }
        guard FileManager.default.fileExists(atPath: configurationURL.path) else { return nil }
        return try ConfigurationFile(contentsOf: configurationURL)
    }
}
