import ArgumentParser
import HRMTraining

/// The command `hrm`.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hrm",
        abstract: "Train Hierarchical Reasoning Models on puzzles, and solve puzzles with them.",
        discussion: """
            A Hierarchical Reasoning Model is a small neural network that thinks in steps: a fast \
            module works out details, a slow one directs it, and the answer improves from step to \
            step. It learns from about a thousand examples, on the CPU of this machine.

            Solve a puzzle with a model that comes with hrm:
              hrm solve 3..16416..5..5.6....14...1..4....231

            Watch a model learn, and solve a puzzle that it was not trained on:
              hrm demo

            Train a model on 1,000 generated Sudokus:
              hrm prepare sudoku --generate 1000 --test-size 200 --size 6 --output data
              hrm train --data data --output run --preset demo

            Solve a puzzle with it, and show the board after each step:
              hrm solve --checkpoint run --trace 3..16416..5..5.6....14...1..4....231

            Answer a question with a text model (HRM-Text):
              hrm generate --model folder --condition direct "What is 2+3?"
            """,
        version: Package.version,
        subcommands: [
            DemoCommand.self, PrepareCommand.self, InspectCommand.self, TrainCommand.self,
            SweepCommand.self, EvaluateCommand.self, SolveCommand.self, TraceCommand.self,
            ExplainCommand.self, ModelsCommand.self, PlotCommand.self, RunsCommand.self,
            ConvertCommand.self, BenchmarkCommand.self, PresetsCommand.self, ExampleCommand.self,
            GenerateCommand.self, ChatCommand.self, EvaluateTextCommand.self,
            BenchmarkTextCommand.self, TrainTextCommand.self, CompareTextCommand.self,
            DevicesCommand.self, ServeCommand.self,
        ])
}

extension RootCommand {
    /// Returns the words that invoke a command, such as `hrm prepare grid`; nil if it is not among
    /// the subcommands.
    static func name(of command: any ParsableCommand.Type) -> String? {
        name(of: command, below: self)
    }

    private static func name(
        of command: any ParsableCommand.Type, below parent: any ParsableCommand.Type
    ) -> String? {
        guard let own = parent.configuration.commandName else { return nil }
        if parent == command { return own }
        for child in parent.configuration.subcommands {
            if let name = name(of: command, below: child) { return "\(own) \(name)" }
        }
        return nil
    }
}
