public import ArgumentParser
import Foundation
import HRMEngine
import HRMFigures
import HRMInference
import HRMModel
public import HRMPretrained
import HRMTraining

extension PretrainedModel: ExpressibleByArgument {}

/// The command `hrm models`.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models that come with hrm, or show the card of one.",
        discussion: """
            'hrm solve' selects one of them by the puzzle. Every command with --checkpoint accepts \
            their names as well.
            """)

    @Argument(help: ArgumentHelp("The model whose card to show.", valueName: "name"))
    var name: PretrainedModel?

    func run() throws {
        if let name {
            try Console.print(name.card(), terminator: "")
            return
        }
        var table = Table(columns: [
            .init("model"), .init("parameters", .right), .init("size", .right),
            .init("first sentence of its card"),
        ])
        for model in PretrainedModel.allCases {
            let file = try model.load()
            let bytes = try model.url().resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            table.append([
                model.rawValue, NumberText.grouped(file.model.layout.parameterCount),
                NumberText.bytes(bytes), try Self.summary(of: model.card()),
            ])
        }
        try Console.print(table.text, terminator: "")
    }

    /// Returns the first line that is not a heading.
    private static func summary(of card: String) -> String {
        card.split(separator: "\n").first { !$0.hasPrefix("#") }.map(String.init) ?? ""
    }
}
