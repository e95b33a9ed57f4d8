import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMModel

@Suite struct TokenLossTests {
    private static let logits: [[Float]] = [
        [0], [0, 0, 0], [1, -1], [0.5, -0.25, 3, -7, 2], [-1, -2, -3], [80, -80, 0.1],
        [1e4, -1e4, 5, 0], [-0.0, 0, 1e-8, -1e-8],
    ]

    /// `p` of each logit, by the definition.
    private static func probabilities(_ logits: [Float], _ type: LossType) -> [Double] {
        let x = logits.map(Double.init)
        let weights: [Double] =
            switch type {
            case .stablemaxCrossEntropy: x.map { $0 >= 0 ? $0 + 1 : 1 / (1 - $0) }
            case .softmaxCrossEntropy: x.map { exp($0 - (x.max() ?? 0)) }
            }
        return weights.map { $0 / weights.reduce(0, +) }
    }

    @Test(arguments: LossType.allCases)
    func theValueIsMinusTheLogarithmOfTheProbability(type: LossType) {
        for logits in Self.logits {
            // Embedded among numbers that must not count.
            let span: [Float] = [.nan, .nan] + logits + [.nan]
            for label in logits.indices {
                let value = TokenLoss.value(
                    type, logits: span.span, cell: 2..<(2 + logits.count), label: label)
                let expected = -log(Self.probabilities(logits, type)[label])
                if expected.isFinite {
                    expectClose(
                        value, expected, Tolerance(absolute: 1e-14, relative: 1e-14),
                        "\(type) \(logits), label \(label)")
                } else {
                    // The probability vanishes, its logarithm does not.
                    expectClose(
                        value, Double(logits.max() ?? 0) - Double(logits[label]),
                        Tolerance(relative: 1e-14), "\(type) \(logits), label \(label)")
                }
            }
        }
    }

    @Test(arguments: LossType.allCases)
    func theGradientIsTheDerivative(type: LossType) {
        var generator = SeededGenerator(seed: 111)
        for vocabulary in [1, 2, 5, 11] {
            // Multiples of 2⁻¹⁰, so that adding a step is exact.
            let logits = generator.values(vocabulary, scale: 3).map {
                ($0 * 0x1p10).rounded() * 0x1p-10
            }
            for label in 0..<vocabulary {
                var gradient = [Float](repeating: .nan, count: vocabulary + 2)
                var span = gradient.mutableSpan
                TokenLoss.gradient(
                    type, logits: ([0] + logits + [0]).span, cell: 1..<(vocabulary + 1),
                    label: label, weight: 0.75, into: &span)
                #expect(gradient[0].isNaN && gradient[vocabulary + 1].isNaN)
                let numerical = logits.indices.map { index in
                    centralDifference(step: 0x1p-6) { distance in
                        var moved = logits
                        moved[index] += distance
                        return 0.75
                            * TokenLoss.value(
                                type, logits: moved.span, cell: 0..<vocabulary, label: label)
                    }
                }
                // h⁴ = 6e−8; a logit within h of 0 meets stablemax's bend, a second derivative
                // that jumps by up to 4.
                let bend = type == .stablemaxCrossEntropy && logits.contains { abs($0) < 0x1p-5 }
                expectClose(
                    gradient[1...vocabulary].map(Double.init), numerical,
                    Tolerance(absolute: bend ? 0x1p-6 : 2e-6, relative: 1e-6),
                    "\(type) \(logits), label \(label)")
            }
        }
    }

    /// With smoothing: the cross-entropy with the mixed target, written out.
    @Test(arguments: LossType.allCases, [0.1, 0.5, 0.9])
    func smoothingWantsALittleOfEveryToken(type: LossType, smoothing: Double) {
        for logits in [[0.5, -0.25, 3, -0.75, 2], [0, 0, 0], [-1, -2, -3], [4]] as [[Float]] {
            let padded: [Float] = [.nan] + logits + [.nan]
            let cell = 1..<(1 + logits.count)
            let share = smoothing / Double(logits.count)
            let logarithms = Self.probabilities(logits, type).map { log($0) }
            for label in logits.indices {
                let expected = -logarithms.indices.reduce(0.0) {
                    $0 + ($1 == label ? 1 - smoothing + share : share) * logarithms[$1]
                }
                expectClose(
                    TokenLoss.value(
                        type, logits: padded.span, cell: cell, label: label, smoothing: smoothing),
                    expected, Tolerance(absolute: 1e-14, relative: 1e-14),
                    "\(type) \(logits), label \(label), smoothing \(smoothing)")
            }
        }
    }

    @Test(arguments: LossType.allCases, [0.2, 0.8])
    func theSmoothedGradientIsTheDerivative(type: LossType, smoothing: Double) {
        // No logit within a step of stablemax's bend.
        let logits: [Float] = [0.5, -0.25, 3, -7, 2]
        for label in logits.indices {
            var gradient = [Float](repeating: 0, count: logits.count)
            var span = gradient.mutableSpan
            TokenLoss.gradient(
                type, logits: logits.span, cell: 0..<logits.count, label: label, weight: 0.75,
                smoothing: smoothing, into: &span)
            let numerical = logits.indices.map { index in
                centralDifference(step: 0x1p-6) { distance in
                    var moved = logits
                    moved[index] += distance
                    return 0.75
                        * TokenLoss.value(
                            type, logits: moved.span, cell: 0..<logits.count, label: label,
                            smoothing: smoothing)
                }
            }
            expectClose(
                gradient.map(Double.init), numerical, Tolerance(absolute: 2e-6, relative: 1e-6),
                "\(type), label \(label), smoothing \(smoothing)")
        }
    }

    /// In float64 the sum of a cell's gradients under softmax is 0.
    @Test func theSoftmaxGradientsAddUpToNothing() {
        for logits in Self.logits {
            var gradient = [Float](repeating: 0, count: logits.count)
            var span = gradient.mutableSpan
            TokenLoss.gradient(
                .softmaxCrossEntropy, logits: logits.span, cell: 0..<logits.count, label: 0,
                weight: 1, into: &span)
            expectClose(
                gradient.reduce(0.0) { $0 + Double($1) }, 0, Tolerance(absolute: 2e-7),
                "\(logits)")
        }
    }

    @Test func theFirstOfEqualsIsMostLikely() {
        let cells: [([Float], Int)] = [
            ([1], 0), ([1, 1], 0), ([0, 1, 1], 1), ([-2, -1, -1, -3], 1), ([3, 2, 3], 0),
            ([-0.0, 0], 0), ([1, 2, 3], 2),
        ]
        for (logits, expected) in cells {
            let padded: [Float] = [9] + logits + [9]
            #expect(
                TokenLoss.mostLikely(padded.span, cell: 1..<(logits.count + 1)) == expected,
                "\(logits)")
        }
    }
}

@Suite struct QLossTests {
    @Test func theValueIsTheCrossEntropy() {
        for x in [-30.0, -3, -0.5, 0, 1e-9, 2, 30] {
            for t in [0, 0.25, 0.5, 1] {
                let p = 1 / (1 + exp(-x))
                // 1 − p, without cancellation.
                let rest = 1 / (1 + exp(x))
                expectClose(
                    QLoss.value(logit: x, target: t), -t * log(p) - (1 - t) * log(rest),
                    Tolerance(absolute: 1e-15, relative: 1e-14), "BCE(\(x), \(t))")
                expectClose(
                    QLoss.gradient(logit: x, target: t), p - t, Tolerance(absolute: 1e-15),
                    "its slope at (\(x), \(t))")
            }
        }
    }

    @Test func hugeLogitsDoNotOverflow() {
        #expect(QLoss.value(logit: 1e6, target: 0) == 1e6)
        #expect(QLoss.value(logit: -1e6, target: 1) == 1e6)
        #expect(QLoss.value(logit: 1e6, target: 1) == 0)
        #expect(QLoss.sigmoid(1e6) == 1 && QLoss.sigmoid(-1e6) == 0 && QLoss.sigmoid(0) == 0.5)
    }

    @Test func theGradientIsTheDerivative() {
        for x in [-4.0, -0.1, 0, 0.3, 5] {
            for t in [0, 0.3, 1] {
                expectClose(
                    QLoss.gradient(logit: x, target: t),
                    centralDifference(step: 0x1p-7) {
                        QLoss.value(logit: x + Double($0), target: t)
                    }, Tolerance(absolute: 1e-9), "(\(x), \(t))")
            }
        }
    }
}

/// The loss head on a sequence of three cells of a vocabulary of two, behind one cell of padding.
@Suite struct SequenceLossTests {
    private static let logits: [Float] = [9, 9, 2, 0, -1, 1, 0.5, 0.5]

    private static func loss(
        _ labels: [Int32], type: LossType = .softmaxCrossEntropy, target: Double? = 0.25
    ) -> SequenceLoss {
        SequenceLoss(
            type: type, logits: logits.span, first: 2, vocabulary: 2, labels: labels[...],
            qLogits: (halt: 0.5, continue: -1), targetQContinue: target)
    }

    private static func cell(_ index: Int, _ label: Int, _ type: LossType) -> Double {
        let first = 2 + 2 * index
        return TokenLoss.value(type, logits: logits.span, cell: first..<(first + 2), label: label)
    }

    @Test(arguments: LossType.allCases)
    func cellsAreAveragedOverTheLabelledOnes(type: LossType) {
        let loss = Self.loss([0, TokenLoss.ignoredLabel, 1], type: type)
        #expect(loss.labelCount == 2)
        // The tie in the third cell goes to token 0.
        #expect(loss.correctCount == 1)
        #expect(!loss.isExact)
        expectClose(
            loss.tokenLoss, (Self.cell(0, 0, type) + Self.cell(2, 1, type)) / 2,
            Tolerance(relative: 1e-14), "token loss")
        #expect(loss.qHaltLoss == QLoss.value(logit: 0.5, target: 0))
        #expect(loss.qContinueLoss == QLoss.value(logit: -1, target: 0.25))
        #expect(loss.total == loss.tokenLoss + 0.5 * (loss.qHaltLoss + loss.qContinueLoss))
    }

    @Test func aRightSequenceIsExact() {
        let loss = Self.loss([0, 1, 0])
        #expect(loss.correctCount == 3 && loss.labelCount == 3 && loss.isExact)
        #expect(loss.qHaltLoss == QLoss.value(logit: 0.5, target: 1))
    }

    @Test func withoutLabelsNothingIsLostAndEverythingIsRight() {
        let ignored = [Int32](repeating: TokenLoss.ignoredLabel, count: 3)
        let loss = Self.loss(ignored)
        #expect(loss.labelCount == 0 && loss.tokenLoss == 0 && loss.isExact)
        #expect(loss.qHaltLoss == QLoss.value(logit: 0.5, target: 1))
        var gradient = [Float](repeating: 7, count: Self.logits.count)
        var span = gradient.mutableSpan
        let q = loss.gradient(
            type: .softmaxCrossEntropy, logits: Self.logits.span, first: 2, vocabulary: 2,
            labels: ignored[...], qLogits: (halt: 0.5, continue: -1), targetQContinue: 0.25,
            scale: 2, into: &span)
        #expect(gradient == [7, 7, 0, 0, 0, 0, 0, 0])
        #expect(q.halt == Float(QLoss.gradient(logit: 0.5, target: 1)))
    }

    @Test func evaluationHasNoTarget() {
        let loss = Self.loss([0, 0, 0], target: nil)
        #expect(loss.qContinueLoss == 0)
        var gradient = [Float](repeating: 0, count: Self.logits.count)
        var span = gradient.mutableSpan
        let labels: [Int32] = [0, 0, 0]
        let q = loss.gradient(
            type: .softmaxCrossEntropy, logits: Self.logits.span, first: 2, vocabulary: 2,
            labels: labels[...], qLogits: (halt: 0.5, continue: -1), targetQContinue: nil,
            scale: 1, into: &span)
        #expect(q.continue == 0 && q.halt != 0)
    }

    /// Of the total, with respect to every logit and both Q logits; none of these moves flips what
    /// is right.
    @Test(arguments: LossType.allCases, [0, 0.3])
    func theGradientIsTheDerivativeOfTheScaledTotal(type: LossType, smoothing: Double) {
        let labels: [Int32] = [0, TokenLoss.ignoredLabel, 1]
        let start: [Float] = [9, 9, 2, -0.5, -1, 1, 0.5, 0.25, 0.5, -1]
        func total(_ x: [Float]) -> (loss: SequenceLoss, value: Double) {
            let loss = SequenceLoss(
                type: type, logits: x.span, first: 2, vocabulary: 2, labels: labels[...],
                qLogits: (halt: x[8], continue: x[9]), targetQContinue: 0.25,
                smoothing: smoothing)
            return (loss, 3 * loss.total)
        }
        var gradient = [Float](repeating: 0, count: 8)
        var span = gradient.mutableSpan
        let q = total(start).loss.gradient(
            type: type, logits: start.span, first: 2, vocabulary: 2, labels: labels[...],
            qLogits: (halt: start[8], continue: start[9]), targetQContinue: 0.25,
            smoothing: smoothing, scale: 3, into: &span)
        let numerical = start.indices.map { index in
            centralDifference(step: 0x1p-6) { distance in
                var moved = start
                moved[index] += distance
                return total(moved).value
            }
        }
        expectClose(
            (gradient + [q.halt, q.continue]).map(Double.init), numerical,
            Tolerance(absolute: 2e-6), "\(type), smoothing \(smoothing)")
    }
}
