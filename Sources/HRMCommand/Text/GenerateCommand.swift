import ArgumentParser
import Foundation
import HRMFiles
import HRMText

/// The command `hrm generate`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Answer prompts with a text model.",
        discussion: """
            The model is a folder as 'save_pretrained' of the Python library transformers writes \
            it, with the architecture HrmTextForCausalLM. The answer is printed as it grows; the \
            speed follows on standard error.

            A prompt is read as a whole before the answer, and all its tokens see each other, as \
            in the training. Special names in it, such as <|im_end|>, are ordinary text. \
            --condition chooses the kind of answer: 'direct' a short one, 'cot' one with its \
            derivation; 'synth,cot' was used for the published results on mathematics.

            An answer ends with the model's end token, at a --stop text, after --max-tokens, or \
            when prompt and answer fill the context. Answers depend on their prompt, these options \
            and the seed, not on other prompts.

            --prompts reads many prompts, one per line; in a file named ….jsonl each line is a \
            JSON text or an object with the member "prompt". --batch-size of them are answered at \
            the same time, and the answers are printed in order.
            """)

    @Argument(help: ArgumentHelp("The prompt; '-', or no argument, reads standard input."))
    var prompt: String?
    @OptionGroup var model: TextModelArguments
    @OptionGroup var sampling: SamplingArguments
    @Option(help: ArgumentHelp("A file with a prompt in each line.", valueName: "file"))
    var prompts: String?
    @Option(
        help: ArgumentHelp(
            "Answers at the same time; affects speed and memory, not answers.", valueName: "n"))
    var batchSize = 8
    @Flag(
        help: """
            Show what each pass of the two loops would have said next: L1.2 is the second fast \
            pass of the first cycle, H1 its slow pass. The answer's tokens are the lines. --svg and --png draw them: a row for each token, a \
            column for each pass, a shade for the probability of the token that was said.
            """)
    var trace = false
    @OptionGroup var pictures: PictureOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try batchSize.require(in: 1...1024, "--batch-size")
        if prompt != nil, prompts != nil {
            throw ValidationError("give a prompt or --prompts, not both")
        }
        if trace, prompts != nil {
            throw ValidationError("--trace shows the passes of one answer, not of --prompts")
        }
        if pictures.areWanted, prompts != nil {
            throw ValidationError("--svg and --png draw the passes of one answer, not of --prompts")
        }
    }

    func run() throws {
        try pictures.check()
        var texts =
            try prompts.map { try TextPrompts(file: $0) } ?? TextPrompts(argument: prompt)
        let rows = prompts == nil ? 1 : batchSize
        let loaded = try model.load(rows: rows)
        let generator = loaded.generator
        StopSignal.listen()
        var writer = AnswerWriter(showsPrompts: prompts != nil, isJSON: json)
        var number = 0
        try generator.run(rows: rows) {
            guard let text = try texts.next() else { return nil }
            defer { number += 1 }
            Self.tellUnknownBytes(of: text, in: generator.tokenizer)
            writer.expect(text, number: number)
            let request = try sampling.request(text, number: number, to: generator)
            if trace || pictures.areWanted {
                writer.showsTable = trace
                writer.pictures = pictures.areWanted ? pictures : nil
                writer.lens = { try LensTable(prompt: request.prompt, answer: $0, loaded: loaded) }
            }
            return request
        } isCancelled: {
            StopSignal.current != nil
        } report: {
            try writer.write($0)
        }
        try writer.finish()
        if let signal = StopSignal.current { throw ExitCode(StopSignal.exitStatus(of: signal)) }
    }

    /// Reports bytes that the tokenizer leaves out.
    static func tellUnknownBytes(of text: String, in tokenizer: Tokenizer) {
        let count = tokenizer.unknownBytes(in: text)
        if count > 0 {
            Console.tell(
                "\(count.counted("byte")) of the prompt \(count == 1 ? "has" : "have") no token "
                    + "and \(count == 1 ? "is" : "are") left out")
        }
    }
}
