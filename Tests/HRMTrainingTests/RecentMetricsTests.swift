import HRMModel
import HRMTraining
import Testing

@Suite struct RecentMetricsTests {
    private func step(loss: Double, count: Int, exact: Int) -> StepMetrics {
        var metrics = StepMetrics()
        metrics.tokenLoss = loss
        metrics.qHaltLoss = loss / 2
        metrics.qContinueLoss = loss / 4
        metrics.count = count
        metrics.exactCount = exact
        return metrics
    }

    @Test func averagesOverTheLastSteps() throws {
        var recent = RecentMetrics(batchSize: 4, window: 2)
        #expect(recent.exactAccuracy == nil)
        #expect(recent.tokenLoss == 0)
        recent.add(step(loss: 100, count: 50, exact: 50))
        recent.add(step(loss: 8, count: 0, exact: 0))
        recent.add(step(loss: 4, count: 4, exact: 1))
        #expect(recent.tokenLoss == 1.5)
        #expect(recent.qLoss == 1.125)
        #expect(recent.exactAccuracy == 0.25)
        recent.add(step(loss: 0, count: 0, exact: 0))
        recent.add(step(loss: 0, count: 0, exact: 0))
        #expect(recent.tokenLoss == 0)
        #expect(recent.exactAccuracy == nil)
        // A batch of which a part learned.
        recent.add(step(loss: 6, count: 0, exact: 0), sequences: 1)
        recent.add(step(loss: 4, count: 0, exact: 0))
        #expect(recent.tokenLoss == 2)
    }
}

@Suite struct ConfigurationKeyTests {
    @Test func everyKeyIsExplained() {
        #expect(ConfigurationKey.all.map(\.name) == TrainingConfiguration.knownKeys)
        for key in ConfigurationKey.all {
            #expect(!key.meaning.isEmpty && !key.expectation.isEmpty, "\(key.name)")
        }
    }

    @Test func valuesAreThoseOfTheConfiguration() throws {
        var configuration = TrainingConfiguration()
        try configuration.set("arch.H_cycles=7")
        try configuration.set("eval_interval=null")
        func value(_ name: String) -> String? {
            ConfigurationKey.all.first { $0.name == name }?.value(in: configuration)
        }
        #expect(value("arch.H_cycles") == "7")
        #expect(value("eval_interval") == "null")
        #expect(value("arch.forward_dtype") == "bfloat16")
    }
}
