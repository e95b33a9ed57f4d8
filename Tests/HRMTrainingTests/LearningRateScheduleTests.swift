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

    @Test func stableRatesFallAtTheEndAlone() {
        let schedule = LearningRateSchedule(
            base: 8, warmupSteps: 2, totalSteps: 20, minimumRatio: 0.5, shape: .stable,
            decayShare: 0.25)
        #expect((0...3).map(schedule.rate) == [0, 4, 8, 8])
        #expect((14...21).map(schedule.rate) == [8, 8, 7.2, 6.4, 5.6, 4.8, 4, 4])
        var longer = schedule
        longer.totalSteps = 40
        #expect((0...15).map(longer.rate) == (0...15).map(schedule.rate))
    }

    @Test func aFallOverTheWholeRunBeginsAfterTheWarmup() {
        let schedule = LearningRateSchedule(
            base: 1, warmupSteps: 4, totalSteps: 10, minimumRatio: 0, shape: .stable,
            decayShare: 1)
        #expect(schedule.rate(at: 3) == 0.75)
        #expect(schedule.rate(at: 5) == 0.5)
        #expect(schedule.rate(at: 10) == 0)
    }
}
