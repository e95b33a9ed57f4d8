import ArgumentParser
import Foundation
import HRMFigures
import HRMFiles
import HRMTraining

/// The options for picture files.
struct PictureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Draw the pictures into an SVG file.", valueName: "file"))
    var svg: String?
    @Option(help: ArgumentHelp("Draw the pictures into a PNG file.", valueName: "file"))
    var png: String?

    /// True if a picture file is requested.
    var areWanted: Bool { svg != nil || png != nil }

    /// Checks that the files can be written, so that errors are reported before hours of work.
    ///
    /// - Parameter others: Other output files of the command, by option.
    /// - Throws: `FileError` with the file, or ``CommandError`` if two options name the same file.
    func check(beside others: [String: String] = [:]) throws {
        let files = [("--svg", svg), ("--png", png)] + others.map { ($0, $1) }
        var options: [String: String] = [:]
        for (option, file) in files {
            guard let file else { continue }
            try Self.check(file)
            // A device accepts several pictures; a file would keep only the last one.
            let path = URL(fileURLWithPath: file).standardizedFileURL.path
            guard !path.hasPrefix("/dev/") else { continue }
            if let other = options.updateValue(option, forKey: path) {
                throw CommandError(
                    "\(other) and \(option) both name \(file); give each a file of its own")
            }
        }
    }

    /// Checks that a file can be written.
    ///
    /// - Throws: `FileError` with the file.
    static func check(_ file: String) throws {
        try AtomicFile.check(URL(fileURLWithPath: file))
    }

    /// Draws a sheet into the requested files.
    func write(_ sheet: PictureSheet) throws {
        if let svg {
            try AtomicFile.write(Data(sheet.svg.utf8), to: URL(fileURLWithPath: svg))
        }
        if let png { try AtomicFile.write(Data(sheet.png), to: URL(fileURLWithPath: png)) }
    }

    /// Draws figures into the requested files.
    func write(_ sheet: FigureSheet) throws {
        if let svg {
            try AtomicFile.write(Data(sheet.svg.utf8), to: URL(fileURLWithPath: svg))
        }
        if let png { try AtomicFile.write(Data(sheet.png), to: URL(fileURLWithPath: png)) }
    }
}
