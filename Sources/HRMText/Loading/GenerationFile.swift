import Foundation

/// The content of `generation_config.json`: end tokens, and recommended options of answers.
struct GenerationFile {
    /// The end tokens; nil if the file has none.
    let endTokens: [Int32]?
    /// Statements for the user.
    let remarks: [String]

    /// Members that describe the file or its making, or repeat `config.json`.
    private static let idleMembers: Set<String> = [
        "_from_model_config", "transformers_version", "use_cache", "output_attentions",
        "output_hidden_states", "output_scores", "output_logits", "return_dict_in_generate",
        "bos_token_id", "pad_token_id", "eos_token_id", "do_sample", "num_beams",
        "num_return_sequences", "max_length",
    ]

    /// Reads the file of a folder.
    ///
    /// - Parameters:
    ///   - folder: The model's folder.
    ///   - vocabularySize: The number of tokens.
    /// - Returns: The content; nil without such a file.
    /// - Throws: ``TextModelError`` for a file that is damaged or asks for several beams.
    static func read(
        in folder: URL, vocabularySize: Int
    ) throws(TextModelError) -> GenerationFile? {
        let url = folder.appendingPathComponent("generation_config.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try GenerationFile(ConfigurationFile(url), vocabularySize: vocabularySize)
    }

    private init(_ file: ConfigurationFile, vocabularySize: Int) throws(TextModelError) {
        endTokens = try file.wholes("eos_token_id", 0...(vocabularySize - 1))?
            .map { Int32($0) }
        _ = try file.whole("num_beams", 1...1, standard: 1)
        var known = Self.idleMembers
        var options: [String] = []
        let draws = try file.flag("do_sample", standard: false)
        func recommend(_ member: String, _ option: String, _ value: String) {
            known.insert(member)
            options.append("\(option) \(value)")
        }
        if file["temperature"] != nil {
            let value = try file.positive("temperature", standard: 1)
            if draws { recommend("temperature", "--temperature", "\(value)") }
        } else if draws {
            options.append("--temperature 1")
        }
        if file["top_k"] != nil {
            let value = try file.whole("top_k", 0...(1 << 24))
            if draws, value > 0 { recommend("top_k", "--top-k", "\(value)") }
        }
        if file["top_p"] != nil {
            let value = try file.positive("top_p", standard: 1)
            if draws { recommend("top_p", "--top-p", "\(value)") }
        }
        if file["repetition_penalty"] != nil {
            let value = try file.positive("repetition_penalty", standard: 1)
            recommend("repetition_penalty", "--repetition-penalty", "\(value)")
        }
        if file["max_new_tokens"] != nil {
            let value = try file.whole("max_new_tokens", 1...1_000_000_000)
            recommend("max_new_tokens", "--max-tokens", "\(value)")
        }
        // Without drawing, these members have no effect in transformers either.
        if !draws { known.formUnion(["temperature", "top_k", "top_p"]) }
        var remarks: [String] = []
        if !options.isEmpty {
            remarks.append(
                "generation_config.json recommends \(options.joined(separator: " ")); answers have "
                    + "only the options that are given")
        }
        let idle = file.names.filter { !known.contains($0) && file[$0] != nil }
        if !idle.isEmpty {
            remarks.append(
                "members of generation_config.json without effect: "
                    + idle.prefix(20).joined(separator: ", "))
        }
        self.remarks = remarks
    }
}
