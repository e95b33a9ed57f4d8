import HRMDistributed
import HRMTensor
import Testing

/// Sums over processes have the order, and so the bits, of one process with all workers.
@Suite struct GradientReductionTests {
    private static func gradient(_ worker: Int, count: Int) -> [Float] {
        var generator = SeededGenerator(seed: UInt64(worker) + 7)
        return (0..<count).map { _ in
            Float.random(in: -1...1, using: &generator)
                * (Bool.random(using: &generator) ? 1e-4 : 1e3)
        }
    }

    /// Parts that divide the array, and ones that do not; fewer parts than processes.
    @Test(arguments: [(1, 3), (2, 1), (2, 2), (3, 1), (4, 2), (5, 3)], [1, 63, 64, 1000])
    func theOrderIsThatOfTheWorkers(shape: (ranks: Int, workers: Int), count: Int) {
        var expected = [Float](repeating: 0, count: count)
        for worker in 0..<(shape.ranks * shape.workers) {
            for (index, value) in Self.gradient(worker, count: count).enumerated() {
                expected[index] += value
            }
        }
        let sums = together(shape.ranks) { communicator in
            let gradients = (0..<shape.workers).map {
                Matrix(
                    Self.gradient(communicator.rank * shape.workers + $0, count: count), rows: 1,
                    columns: count)
            }
            let workers = Workers(count: shape.workers)
            let reduction = GradientReduction(communicator, workers: workers, partSize: 64)
            // The buffers of one sum serve the next.
            reduction.sum(gradients)
            let first = gradients.map(\.values)
            gradients[0].assign(
                Self.gradient(communicator.rank * shape.workers, count: count))
            for worker in 1..<max(1, shape.workers) {
                gradients[worker].assign(
                    Self.gradient(communicator.rank * shape.workers + worker, count: count))
            }
            reduction.sum(gradients)
            return [first, gradients.map(\.values)]
        }
        for repeated in sums {
            for gradients in repeated {
                #expect(gradients[0].map(\.bitPattern) == expected.map(\.bitPattern))
                for other in gradients.dropFirst() {
                    #expect(other.allSatisfy { $0 == 0 })
                }
            }
        }
    }

    /// Another order gives other bits, so the comparison above can fail.
    @Test func theOrderMatters() {
        let values = (0..<4).map { Self.gradient($0, count: 1000) }
        let pairs = (0..<1000).map {
            (values[0][$0] + values[1][$0]) + (values[2][$0] + values[3][$0])
        }
        let inOrder = (0..<1000).map {
            ((values[0][$0] + values[1][$0]) + values[2][$0]) + values[3][$0]
        }
        #expect(pairs != inOrder)
    }
}
