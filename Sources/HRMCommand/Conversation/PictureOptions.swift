import ArgumentParser
import Foundation
import HRMFigures
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
    /// - Throws: `FileError` naming the file.
    func check() throws {
        for file in [svg, png].compactMap(\.self) { try Self.check(file) }
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
