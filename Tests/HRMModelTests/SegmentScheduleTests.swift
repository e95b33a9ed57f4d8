import Testing

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
