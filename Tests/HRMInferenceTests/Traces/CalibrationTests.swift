import HRMInference
import Testing

@Suite struct CalibrationTests {
    @Test func handMadeStatements() {
        var calibration = Calibration()
        for (confidence, isRight) in [
            (0.05, false), (0.05, false), (0.55, true), (0.55, false), (0.95, true), (1, true),
        ] {
            calibration.add(confidence: confidence, isRight: isRight)
        }
        #expect(calibration.count == 6)
        #expect(calibration.bins.map(\.count) == [2, 0, 0, 0, 0, 2, 0, 0, 0, 2])
        #expect(calibration.bins[0].accuracy == 0 && calibration.bins[5].accuracy == 0.5)
        #expect(calibration.bins[9].accuracy == 1 && calibration.bins[1].accuracy == nil)
        #expect(abs((calibration.bins[9].meanConfidence ?? 0) - 0.975) < 1e-12)
        // (2 · 0.05 + 2 · 0.05 + 2 · 0.025) / 6
        #expect(abs(calibration.expectedError - 0.25 / 6) < 1e-12)
        // (2 · 0.05² + 0.45² + 0.55² + 0.05² + 0) / 6
        #expect(abs(calibration.brierScore - 0.5125 / 6) < 1e-12)
    }

    @Test func extremes() {
        var sure = Calibration(binCount: 4)
        #expect(sure.expectedError == 0 && sure.brierScore == 0 && sure.count == 0)
        sure.add(confidence: 1, isRight: false)
        sure.add(confidence: .nan, isRight: true)
        #expect(sure.expectedError == 1 && sure.brierScore == 1 && sure.count == 1)
        #expect(sure.bins.last?.count == 1)
        // Whoever says how often he is right is calibrated, however little he knows.
        var coin = Calibration()
        for index in 0..<10 { coin.add(confidence: 0.5, isRight: index < 5) }
        #expect(coin.expectedError == 0 && coin.brierScore == 0.25)
    }

    @Test func sums() {
        var (whole, first, second) = (Calibration(), Calibration(), Calibration())
        for index in 0..<20 {
            let statement = (confidence: Double(index) / 32, isRight: index.isMultiple(of: 3))
            whole.add(confidence: statement.confidence, isRight: statement.isRight)
            if index < 7 {
                first.add(confidence: statement.confidence, isRight: statement.isRight)
            } else {
                second.add(confidence: statement.confidence, isRight: statement.isRight)
            }
        }
        first += second
        #expect(first == whole)
    }
}
