import HRMModel
import HRMTraining
import Testing

@testable import HRMInference

/// Every preset's architecture in the metadata of a model file.
@Suite struct PresetArchitectureTests {
    @Test(arguments: Preset.allCases)
    func recordsRoundTrip(_ preset: Preset) throws {
        let architecture = preset.configuration.architecture
        let json = try ArchitectureRecord.json(architecture)
        #expect(try ArchitectureRecord.architecture(json: json, path: "f") == architecture)
    }

    /// Files of earlier versions have the training's configuration alone.
    @Test(arguments: Preset.allCases)
    func trainingConfigurationsAreRead(_ preset: Preset) throws {
        let yaml = try preset.configuration.yaml()
        #expect(
            try ArchitectureRecord.architecture(yaml: yaml, path: "f")
                == preset.configuration.architecture)
    }
}
