import Testing
import _HRMTestSupport

@testable import HRMModel

@Suite struct SegmentScheduleTests {
    @Test func theHierarchyRunsFastWithinSlow() {
        let low = ModuleApplication(stack: SegmentSchedule.HierarchicalStack.low, updates: .low)
        let high = ModuleApplication(
            stack: SegmentSchedule.HierarchicalStack.high, updates: .high)
        let schedule = SegmentSchedule.hierarchical(highCycles: 2, lowCycles: 3)
        #expect(schedule.applications == [low, low, low, high, low, low, low, high])
        #expect(schedule.gradientApplications == 2)
        #expect(
            SegmentSchedule.hierarchical(highCycles: 1, lowCycles: 1).applications == [low, high])
    }

    /// One stack in both roles; all of the last cycle is learned from.
    @Test func theTinyModelLearnsFromItsLastCycle() {
        let low = ModuleApplication(stack: 0, updates: .low)
        let high = ModuleApplication(stack: 0, updates: .high)
        let schedule = SegmentSchedule.tiny(highCycles: 2, lowCycles: 3)
        #expect(schedule.applications == [low, low, low, high, low, low, low, high])
        #expect(schedule.gradientApplications == 4)
    }

    @Test func theFamiliesHaveTheirSchedules() throws {
        var configuration = try TestModel.configuration {
            $0.highCycles = 3
            $0.lowCycles = 2
            $0.highLayers = 4
            $0.lowLayers = 5
        }
        #expect(configuration.schedule == .hierarchical(highCycles: 3, lowCycles: 2))
        #expect(configuration.stacks.map(\.layers) == [4, 5])
        configuration.family = .tiny
        #expect(configuration.schedule == .tiny(highCycles: 3, lowCycles: 2))
        #expect(configuration.stacks.map(\.name) == ["L_level"])
        configuration.gradientApplications = 9
        #expect(configuration.schedule.gradientApplications == 9)
        configuration.gradientApplications = nil
        configuration.family = .transformer
        #expect(configuration.schedule == .once)
        #expect(!configuration.schedule.updatesLow)
        #expect(configuration.stacks.map(\.name) == ["H_level"])
    }

    @Test func moreGradientThanApplicationsTraps() async {
        await #expect(processExitsWith: .failure) {
            let low = ModuleApplication(stack: 0, updates: .low)
            _ = SegmentSchedule(applications: [low], gradientApplications: 2)
        }
        await #expect(processExitsWith: .failure) {
            let low = ModuleApplication(stack: 0, updates: .low)
            _ = SegmentSchedule(applications: [low], gradientApplications: 0)
        }
    }
}
