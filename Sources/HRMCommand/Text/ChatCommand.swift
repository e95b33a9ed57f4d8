import ArgumentParser
import Foundation
import HRMText

/// The command `hrm chat`.
struct ChatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Hold a conversation with a text model.",
        discussion: """
            Each line of standard input is a prompt, and the answer is printed as it grows. \
            '/new' begins a new conversation; '/quit', or the end of the input, ends the program.

            The published models were trained with single questions. With --memory whole, the \
            default, the whole conversation is read again as one prompt before each answer, so \
            that all its tokens see each other. With --memory causal, further turns see what was \
            before them but not the reverse; only the new prompt is computed. --memory none \
            answers each line without the ones before.
            """)

    /// The treatment of earlier turns.
    enum Memory: String, ExpressibleByArgument, CaseIterable {
        case whole, causal, none
    }

    @OptionGroup var model: TextModelArguments
    @OptionGroup var sampling: SamplingArguments
    @Option(
        help: ArgumentHelp(
            "Earlier turns: read again as one prompt (whole), continued (causal), or forgotten "
                + "(none).",
            valueName: "way"))
    var memory = Memory.whole

    func run() throws {
        let generator = try model.load().generator
        let conversation = generator.conversation(
            memory == .causal ? .causal : .whole, sampling: try sampling.options(number: 0))
        StopSignal.listen()
        while let line = try nextLine() {
            switch line {
            case "": continue
            case "/quit": return
            case "/new":
                conversation.restart()
                continue
            default: try answer(line, in: conversation, generator)
            }
            if let signal = StopSignal.current {
                throw ExitCode(StopSignal.exitStatus(of: signal))
            }
        }
    }

    private func nextLine() throws -> String? {
        if isatty(STDIN_FILENO) == 1 { Console.tell("> ", terminator: "") }
        guard let line = readLine() else { return nil }
        return line.hasSuffix("\r") ? String(line.dropLast()) : line
    }

    private func answer(
        _ line: String, in conversation: TextConversation, _ generator: TextGenerator
    ) throws {
        if memory == .none { conversation.restart() }
        GenerateCommand.tellUnknownBytes(of: line, in: generator.tokenizer)
        do {
            let answer = try conversation.ask(
                line, conditions: sampling.conditions, tokenLimit: sampling.maxTokens,
                stopTexts: sampling.stops
            ) {
                StopSignal.current != nil
            } report: {
                try Console.print($0, terminator: "")
            }
            try Console.print()
            if answer.reason == .context {
                Console.tell("The context is full; '/new' begins a new conversation")
            }
        } catch let error as GenerationError {
            guard case .promptTooLong = error else { throw error }
            Console.tell("\(error); '/new' begins a new conversation")
        }
    }
}
