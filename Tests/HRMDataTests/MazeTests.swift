import HRMData
import HRMTensor
import Testing

@Suite struct MazeTests {
    static let drawing = ["S #", "  #", "# G"]
    static let maze = try? Maze(drawing: drawing)

    @Test func isReadFromADrawingOrARow() throws {
        let maze = try Maze(drawing: Self.drawing)
        #expect(maze.size == 3)
        #expect(maze.tokens == [3, 2, 1, 2, 2, 1, 1, 2, 4])
        #expect(try Maze(parsing: "S #  ## G") == maze)
        #expect(try Maze(parsing: "S.#..##.G") == maze)
        #expect(try Maze(tokens: maze.tokens.map(Int32.init)) == maze)
        #expect(try Maze(drawing: maze.rows) == maze)
        #expect(maze.description == "S.#..##.G")
        #expect(maze.drawing == "S #\n  #\n# G\n")
        // Editors trim trailing spaces.
        #expect(try Maze(drawing: ["S #", "", "# G"])[3] == .open)
    }

    static let broken: [(rows: [String], error: MazeError)] = [
        (["S #", " x ", "# G"], .invalidCharacter("x", cell: 4, size: 3)),
        (["S #", " * "], .invalidCharacter("*", cell: 4, size: .init(rows: 2, columns: 3))),
        (["S"], .size(1)),
        ([], .size(0)),
        (Array(repeating: "##", count: 129), .size(.init(rows: 129, columns: 2))),
    ]

    @Test(arguments: broken.indices)
    func saysWhatIsWrong(_ index: Int) {
        #expect(throws: Self.broken[index].error) { try Maze(drawing: Self.broken[index].rows) }
    }

    @Test func rowsOfAnotherLengthAreRefused() {
        #expect(throws: MazeError.notSquare(cells: 8)) { try Maze(parsing: "S #  ## ") }
        #expect(throws: MazeError.size(0)) { try Maze(parsing: "") }
        #expect(throws: MazeError.invalidToken(6, cell: 1, size: 2)) {
            try Maze(tokens: [1, 6, 2, 3])
        }
    }

    @Test func questionsNeedOneStartAndOneGoal() throws {
        for (text, error) in [
            ("  #  ## G", MazeError.missing(.start)), ("S #  ##  ", .missing(.goal)),
            ("SS#  ## G", .several(.start)), ("S # G## G", .several(.goal)),
            ("So#  ## G", .pathInQuestion(cell: 1, size: 3)),
        ] {
            let maze = try Maze(parsing: text)
            #expect(throws: error) { try maze.checkQuestion() }
            #expect(!error.description.isEmpty)
        }
    }

    @Test func theFirstWayFoundIsDownLeftRightUp() throws {
        let open = try Maze(drawing: ["S  ", "   ", "  G"]).solved()
        #expect(open.maze.rows == ["S  ", "o  ", "ooG"])
        #expect(open.length == 5)
        let back = try Maze(drawing: ["G  ", "   ", "  S"]).solved()
        #expect(back.maze.rows == ["G  ", "o  ", "ooS"])
        let across = try Maze(drawing: ["  S", "   ", "G  "]).solved()
        #expect(across.maze.rows == ["  S", "  o", "Goo"])
        #expect(throws: MazeError.noPath) { try Maze(drawing: ["S#", "#G"]).solved() }
        #expect(try Maze(drawing: ["SG", "  "]).solved().length == 2)
    }

    @Test(arguments: [["S  ", " # ", "  G"], ["   S", "# oG"], ["   ", "   ", "SG "]])
    func whatIsWrittenInOneLineIsReadBack(drawing: [String]) throws {
        let maze = try Maze(drawing: drawing)
        #expect(!maze.description.contains { $0.isWhitespace })
        #expect(try Maze(parsing: maze.description, size: maze.size) == maze)
        #expect(try Maze(parsing: maze.description) == maze)
    }

    /// Returns the shortest length by relaxation, an algorithm other than the solver's.
    static func shortestLength(_ maze: Maze) throws -> Int? {
        var distances = [Int](repeating: .max / 2, count: maze.cells.count)
        let start = try #require(maze.cells.firstIndex(of: .start))
        let goal = try #require(maze.cells.firstIndex(of: .goal))
        distances[start] = 1
        for _ in maze.cells {
            for cell in maze.cells.indices where maze[cell] != .wall {
                let width = maze.size.columns
                for step in [1, -1, width, -width] {
                    let other = cell + step
                    guard maze.cells.indices.contains(other), maze[other] != .wall,
                        abs(step) > 1 || other / width == cell / width
                    else { continue }
                    distances[other] = min(distances[other], distances[cell] + 1)
                }
            }
        }
        return distances[goal] < .max / 2 ? distances[goal] : nil
    }

    @Test func waysAreShortest() throws {
        var random = SeededGenerator(seed: 11)
        var solved = 0
        for _ in 0..<300 {
            let size = MazeSize(
                rows: Int.random(in: 2...7, using: &random),
                columns: Int.random(in: 3...7, using: &random))
            var cells = (0..<size.cellCount).map { _ in
                Bool.random(using: &random) ? Maze.Cell.wall : .open
            }
            let ends = cells.indices.shuffled(using: &random)
            cells[ends[0]] = .start
            cells[ends[1]] = .goal
            let maze = Maze(size: size, cells: cells)
            guard let length = try Self.shortestLength(maze) else {
                #expect(throws: MazeError.noPath) { try maze.solved() }
                continue
            }
            solved += 1
            let solution = try maze.solved()
            #expect(solution.length == length)
            #expect(solution.maze.cells.count { $0 == .path } == length - 2)
            #expect(MazeAnswer(solution.maze, to: maze).verdict == .valid)
            // The image of a shortest path is a shortest path, even if the search would find
            // another one.
            for transform in DihedralTransform.allCases {
                let image = maze.transformed(by: transform)
                let answer = solution.maze.transformed(by: transform)
                #expect(MazeAnswer(answer, to: image).verdict == .valid)
                #expect(image.transformed(by: transform.inverse) == maze)
            }
        }
        #expect(solved > 50)
    }

    @Test func answersAreJudged() throws {
        let question = try Maze(drawing: ["S   ", " ## ", " #  ", "  G "])
        func verdict(_ rows: [String]) throws -> MazeAnswer.Verdict {
            MazeAnswer(try Maze(drawing: rows), to: question).verdict
        }
        #expect(try verdict(["S   ", "o## ", "o#  ", "ooG "]) == .valid)
        #expect(try verdict(["S   ", "o## ", "o#  ", " oG "]) == .notConnected)
        #expect(try verdict(["Sooo", " ##o", " #oo", "  G "]) == .tooLong(cells: 8, shortest: 6))
        #expect(try verdict(["So  ", "o## ", "o#  ", "ooG "]) == .tooLong(cells: 7, shortest: 6))
        #expect(try verdict(["S   ", "oo# ", "o#  ", "ooG "]) == .changedCells(1))
        #expect(try verdict(["S   ", " ## ", " #  ", "  G "]) == .notConnected)
        var tokens = question.tokens.map(Int32.init)
        tokens[1] = 0
        tokens[2] = -7
        #expect(MazeAnswer(tokens: tokens, to: question).verdict == .noCells(2))
        for verdict in [
            MazeAnswer.Verdict.notConnected, .noCells(1), .changedCells(2),
            .tooLong(cells: 8, shortest: 6),
        ] {
            #expect(verdict.description.hasPrefix("not valid: "))
        }
    }

    @Test func anotherShortestWayIsValid() throws {
        let question = try Maze(drawing: ["S  ", "   ", "  G"])
        for rows in [["Soo", "  o", "  G"], ["S  ", "oo ", " oG"], ["So ", " oo", "  G"]] {
            #expect(MazeAnswer(try Maze(drawing: rows), to: question).verdict == .valid)
        }
    }

    @Test func rectanglesAreReadAndWritten() throws {
        let maze = try Maze(drawing: ["S   #", "##  G"])
        #expect(maze.size == MazeSize(rows: 2, columns: 5) && "\(maze.size)" == "2×5")
        #expect(maze.description == "S...#/##..G")
        for text in ["S   #/##  G", "S...#\n##..G\n", "S...#\r\n##..G", "\nS...#\n##..G\n\n"] {
            #expect(try Maze(parsing: text) == maze, "\(text)")
            #expect(try Maze(question: text, size: maze.size) == maze, "\(text)")
        }
        #expect(try Maze(question: "S   ###  G", size: maze.size) == maze)
        #expect(try Maze(tokens: maze.tokens.map(Int32.init), size: maze.size) == maze)
        #expect(try maze.solved().maze.rows == ["Soo #", "##ooG"])
        let upright = maze.transformed(by: .transposition)
        #expect(upright.rows == ["S#", " #", "  ", "  ", "#G"])
    }

    @Test func aQuestionThatCannotBeAnsweredIsRefused() {
        let size: MazeSize = 3
        for (text, error) in [
            ("S.#/.##/.#G", MazeError.noPath), ("S../.##/...", .missing(.goal)),
            ("S.S/.##/..G", .several(.start)), ("So./.##/..G", .pathInQuestion(cell: 1, size: 3)),
            ("S../..G", .rowCount(found: 2, expected: 3)),
            ("S../.##\n", .rowCount(found: 2, expected: 3)),
            ("S../.##/..G/...", .rowCount(found: 4, expected: 3)),
            ("S..", .cellCount(found: 3, expected: 3)),
            ("S.../.##/..G", .longRow(0, length: 4, size: 3)),
            ("S./.#", .otherSize(found: 2, expected: 3)),
            ("*../.##/..G", .invalidCharacter("*", cell: 0, size: 3)),
        ] {
            #expect(throws: error, "\(text)") { try Maze(question: text, size: size) }
        }
        let words = MazeError.invalidCharacter("*", cell: 0, size: 3).description
        #expect(words.contains("# for a wall") && words.contains("S for the start"))
    }

    @Test func commentsAreToldFromWalls() {
        for line in ["# my maze", "#5x5", "  # level 2"] { #expect(Maze.isComment(line)) }
        for line in ["#########", "#S  G  o#", "# x    ##", "S.#", "", "maze #1"] {
            #expect(!Maze.isComment(line), "\(line)")
        }
    }
}
