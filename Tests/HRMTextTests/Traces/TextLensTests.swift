import HRMText
import Testing

@Suite struct TextLensTests {
    /// The last step reads what the model says.
    @Test func lastStepIsTheOutput() throws {
        let golden = try TextGolden("prefix-a")
        let model = try golden.model()
        let row = try #require(try golden.textRows(golden.variants[0]).first)
        let positions = 1..<row.ids.count
        let steps = try TextLens.steps(of: model, row: row, positions: positions, count: 2)
        let logits = try model.logits(of: row, positions: positions)
        #expect(steps.count == positions.count)
        for (place, steps) in steps.enumerated() {
            #expect(
                steps.map(\.name) == [
                    "L1.1", "L1.2", "L1.3", "H1", "L2.1", "L2.2", "L2.3", "H2",
                ])
            let best = logits[place].indices.max { logits[place][$0] < logits[place][$1] }
            #expect(steps.last?.readings.first?.id == best.map { Int32($0) })
            for step in steps {
                #expect(step.readings.count == 2)
                #expect(step.readings[0].probability >= step.readings[1].probability)
                #expect(step.readings.allSatisfy { (0...1).contains($0.probability) })
            }
            let hasFollower = positions.lowerBound + place + 1 < row.ids.count
            #expect((steps.last?.followingProbability != nil) == hasFollower)
        }
        // The states change from pass to pass.
        #expect(Set(steps[0].map { $0.readings[0].probability }).count > 4)
    }
}
