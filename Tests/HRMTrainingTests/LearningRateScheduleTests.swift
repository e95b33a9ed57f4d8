import HRMTraining
import Testing

@Suite struct LearningRateScheduleTests {
    @Test func warmupRisesFromNothing() {
        let schedule = LearningRateSchedule(
            base: 8, warmupSteps: 4, totalSteps: 10, minimumRatio: 1)
        #expect((0...5).map(schedule.rate) == [0, 2, 4, 6, 8, 8])
    }

    @Test func cosineFallsToTheMinimum() {
        let schedule = LearningRateSchedule(
            base: 2, warmupSteps: 0, totalSteps: 4, minimumRatio: 0.5)
        let rates = (0...4).map(schedule.rate)
        #expect(rates[0] == 2)
        #expect(abs(rates[1] - (1 + 0.5 * (1 + 0.5.squareRoot()))) < 1e-15)
        #expect(abs(rates[2] - 1.5) < 1e-15)
        #expect(rates[4] == 1)
    }

    @Test func emptySpansDivideByOne() {
        let none = LearningRateSchedule(base: 1, warmupSteps: 0, totalSteps: 0, minimumRatio: 0)
        #expect(none.rate(at: 0) == 1)
        #expect(none.rate(at: 1) == 0)
    }
}
