import Foundation
import HRMData
import HRMFigures
import HRMFiles
import Testing
import _HRMTestSupport

@testable import HRMCommand

/// For any bytes in a data folder, counts, pictures and JSON are produced without a crash.
@Suite struct DamagedInspectionTests {
    @Test func survivesMutation() throws {
        // Most mutations change elements and numbers, because a folder that is refused immediately
        // tests little.
        let series = Mutations(
            "inspection", count: 600, seed: 20_260_303, telling: "0123456789".utf8, slowness: 20)
        try Workbench.use { bench in
            try bench.prepare()
            let paths = try bench.listing().filter { $0.hasSuffix(".npy") || $0.hasSuffix(".json") }
            let originals = try paths.map { Array(try bench.bytes($0)) }
            var drawnCount = 0
            var previous = 0
            let sound = try series.run(on: originals) { round in
                // The previous file stays damaged, so that inconsistencies combine.
                try Data(round.bytes).write(to: bench.url(paths[round.original]))
                let inspection = try DatasetInspector.inspect(
                    bench.url("data"), showing: ExampleChoice(count: 3))
                let sheet = InspectionPictures(inspection).sheet
                #expect(!InspectionText.text(of: inspection).isEmpty)
                let line = try InspectionJSON.value(of: inspection, folder: "data").line()
                #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
                let verdict = InspectionText.verdict(on: inspection)
                #expect(
                    verdict.split(separator: "\n").count == 1 + inspection.violations.count,
                    "\(round.description)")
                if !sheet.rows.isEmpty {
                    drawnCount += 1
                    #expect(sheet.svg.hasSuffix("</svg>\n"))
                    #expect(sheet.png.count > 100)
                    #expect(!sheet.text(width: 80, color: true).isEmpty)
                }
                if previous != round.original {
                    try Data(originals[previous]).write(to: bench.url(paths[previous]))
                }
                previous = round.original
                return inspection.violations.isEmpty
            }
            #expect(drawnCount > series.count / 12 && sound < series.count * 5 / 6)
        }
    }
}
