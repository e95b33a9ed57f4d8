import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMFiles
public import HRMInference
import HRMModel
import HRMTensor
import HRMTraining

extension ReferenceNames: ExpressibleByArgument {}
extension WeightsImport.PuzzleEmbeddingRule: ExpressibleByArgument {}

/// The command `hrm convert`.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert weights from and to the reference's PyTorch files.",
        discussion: """
            The format of the input is detected from its content, that of the output from its \
            name: .safetensors, or .pt, .pth and step_N for PyTorch.

            A checkpoint of the reference, with the all_config.yaml beside it:
              hrm convert step_12345 --output model.safetensors --data data/sudoku-extreme

            And back, for torch.load(path, weights_only=True):
              hrm convert runs/first --output step_12345

            The PyTorch file is parsed, not executed. Its weights are the whole file or a \
            dictionary in it, such as 'model', 'state_dict' or 'model_state_dict'; --state-dict \
            selects another one, such as an average. Other values are skipped and listed; other \
            Python objects are refused. A safetensors output contains the whole configuration, so \
            'hrm evaluate' and 'hrm solve' need nothing else. Beside a PyTorch output, an \
            all_config.yaml is written unless it exists.
            """)

    @Argument(
        help: ArgumentHelp(
            "A PyTorch file, a safetensors file, or a run folder.", valueName: "input"))
    var input: String
    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String
    @Option(
        help: ArgumentHelp(
            "The configuration of the run, if the input does not contain it; by default the "
                + "all_config.yaml beside the input.", valueName: "file"))
    var config: String?
    @Option(
        help: ArgumentHelp(
            "The key, or a part of it, of the dictionary of weights in a PyTorch file: 'ema' "
                + "matches 'ema_state_dict'.", valueName: "key"))
    var stateDict: String?
    @Option(
        help: ArgumentHelp(
            "The data set that the model is for, if its size is needed: for rotary positions "
                + "on puzzles other than the published ones, and to reset rows.",
            valueName: "folder"))
    var data: String?
    @Option(
        help: ArgumentHelp(
            "Tokens in a puzzle, if no data set is given.", valueName: "n"))
    var sequenceLength: Int?
    @Option(
        help: ArgumentHelp(
            "The treatment of the puzzle embedding: keep its rows, or reset all to their "
                + "mean, with as many rows as the data set has puzzles, as the reference does for "
                + "other puzzles.",
            valueName: "rule"))
    var puzzleEmbedding = WeightsImport.PuzzleEmbeddingRule.keep
    @Option(
        help: ArgumentHelp(
            "Parameter names in a PyTorch file: reference (model.inner.…), compiled "
                + "(_orig_mod.model.inner.…) or bare.", valueName: "names"))
    var names = ReferenceNames.reference
    @Option(
        help: ArgumentHelp(
            "Number format of the weights in a safetensors file; bfloat16 halves its size.",
            valueName: "format"))
    var weights = WeightFormat.float32
    @Flag(help: "Replace the output if it exists.")
    var overwrite = false

    func validate() throws {
        try sequenceLength?.require(in: 1...65536, "--sequence-length")
        guard data == nil || sequenceLength == nil else {
            throw ValidationError("use --data or --sequence-length, not both")
        }
        guard ConversionOutput(output) != nil else {
            throw ValidationError(
                "--output \(output) does not tell what to write; let its name end in .safetensors, "
                    + ".pt or .pth, or be step_N")
        }
        guard weights == .float32 || ConversionOutput(output) == .safetensors else {
            throw ValidationError("--weights is for safetensors files; the reference wants float32")
        }
    }

    func run() throws {
        let url = URL(fileURLWithPath: output)
        guard overwrite || !FileManager.default.fileExists(atPath: url.path) else {
            throw CommandError("\(url.path) exists already; name another file, or add --overwrite")
        }
        let source = try WeightsFile(
            contentsOf: URL(fileURLWithPath: input), stateDictionary: stateDict)
        let configuration = try configuration(for: source)
        var importer = WeightsImport(architecture: configuration.architecture)
        importer.puzzleEmbedding = puzzleEmbedding
        importer.sequenceLength = sequenceLength
        if let data {
            let dataset = try Self.dataset(URL(fileURLWithPath: data))
            importer.data = PuzzleDimensions(dataset.metadata)
            importer.task = dataset.task
        } else if puzzleEmbedding == .reset {
            importer.data = source.dimensions
        }
        var result = try importer.model(from: source)
        result.file.trainingSettings = try configuration.yaml()
        var lines = ConversionText(weights: source, result: result, data: importer.data).lines
        switch ConversionOutput(output) {
        case .pyTorch?: lines += try writePyTorch(result.file, configuration, to: url)
        default:
            try result.file.write(to: url, weights: weights)
            lines.append("Written: \(output)")
        }
        for line in lines { try Console.print(line) }
    }

    /// Returns the configuration stored with the weights or, failing that, one from a separate
    /// file.
    private func configuration(for weights: WeightsFile) throws -> TrainingConfiguration {
        if let config {
            guard weights.architecture == nil else {
                throw CommandError(
                    "\(weights.url.path) holds its own configuration; leave out --config")
            }
            return try ConfigurationFile(contentsOf: URL(fileURLWithPath: config)).configuration
        }
        guard let file = try weights.trainingConfiguration() else {
            throw CommandError(
                "\(weights.url.path) does not hold the configuration of its run, and there is no "
                    + "\(weights.configurationURL.path); name it with --config")
        }
        return file.configuration
    }

    private static func dataset(_ folder: URL) throws -> PuzzleDataset {
        let test = folder.appendingPathComponent("test")
        let hasTest = FileManager.default.fileExists(atPath: test.path)
        return try PuzzleDataset(folder: folder, split: hasTest ? "test" : "train")
    }

    /// Writes the weights, and the configuration beside them.
    ///
    /// - Returns: The lines of the report.
    private func writePyTorch(
        _ file: ModelFile, _ configuration: TrainingConfiguration, to url: URL
    ) throws -> [String] {
        try file.pyTorchFile(names: names).write(to: url)
        let written = "Written: \(output)"
        let beside = url.deletingLastPathComponent()
            .appendingPathComponent(WeightsFile.configurationName)
        guard !FileManager.default.fileExists(atPath: beside.path) else {
            return [written, "\(beside.lastPathComponent) lies there already and stays as it is."]
        }
        try configuration.write(to: beside)
        return [written, "Written: \(beside.lastPathComponent), beside it"]
    }
}

/// The output format, determined by the file's name.
enum ConversionOutput {
    case safetensors, pyTorch

    init?(_ path: String) {
        let url = URL(fileURLWithPath: path)
        switch url.pathExtension {
        case "safetensors": self = .safetensors
        case "pt", "pth": self = .pyTorch
        case "" where url.lastPathComponent.hasPrefix("step_"): self = .pyTorch
        default: return nil
        }
    }
}
