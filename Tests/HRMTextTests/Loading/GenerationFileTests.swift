import Foundation
import HRMFiles
import HRMTensor
import HRMText
import Testing
import _HRMTestSupport

/// `generation_config.json` beside a model: end tokens, recommended options, damaged files.
@Suite struct GenerationFileTests {
    private func load(_ generation: String) throws -> TextModel {
        let golden = try TextGolden("causal-a")
        return try withScratchFolder { folder in
            for name in ["config.json", "model.safetensors"] {
                try FileManager.default.copyItem(
                    at: golden.folder.appendingPathComponent(name),
                    to: folder.appendingPathComponent(name))
            }
            try Data(generation.utf8)
                .write(to: folder.appendingPathComponent("generation_config.json"))
            return try TextModel.load(
                folder: folder,
                options: TextModelOptions(arithmetic: .float32, workers: Workers(count: 1)))
        }
    }

    @Test func endTokensAreThoseOfTheFile() throws {
        #expect(try load(#"{"eos_token_id": [3, 7]}"#).configuration.endTokens == [3, 7])
        #expect(try load(#"{"eos_token_id": 9}"#).configuration.endTokens == [9])
        let without = try load("{}").configuration.endTokens
        #expect(without == [11])
        #expect(try load(#"{"eos_token_id": null}"#).configuration.endTokens == without)
    }

    @Test func whatSavePretrainedWritesNeedsNoRemark() throws {
        let written = """
            {"_from_model_config": true, "bos_token_id": 6, "eos_token_id": 11,
             "output_attentions": false, "output_hidden_states": false, "pad_token_id": 5,
             "transformers_version": "5.24.0", "use_cache": true}
            """
        #expect(try load(written).remarks == load("{}").remarks)
    }

    @Test func recommendedOptionsAreShown() throws {
        let remarks = try load(
            #"{"do_sample": true, "temperature": 0.6, "top_k": 20, "top_p": 0.95}"#
        ).remarks.joined()
        #expect(remarks.contains("--temperature 0.6 --top-k 20 --top-p 0.95;"))
        // These have an effect only where tokens are drawn.
        #expect(try load(#"{"temperature": 0.6, "top_k": 20}"#).remarks == load("{}").remarks)
        #expect(
            try load(#"{"repetition_penalty": 1.1, "max_new_tokens": 5}"#).remarks.joined()
                .contains("--repetition-penalty 1.1 --max-tokens 5;"))
        #expect(
            try load(#"{"length_penalty": 2, "min_p": 0.1}"#).remarks.joined()
                .contains("without effect: length_penalty, min_p"))
    }

    @Test(arguments: [
        #"{"eos_token_id": 101}"#, #"{"eos_token_id": "x"}"#, #"{"num_beams": 4}"#,
        #"{"temperature": -1}"#, #"{"top_p": "x"}"#, #"{"do_sample": 1}"#, "[]", "garbage{{", "",
    ])
    func damagedFilesAreRefused(_ text: String) {
        let error = #expect(throws: TextModelError.self) { try load(text) }
        #expect("\(String(describing: error))".contains("generation_config.json"))
    }

    @Test func survivesMutations() throws {
        let whole = Array(#"{"eos_token_id": [3, 7], "do_sample": true, "top_p": 0.95}"#.utf8)
        var random = SeededGenerator(seed: 31)
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            do {
                _ = try load(String(decoding: bytes, as: UTF8.self))
            } catch is TextModelError {}
        }
    }
}
