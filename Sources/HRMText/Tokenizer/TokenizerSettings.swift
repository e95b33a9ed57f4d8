import HRMFiles

/// The supported settings of `tokenizer.json`; everything else in a file is refused by name.
enum TokenizerSettings {
    /// The pre-tokenizer without members that do not affect tokens.
    private static let split = JSONTree.object([
        "type": .text("Split"), "pattern": .object(["Regex": .text(SplitPattern.expression)]),
        "behavior": .text("Isolated"), "invert": .flag(false),
    ])
    private static let bytes = JSONTree.object([
        "type": .text("ByteLevel"), "add_prefix_space": .flag(false), "use_regex": .flag(false),
    ])

    /// Checks all members of a file except tokens and merges.
    static func check(_ file: TokenizerFile) throws(TokenizerError) {
        for (name, value) in file.settings.sorted(by: { $0.key < $1.key }) {
            try check(name, value)
        }
        for name in ["normalizer", "pre_tokenizer", "decoder"] where file.settings[name] == nil {
            try check(name, .null)
        }
        for (name, value) in file.model.settings.sorted(by: { $0.key < $1.key }) {
            try checkModel(name, value)
        }
        for token in file.addedTokens { try check(token) }
    }

    private static func check(_ name: String, _ value: JSONTree) throws(TokenizerError) {
        switch name {
        case "version": try require(name, value, in: [.text("1.0")])
        case "truncation", "padding": try require(name, value, in: [.null])
        case "normalizer": try require(name, value, in: [.object(["type": .text("NFC")])])
        case "pre_tokenizer": try checkSplit(value)
        case "post_processor":
            // The byte-level post-processor changes offsets only, whatever its members.
            if value["type"] != .text("ByteLevel") {
                try require(name, value, in: [.null, .object(["type": .text("ByteLevel")])])
            }
        case "decoder":
            if value["type"] != .text("ByteLevel") {
                try require(name, value, in: [.object(["type": .text("ByteLevel")])])
            }
        default: try refuse(name, value)
        }
    }

    private static func checkSplit(_ value: JSONTree) throws(TokenizerError) {
        guard value["type"] == .text("Sequence"), case .list(let steps)? = value["pretokenizers"],
            value.without(["type", "pretokenizers"]) == .object([:]), steps.count == 2
        else {
            throw .unsupported(
                setting: "'pre_tokenizer'", found: value.summary,
                supported: "a 'Sequence' of a 'Split' and a 'ByteLevel' pre-tokenizer")
        }
        try require("pre_tokenizer, step 1", steps[0], in: [split])
        try require("pre_tokenizer, step 2", steps[1].without(["trim_offsets"]), in: [bytes])
    }

    private static func checkModel(_ name: String, _ value: JSONTree) throws(TokenizerError) {
        let place = "model.\(name)"
        switch name {
        case "type": try require(place, value, in: [.text("BPE")])
        case "dropout", "unk_token": try require(place, value, in: [.null])
        case "continuing_subword_prefix", "end_of_word_suffix":
            try require(place, value, in: [.null, .text("")])
        case "byte_fallback", "ignore_merges": try require(place, value, in: [.flag(false)])
        // Fusing concerns unknown tokens, which a model without 'unk_token' does not write.
        case "fuse_unk": try require(place, value, in: [.flag(false), .flag(true)])
        default: try refuse(place, value)
        }
    }

    private static func check(_ token: TokenizerFile.AddedToken) throws(TokenizerError) {
        guard case .object(let settings) = token.settings else { return }
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            let place = "\(name) of the added token \(token.content.quoted)"
            switch name {
            case "single_word", "lstrip", "rstrip", "normalized":
                try require(place, value, in: [.flag(false)])
            case "special": try require(place, value, in: [.flag(false), .flag(true)])
            default: try refuse(place, value)
            }
        }
        if settings["normalized"] == nil {
            throw .inconsistent(
                place: "the added token \(token.content.quoted)", reason: "lacks 'normalized'")
        }
    }

    private static func require(
        _ name: String, _ value: JSONTree, in supported: [JSONTree]
    ) throws(TokenizerError) {
        guard !supported.contains(value) else { return }
        throw .unsupported(
            setting: name.quoted, found: value.summary.printable,
            supported: supported.map(\.summary).joined(separator: " or "))
    }

    private static func refuse(_ name: String, _ value: JSONTree) throws(TokenizerError) {
        throw .unsupported(
            setting: "the member \(name.quoted)", found: value.summary.printable,
            supported: "a file without it")
    }
}
