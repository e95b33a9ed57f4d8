import Foundation
import HRMTensor
import HRMTraining
import Testing

/// Damaged files give an error or a value, never a crash.
@Suite struct SafetensorsMutationTests {
    static let seed: UInt64 = 20_240_611

    /// Reads bytes; what is read must be whole and must survive being written.
    private func read(_ bytes: Data, _ comment: Comment) -> Bool {
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(bytes: bytes, path: "mutated")
        } catch {
            #expect(!error.description.isEmpty, comment)
            return false
        }
        for name in file.names {
            guard let tensor = file[name] else { continue }
            #expect(tensor.floats().count == tensor.shape.reduce(1, *), comment)
        }
        let again = try? SafetensorsFile(bytes: file.encoded(), path: "again")
        #expect(again == file, comment)
        return true
    }

    @Test func everyTruncationIsRefused() {
        let whole = SafetensorsFileTests.sample.encoded()
        for count in 0..<whole.count {
            #expect(!read(whole.prefix(count), "the first \(count) bytes"))
        }
        #expect(read(whole, "the whole file"))
    }

    @Test func mutatedFilesNeverCrash() {
        print("safetensors mutations: seed \(Self.seed)")
        var generator = SeededGenerator(seed: Self.seed)
        let whole = Array(SafetensorsFileTests.sample.encoded())
        let telling = Array("{}[]\",:0129-\\u \u{0}eE.".utf8) + [0x7F, 0x80, 0xFF]
        var readable = 0
        for round in 0..<4000 {
            var bytes = whole
            // Half of the rounds keep the length, so that the offsets still fit.
            let kinds = round.isMultiple(of: 2) ? 2 : 5
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                let value = telling.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0..<kinds, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: bytes[place] = value
                case 2: bytes.insert(value, at: place)
                case 3: bytes.remove(at: place)
                default:
                    let count = Int.random(in: 1...16, using: &generator)
                    bytes.insert(contentsOf: bytes[place...].prefix(count), at: place)
                }
            }
            readable += read(Data(bytes), "seed \(Self.seed), round \(round)") ? 1 : 0
        }
        print("of 4000 mutated files, \(readable) could be read")
        #expect(readable > 50 && readable < 3900)
    }
}
