import Foundation
import HRMFiles
import HRMTensor
import HRMText
import Testing

/// Gradients, optimizer steps and averages against recorded numbers.
@Suite struct TrainingGoldenTests {
    /// Creates a learner with the weights of a case.
    private func learner(
        _ golden: TextGolden, _ settings: TextLearner.Settings = .init()
    ) throws -> TextLearner {
        let model = try golden.model()
        return TextLearner(
            configuration: model.configuration, parameters: TextParameters(model),
            initialLow: model.weights.initialLow, settings: settings, workers: Workers(count: 2))
    }

    @Test(arguments: TextGolden.names("gradients"))
    func gradients(_ name: String) throws {
        let golden = try TextGolden(name)
        for variant in golden.variants {
            var settings = TextLearner.Settings()
            settings.freezesPaddingRow = true
            let learner = try learner(golden, settings)
            let rows = try golden.textRows(variant)
            let labels = try #require(try golden.rows(variant, "labels"))
            guard case .numbers(let cycles)? = variant.inputs["L_bp_cycles"] else { continue }
            // Labels stand at their own places.
            let targets = labels.map { $0.dropFirst() + [-100] }
            let loss = try learner.computeGradients(
                rows, targets: targets.map(Array.init),
                plan: GradientPlan(lowCycles: cycles, learner.configuration))
            let found = Dictionary(
                uniqueKeysWithValues: zip(learner.gradients.named, learner.hasGradient)
                    .filter { $0.1 }.map { ($0.0.name, $0.0.matrix.values) })
            var names: Set<String> = []
            for output in variant.outputs {
                let expected = try golden.floats(output.tensor)
                let tolerance = try #require(output.tolerance)
                if output.tensor.hasSuffix(".loss") {
                    #expect(abs(Float(loss.meanLoss) - expected[0]) <= tolerance)
                    continue
                }
                let tensor = String(output.tensor.dropFirst("\(variant.name).grad.".count))
                names.insert(tensor)
                let distance = largestDistance(try #require(found[tensor]), expected)
                #expect(distance <= tolerance, "\(output.tensor): \(distance)")
            }
            #expect(names == Set(found.keys))
        }
    }

    private struct Recipe: Decodable {
        struct Gradient: Decodable {
            var bp_steps: Int
            var loss: Double
            var lossTolerance: Double
            var gradTolerance: Float
            var withoutGradient: [String]
        }
        struct Step: Decodable {
            var lr: Double
            var bp_steps: Int
            var loss: Double
            var tokensRight: Int
            var tokens: Int
            var samplesRight: Int
        }
        struct Final: Decodable {
            var parameterTolerance: Float
            var emaTolerance: Float
            var lossTolerance: Double
            var betas: [Double]
            var weightDecay: Double
            var ema: Double
        }
        struct Logits: Decodable {
            var tensor: String
            var tolerance: Float
        }
        var gradients: [Gradient]
        var steps: [Step]
        var logits: Logits
        var final: Final
    }

    @Test(arguments: TextGolden.names("train"))
    func training(_ name: String) throws {
        let golden = try TextGolden(name)
        let recipe = try JSONDecoder().decode(
            Recipe.self, from: Data(contentsOf: golden.folder.appendingPathComponent("case.json")))
        let row = TextRow(
            ids: try golden.rows("ids")[0], types: try golden.rows("types")[0],
            positions: try golden.rows("positions")[0])
        let targets = try golden.rows("targets")
        var settings = TextLearner.Settings()
        settings.beta1 = recipe.final.betas[0]
        settings.beta2 = recipe.final.betas[1]
        settings.weightDecay = recipe.final.weightDecay
        settings.averageDecay = recipe.final.ema
        let learner = try learner(golden, settings)

        let logits = try golden.model().logits(of: row).flatMap { $0 }
        #expect(
            largestDistance(logits, try golden.floats(recipe.logits.tensor))
                <= recipe.logits.tolerance)
        for gradient in recipe.gradients {
            let loss = try learner.computeGradients(
                [row], targets: targets,
                plan: GradientPlan(steps: gradient.bp_steps, learner.configuration))
            #expect(abs(loss.meanLoss - gradient.loss) <= gradient.lossTolerance)
            for ((name, matrix), has) in zip(learner.gradients.named, learner.hasGradient) {
                #expect(has != gradient.withoutGradient.contains(name), "\(name)")
                guard has else { continue }
                let distance = largestDistance(
                    matrix.values, try golden.floats("bp\(gradient.bp_steps).grad.\(name)"))
                #expect(
                    distance <= gradient.gradTolerance,
                    "bp\(gradient.bp_steps) \(name): \(distance)"
                )
            }
        }
        for step in recipe.steps {
            let loss = try learner.computeGradients(
                [row], targets: targets,
                plan: GradientPlan(steps: step.bp_steps, learner.configuration))
            #expect(abs(loss.meanLoss - step.loss) <= recipe.final.lossTolerance)
            #expect(loss.tokenCount == step.tokens)
            #expect(loss.rightTokenCount == step.tokensRight)
            #expect(loss.rightSampleCount == step.samplesRight)
            learner.update(learningRate: step.lr)
        }
        for (parameters, prefix, tolerance) in [
            (learner.parameters, "final", recipe.final.parameterTolerance),
            (learner.average, "ema", recipe.final.emaTolerance),
        ] {
            for (name, matrix) in parameters.named {
                let distance = largestDistance(
                    matrix.values, try golden.floats("\(prefix).\(name)"))
                #expect(distance <= tolerance, "\(prefix) \(name): \(distance)")
            }
        }
        let names = learner.parameters.named.map(\.name)
        #expect(learner.updateCounts[names.firstIndex(of: "model.embed_tokens.weight") ?? 0] == 5)
        #expect(learner.updateCounts.max() == 6)
    }
}
