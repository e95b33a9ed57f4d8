import HRMTraining
import Testing

private struct LearningRateGolden: Decodable {
    struct Schedule: Decodable {
        var baseRate: Double
        var warmup: Int
        var total: Int
        var minimumRatio: Double
        var steps: [Int]
        var values: [Double]

        enum CodingKeys: String, CodingKey {
            case baseRate = "base_lr"
            case warmup, total
            case minimumRatio = "min_ratio"
            case steps, values
        }
    }

    var schedules: [Schedule]
}

/// Kind `lr_schedule`: the rate at each step, to the last bits; the libraries' cosines may differ
/// there.
func checkLearningRate(_ golden: GoldenCase) throws {
    let schedules = try golden.json(LearningRateGolden.self).schedules
    #expect(!schedules.isEmpty)
    for recorded in schedules {
        let schedule = LearningRateSchedule(
            base: recorded.baseRate, warmupSteps: recorded.warmup, totalSteps: recorded.total,
            minimumRatio: recorded.minimumRatio)
        #expect(!recorded.steps.isEmpty && recorded.steps.count == recorded.values.count)
        for (step, expected) in zip(recorded.steps, recorded.values) {
            let rate = schedule.rate(at: step)
            #expect(
                abs(rate - expected) <= 1e-15 * recorded.baseRate,
                "step \(step) of base \(recorded.baseRate): \(rate), recorded \(expected)")
        }
    }
}
