import Foundation
package import HRMTensor

/// The results of a model on examples that it was not trained on.
package struct TextExamination: Sendable, Equatable {
    /// The mean cross entropy of all targets, in nats.
    package var meanLoss = 0.0
    /// The number of targets.
    package var tokenCount = 0
    /// The targets that are the most likely token.
    package var rightTokenCount = 0
    /// The number of examples.
    package var count = 0
    /// The examples all of whose targets are the most likely token.
    ///
    /// A greedy answer equals the right one exactly if each of its tokens is the most likely one
    /// after the right tokens before it, so this is the exact match of generated answers.
    package var exactCount = 0

    /// The share of right targets.
    package var accuracy: Double { Double(rightTokenCount) / Double(max(1, tokenCount)) }
    /// The share of right examples.
    package var exactAccuracy: Double { Double(exactCount) / Double(max(1, count)) }

    private static let packedTokens = 512

    /// Examines a model.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - lessons: The examples.
    ///   - pool: The workers.
    /// - Returns: The results.
    /// - Throws: ``TextSessionError`` for an example that does not fit the model.
    package static func of(
        _ model: TextModel, on lessons: [TextLesson], pool: WorkerPool
    ) throws(TextSessionError) -> TextExamination {
        var result = TextExamination()
        var sum = 0.0
        var first = 0
        while first < lessons.count {
            // Examples are packed, and see only themselves.
            var last = first
            var tokens = 0
            while last < lessons.count,
                last == first || tokens + lessons[last].row.ids.count <= packedTokens
            {
                tokens += lessons[last].row.ids.count
                last += 1
            }
            let part = lessons[first..<last]
            let row = TextRow(
                ids: part.flatMap(\.row.ids),
                types: part.flatMap { lesson in
                    lesson.row.types.isEmpty
                        ? [Int32](repeating: 0, count: lesson.row.ids.count) : lesson.row.types
                },
                positions: part.flatMap { (0..<$0.row.ids.count).map { Int32($0) } })
            let logits = try model.logits(of: row, pool: pool)
            var place = 0
            for lesson in part {
                var isExact = true
                for target in lesson.targets {
                    defer { place += 1 }
                    guard target >= 0 else { continue }
                    let values = logits[place]
                    let best = values.indices.max { values[$0] < values[$1] }
                    let isRight = best == Int(target)
                    result.tokenCount += 1
                    result.rightTokenCount += isRight ? 1 : 0
                    isExact = isExact && isRight
                    sum -= log(TokenProbabilities(values)[target])
                }
                result.count += 1
                result.exactCount += isExact ? 1 : 0
            }
            first = last
        }
        result.meanLoss = sum / Double(max(1, result.tokenCount))
        return result
    }
}
