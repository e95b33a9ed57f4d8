import HRMTensor
import Testing

@testable import HRMPerTask

/// Learning as a whole.
@Suite(.serialized) struct TaskLearnerTests {
    @Test(arguments: [false, true]) func equalSeedsGiveEqualBits(_ sizesVary: Bool) throws {
        let task = try EngineTask.tensors(sizesVary: sizesVary)
        let learners = [1, 1, 2].map { TaskLearner(task: task, seed: $0) }
        for learner in learners { for _ in 0..<3 { learner.step() } }
        #expect(learners[0].state() == learners[1].state())
        #expect(learners[0].testOutputs == learners[1].testOutputs)
        #expect(learners[0].losses == learners[1].losses)
        #expect(learners[0].state().tensors != learners[2].state().tensors)
    }

    @Test func continuesBitForBit() throws {
        let task = try EngineTask.tensors(sizesVary: true)
        let whole = TaskLearner(task: task, seed: 4)
        for _ in 0..<2 { whole.step() }
        let state = whole.state()
        let resumed = TaskLearner(task: task, seed: 5)
        resumed.restore(state)
        for _ in 0..<3 {
            whole.step()
            resumed.step()
        }
        #expect(resumed.stepCount == 5)
        #expect(resumed.state() == whole.state())
        #expect(resumed.testOutputs == whole.testOutputs)
    }

    @Test func learningReducesTheLoss() throws {
        for options in TaskLearnerOptions.variants {
            let learner = TaskLearner(task: try EngineTask.tensors(), seed: 6, options: options)
            learner.step()
            let start = learner.losses
            for _ in 0..<40 { learner.step() }
            #expect(learner.losses.total < start.total / 4, "\(options)")
            #expect(learner.losses.total.isFinite)
        }
    }

    @Test func tiedSoftmaxesRemainEqual() throws {
        var options = TaskLearnerOptions()
        options.network.tiesSoftmaxes = true
        let learner = TaskLearner(task: try EngineTask.tensors(), seed: 6, options: options)
        for _ in 0..<3 { learner.step() }
        let out = learner.network.parameters["layer.1.softmax.exy.out"].value
        // The softmaxes of rows, of columns and of both, two channels each.
        for channel in 0..<2 {
            #expect(
                out.rows(channel..<(channel + 1)).values
                    == out.rows((channel + 2)..<(channel + 3)).values)
        }
        #expect(out.rows(0..<2).values != out.rows(4..<6).values)
    }

    @Test func aStepAllocatesNoTensor() throws {
        let learner = TaskLearner(task: try EngineTask.tensors(), seed: 7)
        learner.step()
        let before = Matrix.allocationCount
        learner.step()
        // Tests run in parallel, and others allocate matrices; one quiet step is enough.
        var quiet = Matrix.allocationCount == before
        for _ in 0..<200 where !quiet {
            let before = Matrix.allocationCount
            learner.step()
            quiet = Matrix.allocationCount == before
        }
        #expect(quiet)
    }
}
