import Foundation
import HRMData
import HRMFigures
import HRMTensor
import Testing

@testable import HRMCommand

/// Whatever bytes lie in a data folder, its counts, pictures and JSON can be made.
@Suite struct DamagedInspectionTests {
    @Test(arguments: [UInt64(3), 20_260_303])
    func everythingIsStillPrinted(seed: UInt64) throws {
        print("inspection mutation seed \(seed)")
        var random = SeededGenerator(seed: seed)
        try Workbench.use { bench in
            try bench.prepare()
            let paths = try bench.listing().filter { $0.hasSuffix(".npy") || $0.hasSuffix(".json") }
            let originals = try paths.map { Array(try bench.bytes($0)) }
            var drawnCount = 0
            var damagedCount = 0
            for _ in 0..<300 {
                // Several files at a time, so that what does not fit together meets.
                let chosen = (0..<3).map { _ in Int.random(in: 0..<paths.count, using: &random) }
                for file in chosen {
                    var content = originals[file]
                    mutate(&content, using: &random)
                    try Data(content).write(to: bench.url(paths[file]))
                }
                let inspection = try DatasetInspector.inspect(
                    bench.url("data"), showing: ExampleChoice(count: 3))
                let sheet = InspectionPictures(inspection).sheet
                #expect(!InspectionText.text(of: inspection).isEmpty)
                let line = try InspectionJSON.value(of: inspection, folder: "data").line()
                #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
                let verdict = InspectionText.verdict(on: inspection)
                #expect(
                    verdict.split(separator: "\n").count == 1 + inspection.violations.count,
                    "seed \(seed)")
                if !sheet.rows.isEmpty {
                    drawnCount += 1
                    #expect(sheet.svg.hasSuffix("</svg>\n"))
                    #expect(sheet.png.count > 100)
                    #expect(!sheet.text(width: 80, color: true).isEmpty)
                }
                damagedCount += inspection.violations.isEmpty ? 0 : 1
                for file in chosen {
                    try Data(originals[file]).write(to: bench.url(paths[file]))
                }
            }
            #expect(drawnCount > 50 && damagedCount > 100)
        }
    }

    /// Most changes are to elements and numbers: a folder that is refused at once shows little.
    private func mutate(_ content: inout [UInt8], using random: inout SeededGenerator) {
        let index = Int.random(in: 0..<content.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: content.removeLast(min(content.count, Int.random(in: 1...20, using: &random)))
        case 1: content[index] = UInt8.random(in: 0...255, using: &random)
        case 2:
            content[index] = UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "9"), using: &random)
        default:
            let start = content.count > 128 ? 128 : 0
            content[Int.random(in: start..<content.count, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
        }
    }
}
