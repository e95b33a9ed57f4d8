import ArgumentParser

/// The command `hrm prepare`.
struct PrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Turn puzzles into a data set to train on.",
        subcommands: [
            PrepareSudokuCommand.self, PrepareMazeCommand.self, PrepareARCCommand.self,
            PrepareGridCommand.self,
        ])
}
