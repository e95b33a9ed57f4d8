import Foundation
import Testing

@testable import HRMFigures

@Suite struct LZWTests {
    private func survives(_ content: [UInt8], codeSize: Int) throws {
        let data = LZW.compressed(content, codeSize: codeSize)
        #expect(try GIFReader.expanded(data, codeSize: codeSize) == content.map(Int.init))
    }

    @Test func smallContents() throws {
        try survives([], codeSize: 2)
        try survives([3], codeSize: 2)
        for count in 1...40 { try survives([UInt8](repeating: 1, count: count), codeSize: 2) }
        try survives([0, 1, 0, 1, 0, 1, 0, 1, 2, 2, 2, 3], codeSize: 2)
    }

    /// Codes grow with the dictionary; each length of content ends at a different point of this
    /// growth.
    @Test func everyEnd() throws {
        let content = (0..<700).map { (index: Int) -> UInt8 in
            let value = index * index / 3 + index / 7
            return UInt8(value % 4)
        }
        for count in stride(from: 1, to: content.count, by: 3) {
            try survives(Array(content.prefix(count)), codeSize: 2)
        }
    }

    /// Long contents without repeats fill the dictionary, which is then reset.
    @Test(arguments: [2, 5, 8]) func fullDictionary(codeSize: Int) throws {
        var state: UInt32 = 7
        let content = (0..<40_000).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24) & UInt8((1 << codeSize) - 1)
        }
        try survives(content, codeSize: codeSize)
    }

    @Test func runsAreShortened() {
        let flat = [UInt8](repeating: 5, count: 10_000)
        #expect(LZW.compressed(flat, codeSize: 4).count < 250)
    }
}

@Suite struct AnimatedSheetTests {
    private func sheet(_ glyphs: String, changed: Set<Int> = []) -> PictureSheet {
        let cells = glyphs.map { GridPicture.Cell(String($0), fill: RGBColor(0xFFFFFF)) }
        return PictureSheet(rows: [
            [.init("now", GridPicture(rows: 2, columns: 2, cells: cells, noted: changed))]
        ])
    }

    private var animation: AnimatedSheet {
        AnimatedSheet(frames: [
            .init(sheet("1234"), seconds: 0.5), .init(sheet("1284", changed: [2]), seconds: 0.25),
            .init(sheet("1284", changed: [2]), seconds: 2),
        ])
    }

    @Test func gifShowsWhatThePicturesShow() throws {
        let file = try GIFReader(animation.gif)
        #expect(file.loops)
        #expect(file.frames.map(\.hundredths) == [50, 25, 200])
        let size = animation.frames[0].sheet.pngSize
        #expect((file.width, file.height) == size)
        for (frame, read) in zip(animation.frames, file.frames) {
            var canvas = Canvas(width: size.width, height: size.height, color: SheetLayout.paper)
            canvas.draw(SheetLayout(frame.sheet))
            let colors = canvas.image.pixels.map { pixel in
                let color = canvas.image.palette[Int(pixel)]
                return [color.red, color.green, color.blue]
            }
            #expect(read.colors == colors)
        }
        #expect(animation.gif == animation.gif)
    }

    @Test func framesOfDifferentSizes() throws {
        let large = GridPicture(
            rows: 3, columns: 3,
            cells: Array(repeating: .init("", fill: RGBColor(0x00FF00)), count: 9))
        let mixed = AnimatedSheet(frames: [
            .init(PictureSheet(rows: [[.init("", large)]]), seconds: 1),
            .init(sheet("1234"), seconds: 1),
        ])
        let file = try GIFReader(mixed.gif)
        // Nothing of the larger picture remains around the smaller one.
        #expect(!file.frames[1].colors.contains([0, 255, 0]))
        #expect(file.frames[0].colors.contains([0, 255, 0]))
    }

    @Test func svgShowsOneFrameAtATime() throws {
        let svg = animation.svg
        try expectWellFormed(svg)
        #expect(!svg.contains("<script"))
        let groups = svg.components(separatedBy: "<g visibility=\"").dropFirst()
        // Viewers without animation show the last frame.
        #expect(groups.map { String($0.prefix(6)) } == ["hidden", "hidden", "visibl"])
        let turns = svg.split(separator: "\n").filter { $0.hasPrefix("<animate") }.map(String.init)
        #expect(turns.count == 3)
        #expect(turns.allSatisfy { $0.contains("dur=\"2.750s\"") && $0.contains("indefinite") })
        #expect(
            turns[0].contains(#"values="visible;hidden" keyTimes="0.000000;0.181818""#))
        #expect(
            turns[1].contains(
                #"values="hidden;visible;hidden" keyTimes="0.000000;0.181818;0.272727""#))
        #expect(turns[2].contains(#"values="hidden;visible" keyTimes="0.000000;0.272727""#))
    }

    @Test func oneFrameStandsStill() throws {
        let still = AnimatedSheet(frames: [.init(sheet("1234"), seconds: 1)])
        #expect(still.svg == sheet("1234").svg)
        #expect(try GIFReader(still.gif).frames.count == 1)
    }
}

/// Expects a text to be XML.
func expectWellFormed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    var open: [Substring] = []
    for tag in text.split(separator: "<").map({ $0.prefix { $0 != ">" } }) {
        let name = tag.drop { $0 == "/" }.prefix { $0.isLetter }
        if tag.hasPrefix("/") {
            #expect(open.popLast() == name, sourceLocation: sourceLocation)
        } else if !tag.hasSuffix("/") {
            open.append(name)
        }
    }
    #expect(open.isEmpty, sourceLocation: sourceLocation)
}
