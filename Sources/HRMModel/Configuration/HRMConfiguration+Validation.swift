extension HRMConfiguration {
    /// Checks that a model can be built.
    ///
    /// - Throws: ``ConfigurationError`` with the user-visible key and a value that fits.
    public func validate() throws(ConfigurationError) {
        for setting in Self.settings {
            if let rule = setting.brokenRule(self) { throw error(about: setting, rule) }
        }
        try requireLayers()
        try requireHeads()
        try require(
            gradientApplications.map { (1...applications).contains($0) } ?? true,
            \.gradientApplications,
            "must be null, or between 1 and the segment's H_cycles * (L_cycles + 1) = "
                + "\(applications) module applications")
        try requirePuzzleEmbedding()
        try requireSymbolsAndRelations()
    }

    /// Families without one of the stacks ignore its number of layers.
    private func requireLayers() throws(ConfigurationError) {
        try require(
            ((family == .tiny ? 0 : 1)...128).contains(highLayers), \.highLayers,
            "must be between 1 and 128")
        try require(
            ((family == .transformer ? 0 : 1)...128).contains(lowLayers), \.lowLayers,
            "must be between 1 and 128")
    }

    private func requireHeads() throws(ConfigurationError) {
        try require(
            headCount >= 1 && hiddenSize.isMultiple(of: headCount), \.headCount,
            "must divide hidden_size, which is \(hiddenSize)")
        try require(
            positionEncoding != .rope || mixesPositions || headSize.isMultiple(of: 2), \.headCount,
            "makes heads of hidden_size / num_heads = \(headSize), and rotary positions need an "
                + "even head size; use another number of heads, or pos_encodings=learned")
    }

    private func requirePuzzleEmbedding() throws(ConfigurationError) {
        try require(
            (0...(64 * hiddenSize)).contains(puzzleEmbeddingSize), \.puzzleEmbeddingSize,
            "must be between 0 (none) and 64 times hidden_size")
        try require(
            puzzleEmbeddingLength == 0
                || (1...(puzzleEmbeddingLength * hiddenSize)).contains(puzzleEmbeddingSize),
            \.puzzleEmbeddingLength,
            "must be 0 without a puzzle embedding, else at least puzzle_emb_ndim / hidden_size; "
                + "puzzle_emb_ndim is \(puzzleEmbeddingSize)")
    }

    private func requireSymbolsAndRelations() throws(ConfigurationError) {
        try require(
            symbolCount == 0 || symbolCount >= 2 && hiddenSize.isMultiple(of: symbolCount),
            \.symbolCount,
            "must be 0 (none), or at least 2 and divide hidden_size, which is \(hiddenSize)")
        try require(
            symbolCount == 0
                || (mixesPositions || !relations.isEmpty) && positionEncoding == .none
                    && puzzleEmbeddingSize == 0,
            \.symbolCount,
            "must be 0, or else mlp_t=true or relations, pos_encodings=none and puzzle_emb_ndim=0")
        try requireInnerWidth(of: pooledSize)
        try require(
            Set(relations).count == relations.count, \.relations,
            "must not have one of them twice")
        try require(
            relations.isEmpty
                || !mixesPositions && positionEncoding != .rope && puzzleEmbeddingSize == 0,
            \.relations,
            "must be none, or else mlp_t=false, pos_encodings=none or learned, and "
                + "puzzle_emb_ndim=0")
    }

    /// Refuses an expansion that leaves a SwiGLU without any width.
    ///
    /// - Parameter size: The number of inputs of the SwiGLU.
    /// - Throws: ``ConfigurationError`` with the resulting width and the smallest expansion that
    ///   fits.
    private func requireInnerWidth(of size: Int) throws(ConfigurationError) {
        // Four digits, rounded up.
        let least = (1.5 / Double(size) * 1e4).rounded(.up) / 1e4
        try require(
            innerSize(of: size) > 0, \.expansion,
            "gives a SwiGLU of \(size) inputs an inner width of expansion * \(size) * 2/3, "
                + "rounded: 0; use at least \(least)")
    }

    /// Checks that a model can be built for data with the given dimensions.
    ///
    /// - Throws: ``ConfigurationError`` with the user-visible key and a value that fits.
    public func validate(for dimensions: PuzzleDimensions) throws(ConfigurationError) {
        try validate()
        if mixesPositions {
            try requireInnerWidth(of: prefixLength + dimensions.sequenceLength)
        }
        try require(
            symbolCount <= dimensions.vocabularySize, \.symbolCount,
            "is more than the \(dimensions.vocabularySize) tokens of the data's vocabulary; say "
                + "how many of its last ones can change places")
        guard !relations.isEmpty else { return }
        let side = Self.side(of: dimensions.sequenceLength)
        try require(
            side > 0, \.relations,
            "is for square boards, and a puzzle of the data has \(dimensions.sequenceLength) "
                + "cells; use attention or mlp_t=true")
        try require(
            !relations.contains { [.box, .tallBox].contains($0) }
                || BoardRelation.boxRows(side: side) > 1, \.relations,
            "has boxes, and a board of side \(side) cannot be cut into any")
    }

    private func require(
        _ condition: Bool, _ path: PartialKeyPath<Self>, _ rule: String
    ) throws(ConfigurationError) {
        guard !condition, let setting = Self.settings.first(where: { $0.property?() == path })
        else { return }
        throw error(about: setting, rule)
    }

    private func error(
        about setting: ConfigurationSetting<Self>, _ rule: String
    ) -> ConfigurationError {
        ConfigurationError(
            key: String(setting.shortKey), value: setting.read(self).text, requirement: rule)
    }
}
