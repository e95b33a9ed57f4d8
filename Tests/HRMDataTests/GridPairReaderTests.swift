import Foundation
import HRMData
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct GridPairReaderTests {
    static let characters = try? GridAlphabet(characters: ".ab")

    static func read(
        _ bytes: some Sequence<UInt8>, alphabet: GridAlphabet? = nil
    ) throws -> (pairs: [GridPair], error: GridFileError?) {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("pairs")
            try Data(bytes).write(to: url)
            var pairs: [GridPair] = []
            do {
                var reader = try GridPairReader(contentsOf: url, alphabet: alphabet)
                while let pair = try reader.next() { pairs.append(pair) }
            } catch let error as GridFileError {
                #expect(error.path == url.path)
                return (pairs, error)
            }
            return (pairs, nil)
        }
    }

    static let pair = GridPair(
        input: PuzzleGrid(rows: 2, columns: 2, cells: [0, 1, 2, 0]),
        output: PuzzleGrid(rows: 1, columns: 3, cells: [1, 1, 2]))

    @Test(arguments: [
        #"{"input": [[0,1],[2,0]], "output": [[1,1,2]]}"#,
        #"{"output": ["112"], "more": {"x": 1}, "input": ["01", "20"]}"#,
        "\u{FEFF}\n" + #"{"input": "01/20", "output": "1 1 2", "task": null}"# + "\r\n\n",
        #"[{"input": [[0,1],[2,0]], "output": [[1,1,2]]}]"#,
        "\u{FEFF} [\n{\"input\": [[0,\n1],[2,0]],\r\n \"output\": [[1,1,2]], \"x\": \"]},[\\\"\"}\n]\n ",
        "{\n  \"input\": [[0, 1], [2, 0]],\n  \"output\": \"112\"\n}\n",
        "input,output\n01/20,112\n", "01/20,112", "01/20,112,\n",
        "task,output,input\n,112,\"0,1/2,0\"", "input,output\n\"[[0,1],[2,0]]\",\"[[1,1,2]]\"",
        "\"01\n20\",112",
    ])
    func numbersAreReadFromAnyForm(_ text: String) throws {
        let result = try Self.read(text.utf8)
        #expect(result.error == nil, "\(String(describing: result.error))")
        #expect(result.pairs == [Self.pair])
    }

    @Test(arguments: [
        #"{"input": ".a/b.", "output": "aab"}"#, #"{"input": [".a", "b."], "output": [[1,1,2]]}"#,
        ".a/b.,aab", "input,output\n\".a\nb.\",aab\n",
    ])
    func charactersAreReadFromAnyForm(_ text: String) throws {
        let result = try Self.read(text.utf8, alphabet: Self.characters)
        #expect(result.error == nil, "\(String(describing: result.error))")
        #expect(result.pairs == [Self.pair])
    }

    @Test func listsAndLinesAreTheSame() throws {
        let objects = (0..<3000).map {
            #"{"input": [[\#($0 % 7), 1]], "output": [[\#($0 % 5)]], "task": "t\#($0 % 3)"}"#
        }
        let lines = try Self.read(objects.joined(separator: "\n").utf8)
        #expect(lines.pairs.count == 3000 && lines.error == nil)
        for separator in [",", ", ", ",\n", "\n,"] {
            let list = try Self.read("[\(objects.joined(separator: separator))]".utf8)
            #expect(list.pairs == lines.pairs, "\(String(describing: list.error))")
        }
        #expect(try Self.read("[\(objects[0]),\n]".utf8).pairs == [lines.pairs[0]])
        #expect(try Self.read(objects[0...1].joined().utf8).pairs == Array(lines.pairs[0...1]))
    }

    @Test(arguments: [
        ("[%,,%]", 1, 1), ("[%\n%]", 2, 1), ("[%\n,%", 2, 2), ("[%,\n%]]", 2, 2),
        ("[%]\n%", 2, 1), ("%,\n%", 1, 1), ("[[%]]", 1, 0), ("[%,\n 7]", 2, 1),
        ("%\n[%]", 2, 1), ("[", 1, 0), ("[,%]", 1, 0), ("[\n\"x]", 2, 0), ("%\n]", 2, 1),
        ("{\"train\": [%], \"test\": [%]}", 1, 0), ("[%, \n{\"input\": \"1\"", 2, 1),
    ])
    func listsMustBeWhole(form: String, line: Int, count: Int) throws {
        let good = #"{"input": "1", "output": "2"}"#
        let result = try Self.read(form.replacingOccurrences(of: "%", with: good).utf8)
        #expect(result.pairs.count == count, "\(form)")
        #expect(result.error?.line == line, "\(form): \(String(describing: result.error))")
    }

    @Test(arguments: [
        (#"{"input": "1", "output": "2", "input": "3"}"#, "the name 'input' twice"),
        (#"{"input": "1", "output": "2", "task": 3}"#, "'task' is not a text"),
        (#"{"input": [[0.5]], "output": "2"}"#, "row 1, column 1 is not a whole number"),
        (#"{"input": [[1],[2,"a"]], "output": "2"}"#, "row 2, column 2 is not a whole number"),
        (#"{"input": [1], "output": "2"}"#, "row 1 is not a list of numbers"),
        (#"{"input": 1, "output": "2"}"#, "neither a list of rows nor a text"),
        (#"{"train": [], "test": []}"#, "hrm prepare arc"),
    ])
    func wrongMembersAreExplained(text: String, reason: String) throws {
        let error = try #require(try Self.read(text.utf8).error)
        #expect(error.description.contains(reason), "\(error)")
        #expect(!error.description.contains("String") && !error.description.contains("Int"))
    }

    @Test func otherKindsOfFilesAreNamed() throws {
        for (bytes, word) in [
            ([0x1F, 0x8B, 8, 0], "gunzip"), ([0x93] + Array("NUMPY\u{1}".utf8), "NumPy"),
            (Array("PAR1xxxx".utf8), "Parquet"),
        ] as [([UInt8], String)] {
            let error = try #require(try Self.read(bytes).error)
            #expect("\(error)".contains(word), "\(error)")
        }
    }

    /// With replacement characters, different names could become equal.
    @Test func namesThatAreNotTextAreRefused() throws {
        var csv: [UInt8] = []
        var json: [UInt8] = []
        for name in [0xE9, 0xE8] as [UInt8] {
            csv += Array("1,2,".utf8) + [name, 0x0A]
            json += Array(#"{"input": "1", "output": "2", "task": ""#.utf8)
            json += [name] + Array("\"}\n".utf8)
        }
        let error = try #require(try Self.read(csv).error)
        #expect("\(error)".contains("the task is not UTF-8"))
        #expect(try Self.read(json).error?.line == 1)
    }

    @Test func tasksAreKept() throws {
        let json = #"{"input": "1", "output": "2", "task": "x"}"# + "\n"
        #expect(try Self.read(json.utf8).pairs.map(\.task) == ["x"])
        #expect(try Self.read("input,output,task\n1,2,x\n".utf8).pairs.map(\.task) == ["x"])
    }

    static let broken: [(line: String, problem: GridFileError.Problem)] = [
        (
            #"{"input": [[0,1],[2]], "output": "1"}"#,
            .pair(.grid(member: "input", .ragged(row: 1, cells: 1, expected: 2)))
        ),
        (#"{"input": [], "output": "1"}"#, .pair(.grid(member: "input", .empty))),
        (#"{"input": "1", "output": ""}"#, .pair(.grid(member: "output", .empty))),
        (
            #"{"input": [[0,-1]], "output": "1"}"#,
            .pair(
                .grid(
                    member: "input", .symbolOutOfRange(-1, row: 0, column: 1, count: 254)))
        ),
        (
            #"{"input": "1", "output": "1/x"}"#,
            .pair(.grid(member: "output", .alphabetMissing("x")))
        ),
        (#"{"input": "1"}"#, .pair(.json(reason: "the key 'output' is missing"))),
        (#"{"output": "1"}"#, .pair(.json(reason: "the key 'input' is missing"))),
        (#"{"input": "1", "output": "1""#, .pair(.json(reason: "it is not valid JSON"))),
    ]

    @Test(arguments: broken.indices)
    func errorsNameTheLine(_ index: Int) throws {
        let good = #"{"input": "1", "output": "2"}"#
        let sample = Self.broken[index]
        let result = try Self.read("\(good)\n\n\(sample.line)\n\(good)".utf8)
        #expect(result.pairs.count == 1)
        #expect(result.error?.line == 3)
        #expect(result.error?.problem == sample.problem)
        #expect(result.error?.description.contains("pairs, line 3: ") == true)
    }

    @Test func tablesSayWhatIsWrong() throws {
        let csv = try Self.read("input,output\n01/20,112\n01/2,112\n".utf8)
        #expect(csv.error?.line == 3)
        #expect(
            csv.error?.problem
                == .pair(.grid(member: "input", .ragged(row: 1, cells: 1, expected: 2))))
        #expect(
            try Self.read("input,answer\n1,1\n".utf8).error?.problem
                == .table(.missingColumn("output")))
        #expect(
            try Self.read("1,1\n1,1,1,1\n".utf8).error?.problem
                == .table(.fieldCount(found: 4, expected: 2)))
        let unknown = try Self.read(".a,.c\n".utf8, alphabet: Self.characters).error
        #expect(
            "\(try #require(unknown))".contains("'c' in row 1, column 2 is not in the alphabet"))
        let long = "{" + String(repeating: " ", count: 1_100_000) + "}"
        #expect(
            try Self.read(long.utf8).error?.problem == .table(.lineTooLong(limit: 1 << 20)))
    }

    /// Damaged files give grids or an error with its place.
    @Test func survivesMutation() throws {
        let lines = [
            #"{"input": [[0,1],[2,0]], "output": [[1,1,2]], "task": "a"}"#,
            #"{"input": ["01","20"], "output": "112"}"#,
            #"[{"input": [[0,1]], "output": [[1,2]]}, {"input": "01", "output": "1"}]"#,
            "input,output,task\n01/20,112,a",
        ]
        let series = Mutations(
            "grid pairs", count: 4500, seed: 77, telling: "[]{}\",:/019\n -".utf8)
        try series.run(on: lines.map { Array("\($0)\n\($0)\n".utf8) }) { round in
            let result = try Self.read(round.bytes)
            for pair in result.pairs {
                #expect(
                    !pair.input.cells.isEmpty && !pair.output.cells.isEmpty,
                    "\(round.description)")
                #expect(
                    pair.input.cells.allSatisfy { $0 < GridAlphabet.mostSymbols },
                    "\(round.description)")
            }
            return result.error == nil
        }
    }

    @Test func alphabetsAreChecked() throws {
        #expect(throws: GridError.alphabetSize(0)) { try GridAlphabet(characters: "") }
        #expect(throws: GridError.repeatedCharacter("a")) { try GridAlphabet(characters: "aba") }
        for character in ["/", "[", "{", "\"", "\n", "\u{7}", "\u{200B}"] {
            #expect(throws: GridError.self) { try GridAlphabet(characters: "a\(character)") }
        }
        let many = String((UInt8(1)...255).map { Character(Unicode.Scalar($0)) })
        #expect(throws: GridError.alphabetSize(255)) { try GridAlphabet(characters: many) }
    }

    @Test func linesAreReadBack() throws {
        var random = SeededGenerator(seed: 8)
        for alphabet in [.numbers(3), .numbers(40), try GridAlphabet(characters: "#. é")] {
            for _ in 0..<50 {
                let (rows, columns) = (
                    Int.random(in: 1...5, using: &random), Int.random(in: 2...5, using: &random)
                )
                let grid = PuzzleGrid(
                    rows: rows, columns: columns,
                    cells: (0..<(rows * columns)).map { _ in
                        .random(in: 0..<UInt8(alphabet.count), using: &random)
                    })
                let question = try GridQuestion(parsing: alphabet.line(grid), alphabet: alphabet)
                #expect(question.input == grid)
                #expect(question.output == nil && question.task == nil)
            }
        }
        #expect(throws: GridQuestionError.self) {
            try GridQuestion(parsing: "[[0,1],[2]]", alphabet: .numbers(3))
        }
        #expect(throws: GridQuestionError.self) {
            try GridQuestion(parsing: #"{"output": "1"}"#, alphabet: .numbers(3))
        }
    }
}
