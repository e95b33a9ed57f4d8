package import HRMTensor

extension TextModel {
    /// Returns the logits of a whole sequence, without a cache.
    ///
    /// - Parameters:
    ///   - row: The tokens, their types, positions and mask.
    ///   - positions: The places whose logits are needed; nil for all. Place t predicts token
    ///     t + 1.
    ///   - pool: The workers; nil for workers of its own.
    ///   - observer: Receives the activations at each moment, in which place t is row t.
    /// - Returns: For each of these places, a logit for each token of the vocabulary.
    /// - Throws: ``TextSessionError`` for a row that is not valid.
    package func logits(
        of row: TextRow, positions: Range<Int>? = nil, pool: WorkerPool? = nil,
        observer: ((ForwardMoment, ForwardMemory) -> Void)? = nil
    ) throws(TextSessionError) -> [[Float]] {
        try row.check(vocabularySize: configuration.vocabularySize)
        let places = positions ?? 0..<row.ids.count
        precondition(
            places.lowerBound >= 0 && places.upperBound <= row.ids.count,
            "places \(places) of \(row.ids.count)")
        let pool = pool ?? WorkerPool(workers: workers)
        let numbers = row.positions?.map { Int($0) } ?? Array(0..<row.ids.count)
        let memory = ForwardMemory(
            configuration, rows: row.ids.count, precision: precision, workerCount: pool.count)
        let pass = ForwardPass(
            model: self, pool: pool,
            rotary: configuration.rotary(positions: (numbers.max() ?? 0) + 1),
            cache: KeyValueCache(
                configuration, slotCount: 1, batch: 1, capacity: row.ids.count,
                precision: precision),
            memory: memory,
            segments: [
                ForwardSegment(
                    rows: 0..<row.ids.count, cacheRow: 0, start: 0, positions: numbers,
                    visibility: row.visibility(
                        hasPrefixAttention: configuration.hasPrefixAttention))
            ], observer: observer)
        pass.run(row.ids)
        return OutputHead.logits(self, states: memory.high, rows: Array(places), pool: pool)
    }
}

extension TextConfiguration {
    /// Returns the tables of angles for positions from 0 on.
    func rotary(positions: Int) -> RotaryEmbedding {
        RotaryEmbedding(
            positions: positions, headCount: headCount, headSize: headSize, theta: rotaryBase)
    }
}
