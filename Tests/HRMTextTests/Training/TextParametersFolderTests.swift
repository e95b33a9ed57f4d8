import Foundation
import HRMTensor
import HRMText
import Testing
import _HRMTestSupport

/// Models that are written and read again.
@Suite struct TextParametersFolderTests {
    @Test(arguments: Precision.allCases, [false, true])
    func aWrittenModelIsTheSame(_ precision: Precision, _ isTied: Bool) throws {
        var configuration = TinyText.configuration(isTied: isTied)
        configuration.lowCyclesWithGradient = [0, 2]
        configuration.endTokens = isTied ? [3, 4] : [3]
        configuration.paddingToken = 1
        var generator = SeededGenerator(seed: 1)
        let parameters = TextParameters(configuration, using: &generator)
        let low = TextParameters.initialLow(configuration, using: &generator)
        for (_, matrix) in parameters.named {
            matrix.assign(matrix.values.map { precision.rounded($0) })
        }
        let workers = Workers(count: 1)
        let model = parameters.model(configuration, initialLow: low, workers: workers)
        try withScratchFolder { scratch in
            let folder = scratch.appendingPathComponent("model")
            try parameters.write(
                to: folder, configuration: configuration, initialLow: low, precision: precision)
            #expect(
                try names(in: folder)
                    == ["config.json", "generation_config.json", "model.safetensors"])
            let read = try TextModel.load(
                folder: folder, options: TextModelOptions(arithmetic: .float32, workers: workers))
            #expect(read.configuration == configuration)
            #expect(read.remarks.isEmpty)
            let row = TextRow.prompt([5, 1, 8])
            // Products of bfloat16 weights add in another order.
            expectClose(
                try read.logits(of: row).flatMap { $0 }, try model.logits(of: row).flatMap { $0 },
                Tolerance(absolute: precision == .float32 ? 0 : 2e-5), "logits")
        }
    }
}
