import ArgumentParser
import Foundation
import HRMFigures
import HRMFiles
import HRMTraining

/// Where pictures are drawn.
struct PictureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Draw the pictures into an SVG file.", valueName: "file"))
    var svg: String?
    @Option(help: ArgumentHelp("Draw the pictures into a PNG file.", valueName: "file"))
    var png: String?

    /// Whether there is a file to draw into.
    var areWanted: Bool { svg != nil || png != nil }

    /// Refuses files that cannot be written: said before hours of work.
    ///
    /// - Parameter others: Files that the command writes besides, by their options.
    /// - Throws: `FileError` naming the file, ``CommandError`` where two options name the same one.
    func check(beside others: [String: String] = [:]) throws {
        let files = [("--svg", svg), ("--png", png)] + others.map { ($0, $1) }
        var options: [String: String] = [:]
        for (option, file) in files {
            guard let file else { continue }
            try Self.check(file)
            // A device takes whatever comes; of a file only the last picture would be left.
            let path = URL(fileURLWithPath: file).standardizedFileURL.path
            guard !path.hasPrefix("/dev/") else { continue }
            if let other = options.updateValue(option, forKey: path) {
                throw CommandError(
                    "\(other) and \(option) both name \(file); give each a file of its own")
            }
        }
    }

    /// Refuses a file that cannot be written.
    ///
    /// - Throws: `FileError` naming the file.
    static func check(_ file: String) throws {
        try AtomicFile.check(URL(fileURLWithPath: file))
    }

    /// Draws a sheet into the files that are wanted.
    func write(_ sheet: PictureSheet) throws {
        if let svg {
            try AtomicFile.write(Data(sheet.svg.utf8), to: URL(fileURLWithPath: svg))
        }
        if let png { try AtomicFile.write(Data(sheet.png), to: URL(fileURLWithPath: png)) }
    }

    /// Draws figures into the files that are wanted.
    func write(_ sheet: FigureSheet) throws {
        if let svg {
            try AtomicFile.write(Data(sheet.svg.utf8), to: URL(fileURLWithPath: svg))
        }
        if let png { try AtomicFile.write(Data(sheet.png), to: URL(fileURLWithPath: png)) }
    }
}
