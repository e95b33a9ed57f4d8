import HRMFigures
import Testing

@Suite struct ProgressBarTests {
    static let full = ProgressBar(
        fraction: 0.4242, step: 1420, rate: 12.34,
        losses: [.init("loss", 1.23456), .init("halt", 0.5)], exactAccuracy: 0.456,
        secondsLeft: 125)

    @Test(arguments: [
        (
            120,
            " 42 % █████████████▌                    step 1,420  12.3/s  loss 1.235  "
                + "halt 0.5000  train exact 45.6 %  left 2 min 05 s"
        ),
        (
            100,
            " 42 % █████         step 1,420  12.3/s  loss 1.235  "
                + "halt 0.5000  train exact 45.6 %  left 2 min 05 s"
        ),
        (80, " 42 % █████▌         step 1,420  loss 1.235  train exact 45.6 %  left 2 min 05 s"),
        (70, " 42 % ██████▎          loss 1.235  train exact 45.6 %  left 2 min 05 s"),
        (50, " 42 % ███████████▍                 left 2 min 05 s"),
        (33, " 42 % ████▏       left 2 min 05 s"),
        (30, " 42 % ██████████▏             "),
        (12, " 42 %"),
        (3, " 42"),
        (0, ""),
    ])
    func lineFitsTheTerminal(_ width: Int, _ expected: String) {
        let line = Self.full.line(width: width)
        #expect(line == expected)
        #expect(line.count <= width)
    }

    @Test func noLineIsTooLong() {
        for width in 0...200 { #expect(Self.full.line(width: width).count <= width) }
    }

    @Test(arguments: [
        (0, "  0 %           "), (1, "100 % ██████████"), (0.29, " 29 % ██▉       "),
        (0.9999, " 99 % █████████▉"), (-3, "  0 %           "), (7, "100 % ██████████"),
        (.nan, "  0 %           "),
    ])
    func barShowsTheFraction(_ fraction: Double, _ expected: String) {
        #expect(ProgressBar(fraction: fraction).line(width: 16) == expected)
    }

    @Test func plainLineHasNoBar() {
        #expect(
            Self.full.plainLine
                == " 42 %  step 1,420  12.3/s  loss 1.235  halt 0.5000  train exact 45.6 %  "
                + "left 2 min 05 s")
        let other = ProgressBar(fraction: 0.5, activity: "evaluation", step: 7, secondsLeft: 3)
        #expect(other.plainLine == " 50 %  evaluation  step 7  left 3.0 s")
        #expect(other.line(width: 40) == " 50 % █████       evaluation  left 3.0 s")
        let next = ProgressBar(fraction: 0.5, step: 7, next: "evaluation in 4.0 s", secondsLeft: 9)
        #expect(next.plainLine == " 50 %  step 7  evaluation in 4.0 s  left 9.0 s")
        #expect(next.line(width: 40) == " 50 % ███████         step 7  left 9.0 s")
        let lost = ProgressBar(fraction: 0.5, losses: [.init("loss", .nan)])
        #expect(lost.plainLine == " 50 %  loss –")
    }

    @Test func remainingTimeFollowsThePace() {
        #expect(ProgressBar.secondsLeft(elapsed: 30, fraction: 0.25) == 90)
        #expect(ProgressBar.secondsLeft(elapsed: 30, fraction: 2) == 0)
        #expect(ProgressBar.secondsLeft(elapsed: 30, fraction: 0) == nil)
    }
}
