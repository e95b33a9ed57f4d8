import HRMFiles
import Testing

@testable import HRMPerTask

/// The order of tensors, and the shapes of weights, against recorded tables.
@Suite struct NetworkTableTests {
    struct Tables: Decodable {
        struct Count: Decodable {
            struct Facts: Decodable {
                var train: Int
                var test: Int
                var colours: [Int]
                var rows: Int
                var columns: Int
            }
            var facts: Facts
            var positions: Int
            var shared_weights_stored: Int
            var latent_mean: Int
        }
        var order: [String]
        var width: [String: Int]
        var softmax_subsets: [String: [String]]
        var parameters: [String: [Int]]
        var counts: [String: Count]
    }

    static let tables = Result { try GoldenFolder("tables").json(Tables.self) }

    @Test func tensorsHaveTheRecordedOrderAndWidth() throws {
        let tables = try Self.tables.get()
        #expect(AxisSet.all.map(\.name) == tables.order)
        for kind in AxisSet.all {
            #expect(tables.width[kind.name] == kind.width)
            #expect(tables.softmax_subsets[kind.name] == TiedSoftmaxes.sets(kind).map(\.name))
        }
    }

    @Test func weightsHaveTheRecordedShapes() throws {
        let tables = try Self.tables.get()
        for (_, count) in tables.counts {
            let facts = count.facts
            let layout = MultitensorLayout(
                examples: facts.train + facts.test, colours: facts.colours.count - 1,
                rows: facts.rows, columns: facts.columns)
            #expect(layout.totalPositions == count.positions)
            let all = ParameterDescription.network(layout)
            let latents = all.filter { $0.name.hasPrefix("latent") }
            let weights = all.filter { !$0.name.hasPrefix("latent") }
            #expect(
                Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.shape) })
                    == tables.parameters)
            #expect(weights.reduce(0) { $0 + $1.count } == count.shared_weights_stored)
            #expect(latents.reduce(0) { $0 + $1.count } == 2 * count.latent_mean + 18 * 4)
        }
    }

    @Test func directionsHaveTheRecordedClasses() throws {
        let ids = try GoldenFolder("tables").tensors("ids")
        for (name, kind) in [
            ("classes_both_or_none", "edxy"), ("classes_row", "edx"), ("classes_column", "edy"),
        ] {
            let wanted = try #require(try ids.tensor(name).integers())
            #expect(DirectionClasses.table(AxisSet(kind)).flatMap { $0 } == wanted)
        }
        #expect(DirectionClasses.table(AxisSet("d")) == DirectionClasses.table(AxisSet("ecdxy")))
    }
}
