import ArgumentParser
import Foundation
import HRMData
import HRMFigures

/// The command `hrm inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Look into a data set: what it holds, and whether it is sound.",
        discussion: """
            Counts, sizes, tokens and some examples, for a data folder of 'hrm prepare' or of the \
            reference's scripts. Whatever is wrong with the folder is listed, and the exit status \
            is 1 if anything is.

              hrm inspect data --examples 3
              hrm inspect data --split test --group 7 --png group.png
            """)

    @Argument(help: ArgumentHelp("The folder that has the splits 'train' and 'test'."))
    var folder: String
    @Option(help: ArgumentHelp("Show at most this many examples.", valueName: "n"))
    var examples: Int?
    @Option(help: ArgumentHelp("Show examples of this split.", valueName: "name"))
    var split: String?
    @Option(
        help: ArgumentHelp(
            "Show examples of this group, counting from 0; else of groups that are far apart.",
            valueName: "g"))
    var group: Int?
    @OptionGroup var pictures: PictureOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try examples?.require(in: 0...100, "--examples")
        try group?.require(in: 0...Int(Int32.max), "--group")
        if pictures.areWanted, examples == 0 {
            throw ValidationError("--svg and --png need examples; leave --examples 0 out")
        }
    }

    func run() throws {
        let choice = ExampleChoice(
            count: examples ?? (pictures.areWanted || group != nil ? 4 : json ? 0 : 1),
            split: split, group: group, longest: TokenAppearance.longestSequence)
        let inspection = try DatasetInspector.inspect(
            URL(fileURLWithPath: folder), showing: choice)
        try checkChoice(against: inspection)
        let sheet = InspectionPictures(inspection).sheet
        try draw(sheet)
        if json {
            try Console.print(InspectionJSON.value(of: inspection, folder: folder).line())
        } else {
            try Console.print(InspectionText.text(of: inspection), terminator: "")
            if !sheet.rows.isEmpty {
                try Console.print()
                try Console.print(
                    sheet.text(width: Console.width, color: Console.hasColor),
                    terminator: "")
            }
            try Console.print()
            try Console.print(InspectionText.notes(on: inspection), terminator: "")
            try Console.print(InspectionText.verdict(on: inspection), terminator: "")
        }
        if !inspection.violations.isEmpty { throw ExitCode(Failure.failed) }
    }

    private func checkChoice(against inspection: DatasetInspection) throws {
        let names = inspection.splits.map(\.name)
        guard let shown = split ?? names.first,
            let chosen = inspection.splits.first(where: { $0.name == shown })
        else {
            throw CommandError(
                "\(folder) has no split '\(split ?? "")'; it has \(names.joined(separator: ", "))")
        }
        if let group, group >= chosen.groupCount {
            throw CommandError(
                "--group is \(group), but '\(shown)' has \(chosen.groupCount.counted("group")), counting "
                    + "from 0")
        }
    }

    private func draw(_ sheet: PictureSheet) throws {
        guard pictures.areWanted else { return }
        guard !sheet.rows.isEmpty else {
            throw CommandError(
                "there is no example to draw: the arrays are damaged, empty, or rows are longer "
                    + "than \(TokenAppearance.longestSequence) tokens")
        }
        try pictures.write(sheet)
    }
}
