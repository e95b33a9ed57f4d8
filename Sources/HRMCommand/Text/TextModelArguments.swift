public import ArgumentParser
import Foundation
public import HRMText

extension TextModelOptions.Weights: ExpressibleByArgument {}
extension TextModelOptions.Arithmetic: ExpressibleByArgument {}

/// The options that select a text model and its computation.
struct TextModelArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model's folder: config.json, model.safetensors or its parts with their index, "
                + "and tokenizer.json.",
            valueName: "folder"))
    var model: String
    @Option(
        help: ArgumentHelp(
            "The weights in memory: as stored, or 8-bit integers.", valueName: "format"))
    var weights = TextModelOptions.Weights.stored
    @Option(
        help: ArgumentHelp(
            "Number format of the computation; by default bfloat16 for a model that is stored so, "
                + "otherwise float32.",
            valueName: "format"))
    var precision = TextModelOptions.Arithmetic.automatic
    @Option(
        help: ArgumentHelp(
            "The largest number of tokens of prompt and answer; by default that of the training.",
            valueName: "n"))
    var context: Int?
    @OptionGroup var workers: WorkerOptions

    func validate() throws {
        try context?.require(in: 2...TextGenerator.largestContext, "--context")
    }

    /// A loaded model with its tokenizer.
    struct Loaded {
        var model: TextModel
        var generator: TextGenerator
    }

    /// Loads model and tokenizer, and reports the model's remarks.
    ///
    /// - Parameter rows: The number of sequences at the same time.
    /// - Returns: The model and its generator.
    /// - Throws: An error with the file.
    func load(rows: Int = 1) throws -> Loaded {
        let folder = URL(fileURLWithPath: model)
        let options = TextModelOptions(
            weights: weights, arithmetic: precision, workers: workers.threads)
        let model = try TextModel.load(folder: folder, options: options)
        for remark in model.remarks { Console.tell(remark) }
        let file = folder.appendingPathComponent("tokenizer.json")
        do {
            let tokenizer = try Tokenizer(contentsOf: file)
            let generator = try TextGenerator(
                model: model, tokenizer: tokenizer, context: context, rows: rows)
            return Loaded(model: model, generator: generator)
        } catch {
            throw CommandError(error, in: file)
        }
    }
}
