import HRMFiles
import HRMTensor
import HRMText
import Testing

/// Prefill, steps and generation against recorded numbers.
@Suite struct CacheGoldenTests {
    @Test(arguments: TextGolden.names("cache"))
    func cache(_ name: String) throws {
        let golden = try TextGolden(name)
        let model = try golden.model()
        for variant in golden.variants {
            let ids = try #require(try golden.rows(variant, "ids"))
            let types = try #require(try golden.rows(variant, "types"))
            guard case .pairs(let chunks)? = variant.inputs["chunks"] else {
                Issue.record("\(variant.name) has no chunks")
                continue
            }
            let first = try #require(chunks.first)
            let session = TextSession(model: model, capacity: 16, batch: ids.count)
            var last = try session.prefill(
                ids.indices.map { TextRow(ids: Array(ids[$0][..<first[1]]), types: types[$0]) })
            var logits: [Int: [[Float]]] = [first[1] - 1: last]
            for chunk in chunks.dropFirst() {
                if chunk[1] - chunk[0] == 1 {
                    last = try session.decode(ids.map { $0[chunk[0]] })
                } else {
                    last = try ids.indices.map {
                        try session.extend($0, with: Array(ids[$0][chunk[0]..<chunk[1]]))
                    }
                }
                logits[chunk[1] - 1] = last
            }
            try compare(golden, variant, logits, ids: ids, session: session, chunks: chunks)
        }
    }

    private func compare(
        _ golden: TextGolden, _ variant: TextGolden.Variant, _ logits: [Int: [[Float]]],
        ids: [[Int32]], session: TextSession, chunks: [[Int]]
    ) throws {
        let configuration = session.model.configuration
        let vocabulary = configuration.vocabularySize
        for output in variant.outputs {
            let expected = try golden.floats(output.tensor)
            let tolerance = try #require(output.tolerance)
            let shape = try golden.file.tensor(output.tensor).shape
            if output.tensor.hasSuffix("ogits") {
                // The recorded positions end with the last token.
                let first = ids[0].count - shape[1]
                if output.tensor.hasSuffix("fullLogits") {
                    let full = try #require(try golden.rows(variant, "typesFull"))
                    let found = try ids.indices.flatMap {
                        try session.model.logits(of: TextRow(ids: ids[$0], types: full[$0]))
                    }
                    let distance = largestDistance(found.flatMap { $0 }, expected)
                    #expect(distance <= tolerance, "\(output.tensor): \(distance)")
                    continue
                }
                var checked = 0
                for (place, rows) in logits where place >= first {
                    for (row, values) in rows.enumerated() {
                        let start = (row * shape[1] + place - first) * vocabulary
                        let distance = largestDistance(
                            values, Array(expected[start..<(start + vocabulary)]))
                        #expect(distance <= tolerance, "\(output.tensor) \(place): \(distance)")
                        checked += 1
                    }
                }
                #expect(checked > 0)
            } else {
                var found: [Float] = []
                for slot in 0..<configuration.cacheSlotCount {
                    for row in ids.indices {
                        for head in 0..<configuration.headCount {
                            let stored = session.cache.tokens(
                                0..<session.lengths[row], row: row, head: head, slot: slot)
                            found +=
                                (output.tensor.hasSuffix("keys") ? stored.keys : stored.values)
                                .values
                        }
                    }
                }
                let distance = largestDistance(found, expected)
                #expect(distance <= tolerance, "\(output.tensor): \(distance)")
            }
        }
    }

    @Test(arguments: TextGolden.names("generate"))
    func greedy(_ name: String) throws {
        let golden = try TextGolden(name)
        let model = try golden.model()
        for variant in golden.variants {
            let rows = try golden.textRows(variant).map { row -> TextRow in
                // Rows of a session have their own lengths, so padding is left out.
                let kept = row.ids.indices.filter { row.mask?[$0] != 0 }
                return TextRow(
                    ids: kept.map { row.ids[$0] },
                    types: row.types.isEmpty ? [] : kept.map { row.types[$0] })
            }
            guard case .number(let limit)? = variant.inputs["newTokens"] else { continue }
            var end: Int32 = -1
            if case .number(let id)? = variant.inputs["eos"] { end = Int32(id) }
            let output = try #require(variant.outputs.first)
            let newIds = try golden.rows(try #require(variant.ids))
            let expected = try golden.floats(output.tensor)
            let width = try #require(newIds.first).count
            let vocabulary = model.configuration.vocabularySize
            let session = TextSession(model: model, capacity: 64, batch: rows.count)
            var logits = try session.prefill(rows)
            var ids = [[Int32]](repeating: [], count: rows.count)
            for step in 0..<min(limit, width) {
                let active = session.activeRows
                for (row, values) in zip(active, logits) {
                    let start = (row * width + step) * vocabulary
                    let distance = largestDistance(
                        values, Array(expected[start..<(start + vocabulary)]))
                    #expect(
                        distance <= (output.tolerance ?? 0),
                        "\(name) \(variant.name), row \(row), step \(step): \(distance)")
                    let best = values.indices.max { values[$0] < values[$1] } ?? 0
                    ids[row].append(Int32(best))
                    if Int32(best) == end { session.finish(row) }
                }
                guard step + 1 < limit, !session.activeRows.isEmpty else { break }
                logits = try session.decode(session.activeRows.compactMap { ids[$0].last })
            }
            for row in rows.indices {
                #expect(
                    ids[row] == Array(newIds[row].prefix(ids[row].count)),
                    "\(name) \(variant.name), row \(row)")
                #expect(ids[row].count == width || ids[row].last == end)
            }
        }
    }
}
