import HRMFigures

/// The pictures of the solved puzzles, drawn into files at the end.
struct SolvedSheet {
    /// The maximum number of rows that are drawn, to keep the file usable.
    static let mostRows = 100

    private let options: PictureOptions
    private var rows: [[PictureSheet.Panel]] = []
    private var leftOut = 0

    init(_ options: PictureOptions) {
        self.options = options
    }

    /// True if a picture file is requested.
    var isWanted: Bool { options.areWanted }

    /// Adds rows, if a picture file is requested.
    mutating func add(_ more: [[PictureSheet.Panel]]) {
        guard options.areWanted else { return }
        let room = more.prefix(Self.mostRows - rows.count)
        rows += room
        leftOut += more.count - room.count
    }

    /// Draws the pictures.
    func write() throws {
        guard options.areWanted else { return }
        guard !rows.isEmpty else {
            Console.tell("Note: nothing was solved, so there is nothing to draw")
            return
        }
        if leftOut > 0 {
            Console.tell(
                "Note: the first \(Self.mostRows) rows of pictures are drawn, "
                    + "\(NumberText.grouped(leftOut)) are not")
        }
        try options.write(PictureSheet(rows: rows))
    }
}
