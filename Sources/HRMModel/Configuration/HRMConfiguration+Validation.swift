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
        try require(
            !readsCandidates
                || (2...CandidateSets.largestSymbolCount).contains(symbolCount) && ignoresContinue
                    && lossType == .softmaxCrossEntropy && labelSmoothing == 0,
            \.inputEncoding,
            "needs symbols between 2 and \(CandidateSets.largestSymbolCount), "
                + "no_ACT_continue=true, loss_type=softmax_cross_entropy and label_smoothing=0")
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
        try require(
            boardColumns == 0 || !relations.isEmpty && (1...65536).contains(boardColumns),
            \.boardColumns,
            "must be 0 (a square board, or no relations), or with relations between 1 and 65536")
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
        if !relations.isEmpty { try requireBoard(of: dimensions.sequenceLength) }
    }

    private func requireBoard(of cells: Int) throws(ConfigurationError) {
        guard let (rows, columns) = board(of: cells) else {
            try require(
                boardColumns == 0, \.boardColumns,
                "is no row of a board of the data's \(cells) cells; use the number of cells in a row"
            )
            try require(
                false, \.relations,
                "is for square boards, and a puzzle of the data has \(cells) cells; set "
                    + "board_columns to the cells in a row, or use attention or mlp_t=true")
            return
        }
        guard relations.contains(where: \.requiresSquare) else { return }
        try require(
            rows == columns, \.relations,
            "has boxes, and a board of \(rows) rows and \(columns) columns has none, since it is "
                + "not square; leave them out")
        try require(
            BoardRelation.boxRows(side: rows) > 1, \.relations,
            "has boxes, and a board of side \(rows) cannot be cut into any")
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
