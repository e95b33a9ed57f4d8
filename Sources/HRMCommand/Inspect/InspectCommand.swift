import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMFiles

/// The command `hrm inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show the contents of a data set, and check that it is valid.",
        discussion: """
            Prints counts, sizes, tokens and some examples of a data folder of 'hrm prepare' or of \
            the reference's scripts. All problems of the folder are listed; if there are any, the \
            exit status is 1.

              hrm inspect data --examples 3
              hrm inspect data --split test --group 7 --png group.png
            """)

    @Argument(help: ArgumentHelp("The folder with the splits 'train' and 'test'."))
    var folder: String
    @Option(help: ArgumentHelp("Show at most n examples.", valueName: "n"))
    var examples: Int?
    @Option(help: ArgumentHelp("Show examples of this split.", valueName: "name"))
    var split: String?
    @Option(
        help: ArgumentHelp(
            "Show examples of this group, counting from 0; by default of groups spread over "
                + "the split.",
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
        if !inspection.violations.isEmpty { throw ExitCode(ExitStatus.failed) }
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
